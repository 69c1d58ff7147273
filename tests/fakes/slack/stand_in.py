"""The stand-in itself: a server on this machine that answers as Slack does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.clock import Clock
from tests.fakes.slack import events, responses
from tests.fakes.slack.api import WebApi
from tests.fakes.slack.delivery import Outbox
from tests.fakes.slack.faults import Faults, PostingLimit
from tests.fakes.slack.people import Channel, Json, Message, User
from tests.fakes.slack.signed import SignedHttp
from tests.fakes.slack.socket import SocketMode
from tests.fakes.slack.users import Member
from tests.fakes.slack.world import App, Call, Workspace, World

ACK_SECONDS = 3.0


class SlackStandIn:
    """`async with SlackStandIn() as slack:`, then point an app at `slack.api_url` with its tokens.

    Events go out over Socket Mode until `over_http` names an address. `echo` tells the app of its bot's own
    messages, as Slack does.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] | None = None,
        app: App | None = None,
        bot_token: str = "xoxb-stand-in",
        signing_secret: str = "stand-in-secret",
        ack_limit: float = ACK_SECONDS,
        echo: bool = True,
    ) -> None:
        self.clock = Clock()
        self.signing_secret, self.ack_limit, self.echo = signing_secret, ack_limit, echo
        self.world = World(now or self.clock, app or App())
        self.faults = Faults()
        self.api = WebApi(self.world, self.faults)
        self.socket = SocketMode(self.world, ack_limit)
        self.http: SignedHttp | None = None
        self.outbox = Outbox(self.world, self.socket)
        self.workspace = self.world.add_workspace("T0STANDIN", bot_token)
        self.world.emit = self._emit
        self.socket.on_connect = self._redeliver_lost_events

    async def __aenter__(self) -> Self:
        server = web.Application()
        server.add_routes([*self.api.routes(), *self.socket.routes(), *responses.routes(self.world)])
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.world.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release_all()
        await self.outbox.close()
        await self.socket.close()
        if self.http:
            await self.http.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.world.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.world.app.app_token

    @property
    def complaints(self) -> list[str]:
        """What a good app leaves empty: failures that a person would see, and Slack's advice not taken."""
        return [*self.world.failures, *self.world.warnings]

    def over_http(self, url: str) -> SignedHttp:
        """Deliver to this address from now on, signed."""
        self.http = self.http or SignedHttp(url, self.signing_secret, self.ack_limit)
        self.http.url, self.outbox.transport = url, self.http
        return self.http

    def limit_posts(self, burst: int = 1, per_second: float = 1.0) -> None:
        """Hold chat.postMessage to Slack's rate in each channel."""
        self.api.limit = PostingLimit(self.world.now, per_second, burst)

    def add_workspace(self, id: str, bot_token: str) -> Workspace:
        return self.world.add_workspace(id, bot_token)

    def user(
        self,
        name: str,
        *,
        workspace: Workspace | None = None,
        admin: bool = False,
        owner: bool = False,
        bot: bool = False,
        tz: str = "Europe/London",
    ) -> Member:
        """A new user. One that is a bot belongs to another app."""
        team = workspace or self.workspace
        user = User(self.world.new_id("U"), name, team.id, admin, owner, bot, tz=tz)
        user.display_name = name
        team.users[user.id] = user
        return Member(self.world, self.outbox, team, user)

    def channel(
        self,
        name: str,
        members: Iterable[Member] = (),
        *,
        bot: bool = True,
        private: bool = False,
        archived: bool = False,
        creator: Member | None = None,
        workspace: Workspace | None = None,
    ) -> Channel:
        """A new channel, with these members, and with our bot unless told otherwise."""
        team = workspace or self.workspace
        ids = {member.id for member in members} | ({team.bot.id} if bot else set())
        kind = "group" if private else "channel"
        channel = self.world.add_channel(team, name, kind, ids, creator.id if creator else "")
        channel.archived = archived
        return channel

    def calls(self, method: str | None = None) -> list[Call]:
        """The calls of the Web API, of one method or of all, in order."""
        return [call for call in self.world.calls if method in (None, call.method)]

    def touch(self, message: Message) -> None:
        """Slack tells of a change although nobody edited, as when it has recognised the language."""
        events.changed(self.world, self.world.workspaces[message.channel.team], message, message.wire())

    async def redeliver_unacked(self) -> int:
        """Send again what was not acknowledged; gives how many there were."""
        return len(await self.outbox.redeliver_unacked())

    async def settled(self) -> None:
        """Wait until no event is on its way."""
        await self.outbox.settled()

    def _emit(self, workspace: Workspace, event: Json) -> None:
        said = (event, event.get("message", {}), event.get("previous_message", {}))
        if self.echo or workspace.bot.id not in [one.get("user") for one in said]:
            self.outbox.event(events.envelope(self.world, workspace, event))

    def _redeliver_lost_events(self) -> None:
        """On a new connection Slack repeats the events, and never a command: its user has seen an error."""
        for delivery in self.outbox.unacked:
            if delivery.kind == "events_api" and delivery.failure in ("connection lost", "no connection"):
                self.outbox.background(self.outbox.attempt(delivery))
