"""Watches all that is said: no error of ours, no spoiler, no word of another team."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from redis.asyncio import Redis

from adapters.discord.components import parts_of as discord_parts
from adapters.discord.modals import modal_of
from adapters.slack.blocks import parts_of as slack_parts
from adapters.slack.views import form_view
from bot.bot import AWAY, BROKEN, Bot
from bot.commands.parsing import Game
from bot.messages import LONGEST_COMMAND, Form, Message, Reply
from bot.platform import AdminStatus
from bot.requests import Channel, Member, Request
from content.deck import Deck, KeyPoint, Question, Reference
from content.words import UNPRINTABLE
from tests.dialogue import Dialogue, buttons_of, deck
from tests.dialogue import question as plain_question
from tests.faults.bare import Bare
from tests.faults.chatter import ADMINS, CHANNELS, QUESTIONS, Chatter

FAILED = BROKEN.partition("{")[0]
# What stands in a question's reference and nowhere else.
SECRET = re.compile(r"(?:secret|point|pitfall|source)(\d+)\b")
# What stands in one answer of one team, and a name of a member of one team.
ANSWER, MARK = re.compile(r"word(\d+)(t[A-Z]x)"), re.compile(r"t[A-Z]x")


def question(n: int) -> Question:
    """A question whose hint, which is meant to be seen, gives none of its secret words away."""
    plain = plain_question(n)
    return Question(
        id=plain.id,
        prompt=plain.prompt,
        answer=plain.answer,
        topic=plain.topic,
        level=plain.level,
        key_points=(KeyPoint(f"It holds that there is point{n}", (f"secret{n}",)),),
        pitfall=plain.pitfall,
        references=(Reference(f"source{n}", f"https://example.org/{n}"),),
    )


def asked() -> Deck:
    return deck(*(question(n) for n in range(QUESTIONS)))


Known = Set[tuple[str, str]]


@dataclass
class Blind:
    """What nobody of a team may see yet: what is open, and what comes for the first time."""

    open: frozenset[str] = frozenset()
    coming: frozenset[str] = frozenset()


@dataclass
class Team:
    """A team as it is watched. `mark` ends each word that is private to it."""

    id: str
    mark: str
    redis: Redis
    blind: Blind = field(default_factory=Blind)
    revealed: set[str] = field(default_factory=set)
    # The numbers of the answers that stand in the threads of reveals.
    told: set[int] = field(default_factory=set)
    # Secret words that members have typed themselves, and so may see again.
    typed: set[tuple[str, str]] = field(default_factory=set)
    # Secret words that members were shown in time: they stay part of their own data.
    shown: set[tuple[str, str]] = field(default_factory=set)
    channels: tuple[str, ...] = CHANNELS

    async def look(self) -> Blind:
        """How it is now, by the rounds themselves."""
        prefix = f"llmq:{{{self.id}}}"
        rounds = [
            cast(str | None, await self.redis.hget(f"{prefix}:channel:{one}", "round"))
            for one in self.channels
        ]
        states = [
            cast(list[str], await self.redis.hmget(f"{prefix}:round:{id}", ["state", "question"]))
            for id in rounds
            if id
        ]
        self.revealed |= {question for state, question in states if state in ("revealed", "closed")}
        coming = frozenset(cast(list[str], await self.redis.hkeys(f"{prefix}:ahead")))
        opened = frozenset(question for state, question in states if state in ("scheduled", "open"))
        return Blind(opened, coming - self.revealed)

    async def remember(self) -> None:
        self.blind = await self.look()


class Leak(AssertionError):
    """Something was said that may not be."""


@dataclass
class Watch:
    """Looks at every reply and every post."""

    chatter: Chatter
    errors: list[str] = field(default_factory=list)

    async def reply(self, team: Team, request: Request, reply: Reply, before: Blind) -> None:
        """Look at a reply: it can be shown, and holds nothing that its reader may not see."""
        words, own = (
            Dialogue.text(reply),
            "\n".join((request.text, request.body or "", *request.inputs.values())),
        )
        if FAILED in words or AWAY in words or UNPRINTABLE.search(words):
            raise Leak(f"an error: {words}")
        if any(len(button.command) > LONGEST_COMMAND for button in buttons_of(reply)):
            raise Leak(f"a button that no platform takes: {[one.command for one in buttons_of(reply)]}")
        draw(request.channel.platform, reply)
        team.typed |= {(request.member.id, found[0]) for found in SECRET.finditer(own)}
        await self.words(team, words, request.member.id, before, own)
        team.shown |= {(request.member.id, found[0]) for found in SECRET.finditer(words)}

    async def words(
        self, team: Team, words: str, reader: str, before: Blind, own: str = "", known: Known = frozenset()
    ) -> None:
        """Look at words that a member sees, or everybody in a channel for no reader."""
        if foreign := {mark for mark in MARK.findall(words) if mark != team.mark} - set(MARK.findall(own)):
            raise Leak(f"of another team: {foreign}")
        for number, _ in ANSWER.findall(words):
            if int(number) not in team.told and self.chatter.authors[int(number)] != (team.mark, reader):
                raise Leak(f"an answer before its reveal: {number}")
        secrets = {found[0]: f"basics/q{found[1]}" for found in SECRET.finditer(words)}
        hidden = {word for word in secrets if (reader, word) not in team.typed | known}
        if hidden:
            now = await team.look()
            kept = (before.open & now.open) | ((before.coming & now.coming) if reader else frozenset())
            if spoilt := {word for word in hidden if secrets[word] in kept}:
                raise Leak(f"before the reveal: {spoilt}")

    def check(self) -> None:
        if self.errors:
            raise Leak("\n".join(self.errors))


def draw(platform: str, reply: Reply) -> None:
    """Show a reply as its platform does; what cannot be shown raises."""
    if platform == "discord":
        _ = modal_of(reply) if isinstance(reply, Form) else discord_parts(reply)
    else:
        _ = form_view(reply, "") if isinstance(reply, Form) else [part.json for part in slack_parts(reply)]


@dataclass
class Watching(Bare):
    """A platform of any teams on which every post is looked at in the moment in which it is made."""

    watch: Watch
    teams: Mapping[str, Team]
    posted: dict[tuple[str, str, str], str] = field(default_factory=dict)
    # The questions that stand in channels, the latest last.
    questions: list[tuple[Channel, str]] = field(default_factory=list)

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        id = self.posted[channel.team, channel.id, key] = f"m{len(self.posted)}"
        await self.look(channel, message)
        if not key.endswith((":revealed", ":recap")):
            self.questions.append((channel, id))
            self.watch.chatter.offered[channel.team, ""].look(message)
        return id

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        await self.look(channel, message)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        told = {int(number) for number, _ in ANSWER.findall(Dialogue.text(message))}
        self.teams[channel.team].told |= told
        self.watch.chatter.offered[channel.team, ""].look(message)
        return await self.post(channel, message, f"{key}:revealed")

    async def find(self, channel: Channel, key: str) -> str | None:
        return self.posted.get((channel.team, channel.id, key))

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        files = "".join(file.text for file in message.files)
        known, words = self.teams[team], f"{Dialogue.text(message)}{files}"
        await self.watch.words(known, words, member_id, await known.look(), known=known.shown)

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        return "admin" if member.id in ADMINS else "member"

    async def look(self, channel: Channel, message: Message) -> None:
        draw(channel.platform, message)
        team = self.teams[channel.team]
        words = f"{Dialogue.text(message)}\n{message.notice}"
        await self.watch.words(team, words, "", await team.look())


class Watched(Bot):
    """The bot of a team, whose every reply is looked at."""

    def __init__(self, game: Game, team: Team, watch: Watch) -> None:
        super().__init__(game)
        self.team, self.watch = team, watch

    async def handle(self, request: Request) -> Reply:
        before = self.team.blind
        reply = await super().handle(request)
        await self.watch.reply(self.team, request, reply, before)
        self.watch.chatter.offered[self.team.id, request.member.id].look(reply)
        return reply


class Errors(logging.Handler):
    """Gathers what is logged as an error."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.found = found

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


@contextmanager
def gathered(errors: list[str]) -> Iterator[None]:
    handler = Errors(errors)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
