"""All that the stand-in knows: workspaces, what is in them, what was called, and what was odd about it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.fakes.slack.people import Channel, Json, Message, User, View
from tests.fakes.slack.tickets import Code, ResponseUrl, Trigger

T = TypeVar("T")
EVENTS = frozenset({"app_home_opened", "message.channels", "message.groups", "message.im"})


@dataclass(slots=True)
class Call:
    """One call of the Web API. `error` is None when it went well, `fault` what the test made of it."""

    method: str
    args: Json
    at: float
    token: str = ""
    error: str | None = None
    fault: str | None = None
    answer: Json | None = None


@dataclass(slots=True)
class App:
    """The app as its page at Slack describes it. `scopes` None grants everything.

    With `should_escape` its commands come with codes for members, channels and links.
    """

    id: str = "A0STANDIN"
    name: str = "stand-in"
    app_token: str = "xapp-stand-in"
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    scopes: frozenset[str] | None = None
    events: frozenset[str] = EVENTS
    home_tab: bool = True
    shortcuts: frozenset[str] = frozenset()
    messages_tab: bool = True
    socket_mode: bool = True
    should_escape: bool = False
    client_id: str = "1.stand-in"
    client_secret: str = "stand-in-client-secret"
    token_lasts: int | None = None


@dataclass(slots=True, eq=False)
class Workspace:
    """One team: its people, its channels, and the app's installation in it.

    `refusal` is the error of every call with its token, such as token_revoked or account_inactive.
    """

    id: str
    bot: User
    bot_id: str
    bot_token: str
    domain: str = "stand-in"
    refusal: str | None = None
    refresh_token: str | None = None
    older_tokens: list[str] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)

    def dm(self, user: str) -> Channel | None:
        """The conversation between the bot and a user, if there is one."""
        pair = {user, self.bot.id}
        return next((one for one in self.channels.values() if one.kind == "im" and one.members == pair), None)


class World:
    """Everything, and the means to change it. `emit` sends an event to the app."""

    def __init__(self, now: Callable[[], float], app: App) -> None:
        self.now, self.app = now, app
        self.url = ""
        self.workspaces: dict[str, Workspace] = {}
        self.calls: list[Call] = []
        self.warnings: list[str] = []
        self.failures: list[str] = []
        self.tickets: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.triggers: dict[str, Trigger] = {}
        self.responses: dict[str, ResponseUrl] = {}
        self.emit: Callable[[Workspace, Json], None] = lambda workspace, event: None
        self._made: Counter[str] = Counter()
        self._latest = 0
        self._changed = asyncio.Event()

    def new_id(self, prefix: str) -> str:
        self._made[prefix] += 1
        return f"{prefix}{self._made[prefix]:08d}"

    def next_ts(self) -> str:
        """The moment as Slack writes it, later than any before."""
        self._latest = max(round(self.now() * 1_000_000), self._latest + 1)
        return f"{self._latest // 1_000_000}.{self._latest % 1_000_000:06d}"

    def add_workspace(self, id: str, bot_token: str) -> Workspace:
        bot = User(self.new_id("U"), self.app.name, id, is_bot=True)
        workspace = Workspace(id, bot, self.new_id("B"), bot_token, users={bot.id: bot})
        self.workspaces[id] = workspace
        return workspace

    def workspace_of(self, token: str) -> Workspace | None:
        return next(
            (one for one in self.workspaces.values() if token in (one.bot_token, *one.older_tokens)), None
        )

    def add_channel(
        self, workspace: Workspace, name: str, kind: str, members: set[str], creator: str
    ) -> Channel:
        prefix = {"channel": "C", "group": "C9", "im": "D"}[kind]
        channel = Channel(self.new_id(prefix), name, workspace.id, kind, creator, members=members)
        workspace.channels[channel.id] = channel
        return channel

    def open_dm(self, workspace: Workspace, user: str) -> Channel:
        known = workspace.dm(user)
        return known or self.add_channel(workspace, "", "im", {user, workspace.bot.id}, "")

    def changed(self) -> None:
        """Wake all who wait for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], T], limit: float = 10.0) -> T:
        """What `look` gives, once that is true. Looks again after each thing that happens."""
        async with asyncio.timeout(limit):
            while not (found := look()):
                await self._changed.wait()
            return found

    def warn(self, words: str) -> None:
        """Note what Slack lets pass, and what a good app does not do."""
        self.warnings.append(words)

    def fail(self, words: str) -> None:
        """Note what a user would see as a failure of the app."""
        self.failures.append(words)
        self.changed()
