"""The gateway: greets, lets in, tells what happens, and breaks off when told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.admission import Admission
from tests.fakes.discord.people import Json
from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.world import Event, World

HEARTBEAT, RECONNECT, INVALID, HELLO = 1, 7, 9, 10
# So long that nothing in a test depends on it.
HEARTBEAT_MS = 41_250


class Gateway:
    """`copies` is how often each event is sent; while `down`, nobody gets in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.admission = Admission(world)
        self.connections: list[Connection] = []
        self.copies = 1
        self.down = False
        self._held: list[Event] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway", self.handle), web.get("/gateway/", self.handle)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=4096, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.append(connection)
        connection.send({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS}})
        try:
            await self.listen(connection)
        finally:
            self.leave(connection)
        if connection.goodbye:
            # Otherwise the end of this function says goodbye first, with a code of its own.
            await connection.goodbye
        return socket

    async def listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                return
            if code := self.admission.take(connection, message.data):
                self.world.violations.append(f"gateway: closed with {code} after {message.data}")
                await connection.close(code)

    def leave(self, connection: Connection) -> None:
        """An app that closes with 1000 or 1001 gives its session up."""
        ours = connection.goodbye is not None
        if connection.session and not ours and connection.socket.close_code in (1000, 1001):
            connection.session.resumable = False
        connection.end()
        self.connections.remove(connection)
        self.world.changed()

    def emit(self, event: Event) -> None:
        """Tell all sessions that want to know."""
        if self._held is not None:
            self._held.append(event)
            return
        for session in self.sessions:
            if session.resumable and session.wants(event):
                session.tell(event.name, session.seen(event), self.copies)
        self.world.changed()

    def hold(self) -> None:
        """Keep further events back."""
        self._held = self._held or []

    def release(self, order: Callable[[Sequence[Event]], Sequence[Event]] = list) -> None:
        """Tell what was held back, in an order of your own."""
        held, self._held = self._held or [], None
        for event in order(held):
            self.emit(event)

    def repeat(self, name: str) -> None:
        """Tell the latest event of this name again, number and all."""
        for session in self.live:
            session.repeat(name)

    def leave_out(self, name: str, *fields: str) -> None:
        """The next event of this name lacks these fields."""
        self.world.lacking[name] = fields

    def drop(self) -> None:
        """Break all connections off, without a word."""
        for connection in list(self.connections):
            connection.cut()

    async def close_all(self, code: int) -> None:
        for connection in list(self.connections):
            await connection.close(code)

    def ask_to_reconnect(self) -> None:
        """Op 7. The app is to come back and resume."""
        self.say({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9. Unless `resumable`, the session is lost with what it had not heard."""
        for session in self.sessions:
            session.resumable = session.resumable and resumable
        self.say({"op": INVALID, "d": resumable})

    def say(self, frame: Any) -> None:
        for connection in self.connections:
            connection.send(frame)

    def forget_sessions(self) -> None:
        """The next RESUME is refused."""
        for session in self.sessions:
            session.resumable = False

    @property
    def url(self) -> str:
        return self.admission.url

    @property
    def sessions(self) -> list[Session]:
        return self.admission.sessions

    @property
    def identifies(self) -> list[Json]:
        return self.admission.identifies

    @property
    def resumes(self) -> list[Json]:
        return self.admission.resumes

    @property
    def live(self) -> list[Session]:
        return [session for session in self.sessions if session.connection]

    async def connected(self, count: int = 1) -> None:
        """Wait until so many sessions have a connection."""
        await self.world.until(lambda: len(self.live) >= count)

    async def heard(self) -> None:
        """Wait until the app has taken note of all that it was told: then it beats when asked to."""
        before = {connection: connection.beats for connection in self.connections if connection.session}
        for connection in before:
            connection.send({"op": HEARTBEAT, "d": None})
        await self.world.until(lambda: all(not one.open or one.beats > n for one, n in before.items()))
