"""The stand-in itself: a server on this machine that answers as Discord does."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.clock import Clock
from tests.fakes.discord import events
from tests.fakes.discord.admin import Admin
from tests.fakes.discord.cdn import ENDPOINT, Cdn
from tests.fakes.discord.endpoints import ENDPOINTS
from tests.fakes.discord.faults import Faults, PostingLimit
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import ANSWER_SECONDS
from tests.fakes.discord.people import Guild, Json, User
from tests.fakes.discord.places import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    FORUM,
    PUBLIC_THREAD,
    REQUIRES_TAG,
    TEXT,
    Channel,
    Message,
)
from tests.fakes.discord.rest import PREFIX, RestApi
from tests.fakes.discord.users import Member
from tests.fakes.discord.world import App, Call, World

Kind = Literal["text", "announcement", "forum"]
KINDS: dict[Kind, int] = {"text": TEXT, "announcement": ANNOUNCEMENT, "forum": FORUM}


class DiscordStandIn:
    """`async with DiscordStandIn() as discord:`, then start a real client with `discord.token`.

    While it is open, discord.py's own addresses point here. `answer_limit` is how long a person really waits
    for an answer; that the answer keeps to three seconds is reckoned on `now`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] | None = None,
        app: App | None = None,
        answer_limit: float = ANSWER_SECONDS,
    ) -> None:
        self.clock = Clock()
        self.answer_limit = answer_limit
        self.now = now or self.clock
        self.world = World(self.now, app or App())
        self.faults = Faults((*ENDPOINTS, ENDPOINT))
        self.rest = RestApi(self.world, self.faults)
        self.cdn = Cdn(self.world, self.faults)
        self.gateway = Gateway(self.world)
        self.world.emit = self.gateway.emit
        self.admin = Admin(self.world)
        self.guild = self.world.add_guild("Stand-in")

    async def __aenter__(self) -> Self:
        server = web.Application(client_max_size=25 * 1024 * 1024)
        server.add_routes([*self.gateway.routes(), *self.rest.routes(), *self.cdn.routes()])
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.world.url = f"http://{host}:{port}"
        self._before = Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        Route.BASE, discord.Asset.BASE = self.api_url, self.world.url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before
        self.faults.release_all()
        await self.gateway.close_all(1001)
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.world.url}{PREFIX}"

    @property
    def token(self) -> str:
        return self.world.app.token

    @property
    def bot(self) -> User:
        return self.world.bot

    @property
    def violations(self) -> list[str]:
        """What was refused, each with Discord's answer. Faults that a test ordered are not among them."""
        return self.world.violations

    @property
    def complaints(self) -> list[str]:
        """What a good app leaves empty: refusals, failures that a person saw, and fields nobody knows."""
        return [*self.world.violations, *self.world.failures, *self.world.warnings, *self.unfinished]

    @property
    def unfinished(self) -> list[str]:
        """Answers that were promised and never came."""
        waiting = [one for one in self.world.interactions.values() if one.original and one.original.loading]
        return [f"{one.what}: still thinking" for one in waiting]

    def limit_posts(self, most: int = 5, seconds: float = 5.0) -> None:
        """Hold messages to Discord's rate in each channel."""
        self.rest.limit = PostingLimit(self.now, most, seconds)

    def add_guild(self, name: str) -> Guild:
        return self.world.add_guild(name)

    def user(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        nick: str | None = None,
        global_name: str | None = None,
        admin: bool = False,
        bot: bool = False,
        dms_open: bool = True,
    ) -> Member:
        """A new user, in a guild. One that is a bot belongs to another app."""
        place = guild or self.guild
        user = User(self.world.new_id(), name, global_name, bot, dms_open)
        self.world.users[user.id] = user
        member = self.world.join(place, user, nick)
        if admin:
            member.roles.append(self.admin.add_role(place, f"admins of {name}", "administrator"))
        events.member_event(self.world, "GUILD_MEMBER_ADD", place, member)
        return Member(self.world, user, self.answer_limit)

    def channel(
        self,
        name: str,
        kind: Kind = "text",
        *,
        guild: Guild | None = None,
        tags: dict[str, str] | None = None,
        requires_tag: bool = False,
    ) -> Channel:
        """A new channel. `tags` are those of a forum, ids and names."""
        place = guild or self.guild
        channel = Channel(self.world.new_id(), KINDS[kind], name, place, position=len(place.channels))
        channel.available_tags = [tag(id, words) for id, words in (tags or {}).items()]
        channel.flags = REQUIRES_TAG if requires_tag else 0
        place.channels[channel.id] = channel
        events.place_event(self.world, "CHANNEL_CREATE", channel)
        return channel

    def thread(
        self, channel: Channel, name: str, *, owner: Member, message: Message | None = None
    ) -> Channel:
        """A thread that a person begins, at a message or by itself."""
        kind = ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else PUBLIC_THREAD
        assert channel.guild
        thread = Channel(message.id if message else self.world.new_id(), kind, name, channel.guild, channel)
        thread.owner_id, thread.changed_at = owner.id, self.world.now()
        channel.guild.channels[thread.id] = thread
        if message:
            message.thread = thread
        events.place_event(self.world, "THREAD_CREATE", thread, newly_created=True)
        return thread

    def calls(self, endpoint: str | None = None) -> list[Call]:
        """The calls of the REST API, of one endpoint or of all, in order."""
        return [call for call in self.world.calls if endpoint in (None, call.endpoint)]

    def bodies(self, endpoint: str) -> list[Any]:
        """What was sent with them."""
        return [call.body for call in self.calls(endpoint)]

    async def settled(self) -> None:
        """Wait until the app has taken note of all that it was told."""
        await self.gateway.heard()

    async def until(self, look: Callable[[], Any]) -> Any:
        """Wait until this is true."""
        return await self.world.until(look)


def tag(id: str, name: str) -> Json:
    return {"id": id, "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
