"""The three places where llmq is played, driven in one way: a person says, presses, fills in and replies."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, cast

from redis.asyncio import Redis

from adapters.console.game import member
from adapters.console.platform import ConsolePlatform
from adapters.console.screen import Screen
from adapters.console.talk import Talk
from adapters.discord.clickable import root_of
from adapters.discord.commands import ADMIN_NAME
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.commands.table import TABLE
from bot.messages import TEXT
from bot.store.store import Store
from llmq.playing import MovableClock, PlayedGame, open_practice
from scheduler.clockwork import Clockwork
from tests.adapters import slack_team
from tests.adapters.discord_server import Server, playing, shown, texts_of
from tests.adapters.slack_team import Team
from tests.dialogue import START, InDeckOrder, ten_questions
from tests.fakes.discord import Member as DiscordMember
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.discord import Modal, NotPossible
from tests.fakes.slack.acted import NotPossible as NotPossibleInSlack
from tests.fakes.slack.people import Message as SlackMessage
from tests.fakes.slack.people import View
from tests.fakes.slack.users import Member as SlackMember

NUMBERS = ("min_replies", "questions", "minutes", "page")
OPEN_A_FORM = ("Answer", "Answer again", "Change", "Answer late", "Flag")


class Stage(Protocol):
    """A channel with an admin, `boss`, and the members `ana` and `bob`. Words come back without marks."""

    async def ask(self) -> str:
        """Have the day's question asked; what stands in the channel."""

    async def reveal(self) -> str:
        """Reveal it; everything that is said of it."""

    async def says(self, who: str, text: str) -> str:
        """Type a command; what is shown."""

    async def opens(self, who: str, text: str) -> str:
        """Type a command that opens a form; what stands in it."""

    async def presses(self, who: str, label: str) -> str:
        """Press a button of what was shown last, or of the question; what is shown, or a form opens."""

    async def fills(self, who: str, text: str, **choices: str) -> str:
        """Send the form that is open, with a text and what was chosen."""

    async def replies(self, who: str, text: str) -> None:
        """Answer the question without a command."""

    async def sent_to(self, who: str) -> str:
        """Everything that was sent to a member alone, with what stands in files."""

    async def seen_by(self, who: str) -> str:
        """Everything in the channel that a member may see and that was not only said to them."""


def bare(words: str) -> str:
    """Words without the marks of any platform's format, in one line."""
    plain = re.sub(r"\\(?=[^\w\s])|\*\*|`|^> |^### |^-# ", "", words, flags=re.MULTILINE)
    return re.sub(r" (?=[,.])", "", " ".join(plain.split()))


def filled(text: str, choices: Mapping[str, str]) -> dict[str, str]:
    """What is sent of a form: its text, where it asks for one, and the rest."""
    return {**({TEXT: text} if text else {}), **choices}


# The terminal


@dataclass
class Terminal:
    """A screen as a person at a pipe sees it: what each line added to it."""

    talk: Talk
    output: io.StringIO
    game: PlayedGame
    files: Path

    async def _does(self, who: str, line: str) -> str:
        if self.talk.member.id != who:
            self.talk.member = member(who)
        before = self.output.tell()
        await self.talk.hear(line)
        self.output.seek(before)
        return bare(self.output.read())

    async def ask(self) -> str:
        before = self.output.tell()
        await open_practice(self.game, self.talk.platform, "start")
        self.output.seek(before)
        return bare(self.output.read())

    async def reveal(self) -> str:
        return await self._does("you", "/llmq reveal")

    async def says(self, who: str, text: str) -> str:
        return await self._does(self._name(who), f"/llmq {text}")

    async def opens(self, who: str, text: str) -> str:
        return await self.says(who, text)

    async def presses(self, who: str, label: str) -> str:
        numbers = re.findall(rf"\[(\d+)\] {re.escape(label)}(?:  |$)", self.output.getvalue(), re.MULTILINE)
        return await self._does(self._name(who), numbers[-1])

    async def fills(self, who: str, text: str, **choices: str) -> str:
        assert self.talk.form
        values = choices | {TEXT: text}
        for asked in self.talk.form.inputs:
            said = await self._does(self._name(who), values[asked.name])
        return said

    async def replies(self, who: str, text: str) -> None:
        await self._does(self._name(who), text)

    async def sent_to(self, who: str) -> str:
        written = sorted((self.files / self._name(who)).glob("*"))
        return bare("\n".join((self.output.getvalue(), *(file.read_text() for file in written))))

    async def seen_by(self, who: str) -> str:
        # Everyone sits before the same screen, which says for whom a part is meant.
        parts = re.split(r"\n(?= *(?:↳ )?llmq)", self.output.getvalue())
        return bare("\n".join(part for part in parts if "only" not in part.split("\n", 1)[0]))

    def _name(self, who: str) -> str:
        return "you" if who == "boss" else who


@asynccontextmanager
async def terminal(redis: Redis) -> AsyncIterator[Stage]:
    output = io.StringIO()
    clock = MovableClock()
    clock.move_to(START + timedelta(days=3650))
    with TemporaryDirectory() as folder:
        files = Path(folder)
        platform = ConsolePlatform(Screen(output, plain=True), lambda: clock().astimezone(UTC), files=files)
        store, catalogue, platforms = Store(redis), ten_questions(), {"console": platform}
        bot = Bot(Game(store, catalogue, clock, InDeckOrder(1), platforms, lambda: None))
        game = PlayedGame(bot, Clockwork(store, catalogue, platforms, clock), clock, UTC)
        yield Terminal(Talk(game, platform, "visit"), output, game, files)


# Slack


@dataclass
class SlackStage:
    """A workspace."""

    team: Team
    question: SlackMessage | None = None
    last: dict[str, SlackMessage | View] = field(default_factory=dict)
    forms: dict[str, View] = field(default_factory=dict)

    def _who(self, who: str) -> SlackMember:
        return cast(SlackMember, getattr(self.team, who))

    def _shown(self, who: str, message: SlackMessage | View) -> str:
        self.last[who] = message
        return bare(slack_team.words(message))

    async def ask(self) -> str:
        self.question = await self.team.question()
        return bare(slack_team.words(self.question))

    async def reveal(self) -> str:
        said = [*await self.team.reveal(), self.question]
        return bare(" ".join(slack_team.words(one) for one in said if one))

    async def says(self, who: str, text: str) -> str:
        said = self._shown(who, await self.team.says(self._who(who), text))
        await self.team.work()
        return said

    async def opens(self, who: str, text: str) -> str:
        self.forms[who] = await self.team.opens(self._who(who), text)
        return bare(slack_team.words(self.forms[who]))

    async def presses(self, who: str, label: str) -> str:
        person = self._who(who)
        for where in (self.last.get(who), self.question):
            try:
                assert where
                acted = await person.press(where, label)
            except (NotPossibleInSlack, AssertionError):
                continue
            if label in OPEN_A_FORM:
                self.forms[who] = await acted.view()
                return bare(slack_team.words(self.forms[who]))
            if isinstance(where, View):
                return self._shown(who, where)
            return self._shown(who, await acted.shown())
        raise AssertionError(f"no button {label}")

    async def fills(self, who: str, text: str, **choices: str) -> str:
        sent = await self._who(who).submit(self.forms[who], filled(text, choices))
        if sent.errors:
            return bare(" ".join(sent.errors.values()))
        if sent.view:
            return self._shown(who, sent.view)
        await self.team.work()
        return self._shown(who, self._who(who).ephemerals[-1])

    async def replies(self, who: str, text: str) -> None:
        self._who(who).post(self.team.channel, text, self.question)
        await self.team.work()

    async def sent_to(self, who: str) -> str:
        await self.team.work()
        return bare(" ".join(slack_team.words(one) for one in self._who(who).dm))

    async def seen_by(self, who: str) -> str:
        public = [one for one in self.team.channel.messages if not one.ephemeral_to and one.bot_id]
        return bare(" ".join(slack_team.words(one) for one in public))


@asynccontextmanager
async def slack(redis: Redis) -> AsyncIterator[Stage]:
    async with slack_team.playing(redis, "socket") as team:
        yield SlackStage(team)


# Discord


@dataclass
class DiscordStage:
    """A server."""

    server: Server
    question: DiscordMessage | None = None
    last: dict[str, DiscordMessage] = field(default_factory=dict)
    forms: dict[str, Modal] = field(default_factory=dict)

    def _who(self, who: str) -> DiscordMember:
        return cast(DiscordMember, getattr(self.server, who))

    def _shown(self, who: str, message: DiscordMessage) -> str:
        self.last[who] = message
        return bare(message.text)

    async def ask(self) -> str:
        self.question = await self.server.question()
        return bare(self.question.text)

    async def reveal(self) -> str:
        thread = await self.server.reveal()
        said = [*thread.posts, self.question]
        return bare("\n".join(one.text for one in said if one))

    def _typed(self, text: str) -> tuple[str, dict[str, Any]]:
        """The name of a command, and its options."""
        command, words = TABLE.parse(text, self.server.client.bot.game.catalogue)
        options: dict[str, Any] = {name: word.replace("\n", ", ") for name, word in words.items()}
        return command.name, {name: int(word) if name in NUMBERS else word for name, word in options.items()}

    async def says(self, who: str, text: str) -> str:
        name, options = self._typed(text)
        said = self._shown(who, await self.server.says(self._who(who), name, **options))
        await self.server.work()
        return said

    async def opens(self, who: str, text: str) -> str:
        name, options = self._typed(text)
        acted = await self._who(who).slash(self.server.channel, root_of(name), *name.split(), **options)
        self.forms[who] = acted.modal
        return bare(" ".join(texts_of(acted.modal.components)))

    async def presses(self, who: str, label: str) -> str:
        person = self._who(who)
        for where in filter(None, (self.last.get(who), self.question)):
            try:
                acted = await person.press(where, label)
            except NotPossible:
                continue
            if label in OPEN_A_FORM:
                self.forms[who] = acted.modal
                return bare(" ".join(texts_of(acted.modal.components)))
            return self._shown(who, shown(acted))
        raise AssertionError(f"no button {label}")

    async def fills(self, who: str, text: str, **choices: str) -> str:
        sent = await self._who(who).submit(self.forms[who], filled(text, choices))
        said = self._shown(who, shown(sent))
        await self.server.work()
        return said

    async def replies(self, who: str, text: str) -> None:
        person = self._who(who)
        reply = person.say(self.server.channel, text, self.question)
        await self.server.discord.until(lambda: reply.reactions or person.dm.posts)

    async def sent_to(self, who: str) -> str:
        await self.server.work()
        posts = self._who(who).dm.posts
        files = [file.decode() for one in posts for file in one.files.values()]
        return bare("\n".join((*(one.text for one in posts), *files)))

    async def seen_by(self, who: str) -> str:
        places = [self.server.channel, *self.server.channel.threads]
        return bare("\n".join(one.text for place in places for one in place.posts))


@asynccontextmanager
async def discord(redis: Redis) -> AsyncIterator[Stage]:
    async with playing(redis) as server:
        for who in (server.ana, server.bob):
            # A server may show its admins' command to all: llmq asks who they are.
            server.discord.admin.show_command(server.discord.guild, ADMIN_NAME, who.user)
        yield DiscordStage(server)


STAGES: dict[str, Callable[[Redis], AbstractAsyncContextManager[Stage]]] = {
    "terminal": terminal,
    "slack": slack,
    "discord": discord,
}
