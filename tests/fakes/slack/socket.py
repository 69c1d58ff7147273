"""Socket Mode: WebSockets on which Slack sends envelopes and takes acknowledgements."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import Attempt, Delivery
from tests.fakes.slack.people import Json
from tests.fakes.slack.world import World

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
MOST_CONNECTIONS = 10
LIFETIME = 18_000


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket. `waiting` are the acknowledgements it owes."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    waiting: set[asyncio.Future[Json]] = field(default_factory=set)

    def lose(self) -> None:
        """What it owed never comes."""
        for future in self.waiting:
            if not future.done():
                future.set_exception(ConnectionResetError())


class ConnectionPicker:
    """Each connection in its turn."""

    def __init__(self) -> None:
        self._sent = 0

    def __call__(self, connections: Sequence[Connection]) -> Connection:
        self._sent += 1
        return connections[(self._sent - 1) % len(connections)]


class SocketMode:
    """The app's connections. `pick` chooses the one that gets the next envelope: any may.

    So many of the next `refusals` connections fail, when their address is used up already.
    """

    def __init__(self, world: World, ack_limit: float) -> None:
        self.world, self.ack_limit = world, ack_limit
        self.connections: list[Connection] = []
        self.opened = self.refusals = 0
        self.pick: Callable[[Sequence[Connection]], Connection] = ConnectionPicker()
        self.on_connect: Callable[[], None] = lambda: None
        self._sent: dict[str, Delivery] = {}
        self._owed: defaultdict[str, list[asyncio.Future[Json]]] = defaultdict(list)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/socket", self.connect)]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """A new connection; its address works once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.world.tickets:
            return web.Response(status=403)
        self.world.tickets.discard(ticket)
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self.serve(Connection(self.opened + 1, socket, request))
        return socket

    async def serve(self, connection: Connection) -> None:
        self.opened += 1
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return
        await connection.socket.send_json(self.hello())
        self.connections.append(connection)
        self.world.changed()
        self.on_connect()
        try:
            await self.listen(connection)
        finally:
            self.forget(connection)

    def hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": self.world.app.id},
            "debug_info": {"host": "stand-in", "approximate_connection_time": LIFETIME},
        }

    async def listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type == WSMsgType.TEXT:
                self.take(json.loads(message.data))

    def forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        connection.lose()
        self.world.changed()

    def take(self, answer: Json) -> None:
        """An acknowledgement, on whichever connection it comes."""
        id, payload = answer.get("envelope_id", ""), answer.get("payload") or {}
        open_futures = [future for future in self._owed[id] if not future.done()]
        if id not in self._sent:
            self.world.fail(f"an acknowledgement of an unknown envelope: {id}")
        elif open_futures:
            open_futures[0].set_result(payload)
        else:
            self._sent[id].late.append(payload)
        self.world.changed()

    async def send(self, delivery: Delivery, attempt: Attempt) -> None:
        if not self.connections:
            attempt.failure = "no connection"
            return
        connection = self.pick(self.connections)
        attempt.connection = connection.number
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting.add(future)
        self._sent[delivery.id] = delivery
        self._owed[delivery.id].append(future)
        try:
            async with asyncio.timeout(self.ack_limit):
                await connection.socket.send_json(envelope(delivery, attempt))
                attempt.ack = await future
        except TimeoutError:
            attempt.failure = f"no acknowledgement within {self.ack_limit:g} s"
        except ConnectionError:
            attempt.failure = "connection lost"
        finally:
            future.cancel()
            connection.waiting.discard(future)

    async def disconnect(self, reason: Reason = "refresh_requested", number: int | None = None) -> None:
        """Tell the app to connect anew, on one connection or on all; they stay open until it does."""
        if reason == "link_disabled":
            self.world.app.socket_mode = False
        notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
        for connection in self.chosen(number):
            await connection.socket.send_json(notice)

    def cut(self, number: int | None = None) -> None:
        """Break one connection or all, without a word."""
        for connection in self.chosen(number):
            self.forget(connection)
            if connection.request.transport:
                connection.request.transport.abort()

    def chosen(self, number: int | None) -> list[Connection]:
        return [one for one in self.connections if number in (None, one.number)]

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close()

    async def connected(self, count: int = 1) -> None:
        """Wait until the app has so many connections."""
        await self.world.until(lambda: len(self.connections) >= count)


def envelope(delivery: Delivery, attempt: Attempt) -> Json:
    """As Slack sends it; a further try of an event says so."""
    native = {
        "envelope_id": delivery.id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        native["retry_attempt"] = attempt.number
        native["retry_reason"] = "timeout" if attempt.number else ""
    return native
