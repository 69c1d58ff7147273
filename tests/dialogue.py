"""A conversation with the bot on a real Redis and a movable clock; it knows no platform's wire."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from redis.asyncio import Redis

from bot.bot import Bot
from bot.commands.daily import SEED_BITS
from bot.commands.parsing import Game
from bot.game.catalogue import Catalogue, restock
from bot.messages import (
    Bars,
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Form,
    Grid,
    Heading,
    Markdown,
    Message,
    Ping,
    Quote,
    Reply,
    Table,
    announce,
    without_channels,
)
from bot.platform import Ability, AdminStatus, ChannelRefused, TokenRefused
from bot.requests import Channel, Member, Request, ThreadMessage
from bot.store.store import Store
from content.deck import Deck, KeyPoint, Level, Question, Reference
from scheduler.clockwork import Clockwork

# A Monday.
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PRACTICE = Channel("console:local", "practice")
ADMIN = "boss"
TOPICS = ("attention", "prompting", "long context")


def question(n: int, topic: str = "", level: Level | None = None) -> Question:
    """A question whose reference answer holds a word that stands nowhere else."""
    return Question(
        id=f"q{n}",
        prompt=f"What is subject number {n} good for?",
        answer=f"The reference of subject {n} is secret{n}.",
        topic=topic or TOPICS[n % 3],
        level=level or tuple(Level)[n % 3],
        key_points=(KeyPoint(f"point{n}", (f"secret{n}",)),),
        pitfall=f"pitfall{n}",
        references=(Reference(f"source{n}", f"https://example.org/{n}"),),
    )


def deck(*questions: Question, id: str = "basics") -> Deck:
    """A deck of these questions."""
    return Deck(id, f"The {id}", "en", "MIT", questions, Path(f"{id}.md"))


def catalogue_of(*decks: Deck) -> Catalogue:
    """A catalogue of decks that were never loaded before."""
    return Catalogue([(one, restock({}, one)) for one in decks])


def ten_questions() -> Catalogue:
    """One deck of ten questions, asked from the first to the last."""
    return catalogue_of(deck(*(question(n) for n in range(10))))


@dataclass(frozen=True, slots=True)
class Post:
    """What was put into a channel: a message, an edit of one, or a reply in the thread of one."""

    channel: Channel
    id: str
    message: Message
    key: str = ""


@dataclass
class Recorder:
    """A platform that keeps what it is given. It refuses the channels named in `refused`.

    `posts` are questions, `lines` what announces reveals.
    """

    admins: set[str] = field(default_factory=lambda: {ADMIN})
    refused: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    lines: list[Post] = field(default_factory=list)
    edits: list[Post] = field(default_factory=list)
    replies: list[Post] = field(default_factory=list)
    told: list[tuple[str, str, Message]] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    lacking_to: dict[Ability, tuple[str, ...]] = field(default_factory=dict)
    token_refused: str = ""
    pinned: list[str] = field(default_factory=list)
    pin_fault: Exception | None = None
    pin_calls: int = 0
    tells_quietly: bool = True

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        if self.token_refused:
            raise TokenRefused(self.token_refused)
        if channel.id in self.refused:
            raise ChannelRefused(self.refused[channel.id])
        kind, prefix = (self.lines, "l") if key.endswith(":revealed") else (self.posts, "m")
        kind.append(Post(channel, f"{prefix}{len(kind)}", message, key))
        return kind[-1].id

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self.edits.append(Post(channel, message_id, message))

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if all((one.channel, one.key) != (channel, key) for one in self.replies):
            self.replies.append(Post(channel, message_id, message, key))
        return f"t{len(self.replies)}"

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        there = [n for n, one in enumerate(self.replies) if (one.channel, one.key) == (channel, key)]
        new = [Post(channel, message_id, message, key)] if message else []
        if there:
            self.replies[there[0] : there[0] + 1] = new
        else:
            self.replies += new

    async def pin(self, channel: Channel, message_id: str) -> None:
        await self._about_a_pin()
        self.pinned.append(message_id)

    async def unpin(self, channel: Channel, message_id: str) -> None:
        await self._about_a_pin()
        self.pinned = [one for one in self.pinned if one != message_id]

    async def _about_a_pin(self) -> None:
        self.pin_calls += 1
        if self.pin_fault:
            raise self.pin_fault

    async def find(self, channel: Channel, key: str) -> str | None:
        posted = (*self.posts, *self.lines)
        return next((one.id for one in posted if (one.channel, one.key) == (channel, key)), None)

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        self.told.append((team, member_id, message))

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        return "admin" if member.id in self.admins else "member"

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        return self.lacking if to == "ask" else self.lacking_to.get(to, ())

    async def zone_of(self, team: str, member_id: str) -> str | None:
        return self.zones.get(member_id)


class InDeckOrder(random.Random):
    """Draws no order for a channel's questions, so that a test knows what comes."""

    def getrandbits(self, k: int, /) -> int:
        return 0 if k == SEED_BITS else super().getrandbits(k)


@dataclass
class Dialogue:
    """People talking to the bot. `boss` may administer; anyone else who speaks is a member."""

    redis: Redis
    catalogue: Catalogue = field(default_factory=ten_questions)
    now: datetime = START
    channel: Channel = PRACTICE
    platform: Recorder = field(default_factory=Recorder)
    _ids: Iterator[int] = field(default_factory=count)
    _moments: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        platforms = {"console": self.platform, "slack": self.platform, "discord": self.platform}
        self.store = Store(self.redis)
        rng = InDeckOrder(1)
        self.bot = Bot(Game(self.store, self.catalogue, self.clock, rng, platforms, lambda: None))
        self.clockwork = Clockwork(self.store, self.catalogue, platforms, self.clock)

    def clock(self) -> datetime:
        return self.now

    def request(
        self,
        who: str,
        text: str,
        body: str | None = None,
        *,
        channel: Channel | None = None,
        id: str | None = None,
        at: datetime | None = None,
    ) -> Request:
        """What reaches the bot when a person types, presses or sends something."""
        id = id or f"r{next(self._ids)}"
        # No two acts of a person happen in the same moment.
        at = at or self.now + timedelta(milliseconds=next(self._moments))
        return Request(id, channel or self.channel, Member(who, who.title()), text, body, at)

    async def says(
        self,
        who: str,
        text: str,
        body: str | None = None,
        *,
        channel: Channel | None = None,
        id: str | None = None,
        at: datetime | None = None,
    ) -> Reply:
        """The reply to a command. What it made due is done before this returns."""
        return await self.handle(self.request(who, text, body, channel=channel, id=id, at=at))

    async def handle(self, request: Request) -> Reply:
        """The reply to a request. What it made due is done before this returns."""
        reply = await self.bot.handle(request)
        await self.clockwork.work()
        return reply

    async def writes(
        self,
        who: str,
        text: str | None,
        question: str,
        id: str = "",
        at: datetime | None = None,
        created: datetime | None = None,
    ) -> Reply:
        """What is said to a message in a question's thread; without a text it was deleted."""
        request = self.request(who, "reply", text, at=at)
        assert request.at
        message = ThreadMessage(question, id or f"w{next(self._ids)}", created or request.at)
        return await self.handle(replace(request, thread=message))

    async def hears(self, who: str, text: str, body: str | None = None) -> str:
        """The words of the reply to a command."""
        return self.text(await self.says(who, text, body))

    async def press(self, who: str, reply: Reply, label: str) -> Reply:
        """The reply to a button, chosen by its label."""
        command = next(button.command for button in buttons_of(reply) if button.label == label)
        return await self.says(who, command)

    async def fill(self, who: str, form: Reply, body: str, inputs: Mapping[str, str] | None = None) -> Reply:
        """The reply to a form that is sent with a text, and with what else stood in it."""
        assert isinstance(form, Form)
        return await self.handle(replace(self.request(who, form.command, body), inputs=inputs or {}))

    async def forward(self, **span: float) -> None:
        """Move the clock, from due moment to due moment; the parts of a timedelta say how far."""
        end = self.now + timedelta(**span)
        await self.clockwork.work()
        while (due := await self.store.due.next_due(self.clockwork.platforms)) and due <= end:
            self.now = max(self.now, due)
            await self.clockwork.work()
        self.now = end

    async def open_round(self) -> Post:
        """Set a schedule if there is none, ask today's question at once, and return its post."""
        if (await self.store.channel(self.channel)).schedule is None:
            await self.says(ADMIN, "daily on 09:00 daily")
        await self.says(ADMIN, "daily now")
        return self.platform.posts[-1]

    async def reveal(self) -> Post:
        """Reveal the open round and return what was said in its thread, as one message."""
        before = len(self.platform.replies)
        await self.says(ADMIN, "reveal")
        said = self.platform.replies[before:]
        return replace(said[0], message=announce(*(block for one in said for block in one.message.blocks)))

    def thread(self, since: int = 0) -> str:
        """All that was said in threads, after so many messages."""
        return "\n".join(self.text(one.message) for one in self.platform.replies[since:])

    @staticmethod
    def text(reply: Reply) -> str:
        """All words of a reply, a line for each part; what its buttons would send is not among them."""
        if isinstance(reply, Form):
            inputs = (line for one in reply.inputs for line in (one.label, one.initial))
            return "\n".join((reply.title, reply.question, *inputs))
        return "\n".join(line for block in reply.blocks for line in words_of(block))


def words_of(block: Block) -> tuple[str, ...]:
    """The words of a block, as plain lines."""
    match block:
        case Heading(text) | Markdown(text) | Footnote(text) | Grid(text):
            return (without_channels(text),)
        case Quote(author, text, button):
            return (f"{author}: {text}", *((f"[{button.label}]",) if button else ()))
        case Fields(pairs):
            return tuple(f"{without_channels(label)}: {value}" for label, value in pairs)
        case Table(header, rows):
            return tuple(" | ".join(row) for row in (header, *rows))
        case Buttons(buttons):
            return tuple(f"[{button.label}]" for button in buttons)
        case Bars(bars):
            return tuple(bar.words for bar in bars)
        case Divider():
            return ()
        case Ping():
            return (block.words,)


def buttons_of(reply: Reply) -> tuple[Button, ...]:
    """The buttons of a reply, in order."""
    if isinstance(reply, Form):
        return ()
    found: list[Button] = []
    for block in reply.blocks:
        match block:
            case Buttons(buttons):
                found += buttons
            case Quote(button=Button() as button):
                found.append(button)
    return tuple(found)


def is_refused(reply: Reply) -> bool:
    """Whether a reply says why nothing was done."""
    return isinstance(reply, Message) and reply.refused
