"""The conversation: each typed line becomes a request, each reply is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
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
from bot.commands.calendars import calendar_in
from bot.errors import Refusal
from bot.messages import TEXT, Fields, Footnote, Form, Heading, Input, Markdown, Message, Reply, say
from bot.requests import Member, Request

# What /help says besides the commands.
TYPED = (
    ("any text", "your answer to today's question, for you alone until the reveal"),
    ("a number", "press the button of that number"),
)
ABOUT = (
    ("keys", "Enter sends, Alt-Enter (or Esc, then Enter) starts a new line, Tab completes"),
    ("admin", f"{FIRST} administer #{CHANNEL.id}; whoever else you speak as is a member"),
)
CALENDAR_FILE = re.compile(r"(?P<command>daily\s+free)\s+(?P<path>\S.*\.ics['\"]?)", re.IGNORECASE)
NEW_LINE = "Alt-Enter starts a new line."
SIGN = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class FillIn:
    """A line that goes into an open form."""

    form: Form
    asked: Input
    typed: str


class Lines(Protocol):
    """Where the typed lines come from."""

    async def read(self, prompt: Callable[[], str], initial: str = "", *, empty: bool = False) -> str | None:
        """The next line, or None at the end of input.

        `initial` is what the line starts with; with `empty` a line without words says something, too.
        """


@dataclass(slots=True)
class Talk:
    """Who speaks at the terminal, which form is open, how many lines were sent."""

    game: ConsolePort
    platform: ConsolePlatform
    run: str
    member: Member = field(default_factory=lambda: member(FIRST))
    names: dict[str, str] = field(default_factory=lambda: {FIRST: FIRST})
    form: Form | None = None
    typed: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def prompt(self) -> str:
        """Who speaks, and into which form or at what time."""
        place = label_of(self.asked) if self.asked else self._clock()
        return f"#{CHANNEL.id} {self.member.name} {place} {SIGN} "

    async def hear(self, line: str) -> bool:
        """Do what the line says; False when it is the last."""
        try:
            return await self._do(self._meaning(line))
        except Refusal as refusal:
            self.platform.screen.note(str(refusal))
            return True

    @property
    def asked(self) -> Input | None:
        """What the open form asks for now."""
        return self.form.inputs[len(self.typed)] if self.form else None

    @property
    def takes_empty(self) -> bool:
        """Whether an empty line says something: it leaves out what may be, and keeps a choice."""
        asked = self.asked
        return asked is not None and (asked.optional or (asked.kind == "choice" and bool(asked.initial)))

    @property
    def initial(self) -> str:
        """What the next line starts with. A choice is typed as a number, so nothing stands there."""
        return self.asked.initial if self.asked and self.asked.kind != "choice" else ""

    def _meaning(self, line: str) -> Line | FillIn:
        if self.form and self.asked and not is_command(line):
            return FillIn(self.form, self.asked, line)
        return understand(line, self.game.complete(""))

    async def _do(self, line: Line | FillIn) -> bool:
        match line:
            case Say(text, body):
                await self._send(text, body)
            case FillIn(form, asked, typed):
                await self._fill_in(form, asked, typed)
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

    async def _fill_in(self, form: Form, asked: Input, line: str) -> None:
        """Take one input; the form is sent with the last."""
        self.typed[asked.name] = chosen(asked, line) if asked.kind == "choice" else line
        if len(self.typed) < len(form.inputs):
            self._ask()
        else:
            inputs = dict(self.typed)
            await self._send(form.command, inputs.get(TEXT, ""), inputs)

    async def _send(
        self, text: str, body: str | None = None, inputs: Mapping[str, str] | None = None
    ) -> None:
        self._close_form(sent=self.form is not None and body is not None)
        self.sent += 1
        id, now = f"{self.run}-{self.sent}", self.game.now()
        text = with_calendar(text)
        request = Request(id, CHANNEL, self.member, text, body, now, inputs=inputs or {})
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
        self.form, self.typed = form, {}
        note = "What you type next is sent." if len(form.inputs) == 1 else "It is sent when all is filled in."
        hint = form.inputs[0].hint
        lines = NEW_LINE if any(one.kind == "text" for one in form.inputs) and not self._is_plain else ""
        about = Footnote(" ".join(filter(None, (hint, note, lines, "/cancel leaves the form."))))
        self.platform.answer(say(Heading(form.title), Markdown(form.question), about), self.member.id)
        self._ask()

    def _ask(self) -> None:
        """Say what the prompt alone does not say of the next input."""
        asked = self.asked
        if asked and asked.kind == "choice":
            self.platform.answer(say(Markdown(f"**{asked.label}**\n\n{choices(asked)}")), self.member.id)
        elif asked and asked.initial and self._is_plain:
            # Where lines are piped in, nobody can edit the text that the form starts with.
            self.platform.answer(say(Footnote(f"It holds: {asked.initial}")), self.member.id)

    @property
    def _is_plain(self) -> bool:
        return self.platform.screen.plain

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
        own = ((command.usage, command.help) for command in COMMANDS.values())
        self.platform.answer(say(Fields((*TYPED, *own, *ABOUT))), self.member.id)

    def _clock(self) -> str:
        return clock(self.game.now().astimezone(self.game.zone()))


def with_calendar(text: str) -> str:
    """`daily free` and the path of a calendar file, with what stands in the file."""
    found = CALENDAR_FILE.fullmatch(text.strip())
    path = Path(found["path"].strip("'\"")).expanduser() if found else None
    return f"{found['command']} {calendar_in(path)}" if found and path and path.is_file() else text


def label_of(asked: Input) -> str:
    """What an input asks for, and whether it may be left empty."""
    return f"{asked.label} (optional)" if asked.optional else asked.label


async def talk(conversation: Talk, lines: Lines) -> None:
    """Post what is due, then hear lines until one of them, or the output, is the last."""
    await conversation.game.settle()
    while not conversation.platform.screen.gone:
        empty = conversation.takes_empty
        line = await lines.read(conversation.prompt, conversation.initial, empty=empty)
        if line is None or ((line.strip() or empty) and not await conversation.hear(line)):
            return


def choices(asked: Input) -> str:
    """What can be chosen, by number, with a mark on what an empty line keeps."""
    marks = ((words, " (now)" if value == asked.initial else "") for value, words in asked.choices)
    return "\n".join(f"{n}. {words}{mark}" for n, (words, mark) in enumerate(marks, start=1))


def chosen(asked: Input, line: str) -> str:
    """The value of a choice, by its number or its words. Raises a refusal that names them."""
    word = line.strip().casefold()
    for n, (value, words) in enumerate(asked.choices, start=1):
        if word in (str(n), value, words.casefold()):
            return value
    if not word:
        return asked.initial
    raise Refusal(f"Type a number from 1 to {len(asked.choices)}.")
