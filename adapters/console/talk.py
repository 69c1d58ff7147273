"""The conversation: each typed line becomes a request, each reply is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, assert_never

from adapters.console.game import CHANNEL, FIRST, ConsolePort, clock, member
from adapters.console.lines import (
    COMMANDS,
    Cancel,
    Forward,
    Help,
    Line,
    Press,
    Quit,
    Say,
    SpeakAs,
    is_command,
    understand,
)
from adapters.console.platform import ConsolePlatform
from bot.errors import Refusal
from bot.messages import Fields, Footnote, Form, Heading, Markdown, Message, Reply, say
from bot.requests import Member, Request

SIGN = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


class Lines(Protocol):
    """Where the typed lines come from."""

    async def read(self, prompt: Callable[[], str], initial: str = "") -> str | None:
        """The next line, or None at the end of input; `initial` is what the line starts with."""


@dataclass(slots=True)
class Talk:
    """Who speaks at the terminal, which form is open, how many lines were sent."""

    game: ConsolePort
    platform: ConsolePlatform
    run: str
    member: Member = field(default_factory=lambda: member(FIRST))
    names: dict[str, str] = field(default_factory=lambda: {FIRST: FIRST})
    form: Form | None = None
    sent: int = 0

    def prompt(self) -> str:
        """Who speaks, and into which form or at what time."""
        place = self.form.label if self.form else self._clock()
        return f"#{CHANNEL.id} {self.member.name} {place} {SIGN} "

    async def hear(self, line: str) -> bool:
        """Do what the line says; False when it is the last."""
        try:
            return await self._do(self._meaning(line))
        except Refusal as refusal:
            self.platform.screen.note(str(refusal))
            return True

    def _meaning(self, line: str) -> Line:
        if self.form and not is_command(line):
            return Say(self.form.command, line)
        return understand(line, self.game.complete(""))

    async def _do(self, line: Line) -> bool:
        match line:
            case Say(text, body):
                await self._send(text, body)
            case Press(number):
                await self._send(self.platform.keypad.press(number, self.member.id))
            case SpeakAs(name):
                self._speak_as(name)
            case Forward(by):
                await self._forward(by)
            case Help():
                self._help()
            case Cancel():
                self._cancel()
            case Quit():
                return False
            case _:
                assert_never(line)
        return True

    async def _send(self, text: str, body: str | None = None) -> None:
        self._close_form(sent=self.form is not None and body is not None)
        self.sent += 1
        request = Request(f"{self.run}-{self.sent}", CHANNEL, self.member, text, body, self.game.now())
        self._show(await self.game.handle(request))
        await self.game.settle()

    def _show(self, reply: Reply) -> None:
        match reply:
            case Message():
                self.platform.answer(reply, self.member.id)
            case Form():
                self._open(reply)
            case _:
                assert_never(reply)

    def _open(self, form: Form) -> None:
        self.form = form
        # Where lines are piped in, nobody can edit the text that the form starts with.
        held = (Footnote(f"It holds: {form.initial}"),) if form.initial and self.platform.screen.plain else ()
        note = Footnote("What you type next is sent. /cancel leaves the form.")
        form_blocks = (Heading(form.title), Markdown(form.question), *held, note)
        self.platform.answer(say(*form_blocks), self.member.id)

    def _close_form(self, sent: bool) -> None:
        if self.form and not sent:
            self.platform.screen.note("The form is closed and nothing was sent.")
        self.form = None

    def _speak_as(self, name: str) -> None:
        self._close_form(sent=False)
        self.member = member(name)
        self.names.setdefault(self.member.id, name)

    async def _forward(self, by: timedelta) -> None:
        self._close_form(sent=False)
        await self.game.forward(by)
        self.platform.screen.note(f"It is now {self._clock()}.")

    def _cancel(self) -> None:
        if self.form is None:
            raise Refusal("No form is open, so there is nothing to cancel.")
        self._close_form(sent=False)

    def _help(self) -> None:
        pairs = [(command.usage, command.help) for command in COMMANDS.values()]
        pairs.append(("any text", "answer today's question"))
        pairs.append(("a number", "press the button of that number"))
        self.platform.answer(say(Fields(tuple(pairs))), self.member.id)

    def _clock(self) -> str:
        return clock(self.game.now().astimezone(self.game.zone()))


async def talk(conversation: Talk, lines: Lines) -> None:
    """Post what is due, then hear lines until one of them, or the output, is the last."""
    await conversation.game.settle()
    while not conversation.platform.screen.gone:
        initial = conversation.form.initial if conversation.form else ""
        line = await lines.read(conversation.prompt, initial)
        if line is None or (line.strip() and not await conversation.hear(line)):
            return
