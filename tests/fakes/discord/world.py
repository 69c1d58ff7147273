"""All that the stand-in knows: guilds, what is in them, what was called, and what was odd about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes.discord.people import Guild, Json, Membership, Role, User
from tests.fakes.discord.permissions import BOT
from tests.fakes.discord.places import DM, Channel, Message

if TYPE_CHECKING:
    from tests.fakes.discord.cdn import Given
    from tests.fakes.discord.interactions import Interaction

T = TypeVar("T")
DISCORD_BEGAN = 1_420_070_400_000
MESSAGE_CONTENT = 1 << 15
GLANCE_SECONDS = 0.005


@dataclass(slots=True)
class Call:
    """One call of the REST API, with how it was answered, and what the test made of it."""

    endpoint: str
    method: str
    path: str
    body: Any
    query: dict[str, str]
    at: float
    status: int | None = None
    code: int | None = None
    fault: str | None = None
    answer: Any = None
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class App:
    """The app as the developer portal describes it. `privileged` are the intents it was granted."""

    token: str = "MTA.stand-in.token"
    name: str = "stand-in"
    privileged: int = 0
    shards: int = 1
    session_starts: int = 1000
    max_concurrency: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell the app. `needs` are the intents of which a session must have one; 0 is for all."""

    name: str
    data: Json
    guild_id: str | None = None
    needs: int = 0
    # What a session without the intent for message content hears instead.
    veiled: Json | None = None


class World:
    """Everything, and the means to change it. `emit` sends an event to the app."""

    def __init__(self, now: Callable[[], float], app: App) -> None:
        self._clock, self.app = now, app
        self.url = ""
        # The millisecond of the latest id.
        self._latest = 0
        self.bot = User(self.new_id(86_400.0), app.name, bot=True)
        self.app_id = self.bot.id
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.dms: dict[str, Channel] = {}
        self.commands: dict[str | None, list[Json]] = {}
        self.interactions: dict[str, Interaction] = {}
        # Files that were given to commands, by the paths of their addresses.
        self.given: dict[str, Given] = {}
        self.nonces: dict[tuple[str, str], Message] = {}
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.warnings: list[str] = []
        self.failures: list[str] = []
        # Fields that the next event of a name lacks.
        self.lacking: dict[str, tuple[str, ...]] = {}
        self.emit: Callable[[Event], None] = lambda event: None
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970: what the clock says, but nothing that happened lies ahead of it."""
        return max(self._clock(), (self._latest + DISCORD_BEGAN) / 1000)

    def new_id(self, age: float = 0.0) -> str:
        """A snowflake: the moment is in it, and no two things happen in one millisecond."""
        if age:
            return str(round((self.now() - age) * 1000) - DISCORD_BEGAN << 22)
        self._latest = max(round(self._clock() * 1000) - DISCORD_BEGAN, self._latest + 1)
        return str(self._latest << 22)

    def new_moment(self) -> float:
        """The moment of something that happens now and has no id."""
        self.new_id()
        return self.now()

    def add_guild(self, name: str) -> Guild:
        """A guild with our bot in it, and with an owner who does nothing else."""
        owner = User(self.new_id(), "owner")
        self.users[owner.id] = owner
        # Each a millisecond younger, for the shard of a guild is reckoned from the moment in its id.
        guild = Guild(self.new_id(3600.0 - len(self.guilds) / 1000), name, owner.id)
        self.guilds[guild.id] = guild
        self.join(guild, owner)
        self.join_bot(guild)
        return guild

    def join(self, guild: Guild, user: User, nick: str | None = None) -> Membership:
        guild.members[user.id] = Membership(user, self.now(), nick)
        return guild.members[user.id]

    def join_bot(self, guild: Guild, permissions: int = BOT) -> Membership:
        """Our bot comes with a role of its own."""
        role = Role(self.new_id(), self.app.name, permissions, bot_id=self.bot.id)
        guild.roles[role.id] = role
        member = self.join(guild, self.bot)
        member.roles.append(role)
        return member

    def bot_role(self, guild: Guild) -> Role:
        return next(role for role in guild.members[self.bot.id].roles if role.bot_id == self.bot.id)

    def has_bot(self, guild: Guild | None) -> bool:
        return guild is None or self.bot.id in guild.members

    def channel(self, id: str) -> Channel | None:
        places = [guild.channels for guild in self.guilds.values()]
        found = (place[id] for place in places if id in place)
        return next(found, None) or next((one for one in self.dms.values() if one.id == id), None)

    def open_dm(self, user: User) -> Channel:
        """The conversation between our bot and a user."""
        if user.id not in self.dms:
            self.dms[user.id] = Channel(self.new_id(), DM, "", recipients=[user, self.bot])
        return self.dms[user.id]

    @property
    def may_read(self) -> bool:
        """Whether the app was granted what everybody writes."""
        return bool(self.app.privileged & MESSAGE_CONTENT)

    def changed(self) -> None:
        """Wake all who wait for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], T], limit: float = 10.0) -> T:
        """What `look` gives, once that is true. Looks again after each thing that happens.

        What the app makes of it, it does not tell; therefore we look again after a moment, too.
        """
        async with asyncio.timeout(limit):
            while not (found := look()):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), GLANCE_SECONDS)
            return found

    def warn(self, words: str) -> None:
        """Note what Discord lets pass, and what a good app does not do."""
        self.warnings.append(words)

    def fail(self, words: str) -> None:
        """Note what a user would see as a failure of the app."""
        self.failures.append(words)
        self.changed()
