"""The HTTP port: how many may be connected, and for how long one may take to say what it wants."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web

from bot.errors import Refusal
from bot.stopping import STOP_SECONDS

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 512
HEADER_SECONDS = 10.0
IDLE_SECONDS = 15.0
LONGEST_HEADER = 16 * 1024
HEADER_END = b"\r\n\r\n"
# How often a flood is worth a line.
SAY_EVERY_SECONDS = 60.0


class Connections:
    """All that are connected; where there are too many, the one that has said nothing for longest goes."""

    def __init__(self, most: int, header_seconds: float) -> None:
        self.most, self.header_seconds = most, header_seconds
        self._all: set[Guard] = set()
        # Those that have not sent a whole header, the oldest first.
        self._silent: dict[Guard, None] = {}
        self._dropped, self._said = 0, float("-inf")

    def enter(self, guard: Guard) -> bool:
        """Whether there is room, if need be in the place of one that only waits."""
        if len(self._all) >= self.most:
            self.drop(next(iter(self._silent), None))
            if len(self._all) >= self.most:
                self._count()
                return False
        self._all.add(guard)
        self._silent[guard] = None
        return True

    def heard(self, guard: Guard) -> None:
        self._silent.pop(guard, None)

    def leave(self, guard: Guard) -> None:
        self._all.discard(guard)
        self._silent.pop(guard, None)

    def drop(self, guard: Guard | None) -> None:
        """End a connection that says nothing."""
        if guard:
            self.leave(guard)
            self._count()
            guard.abort()

    def _count(self) -> None:
        self._dropped += 1
        now = asyncio.get_running_loop().time()
        if now - self._said >= SAY_EVERY_SECONDS:
            log.warning("%d connections that sent no request, or were too many, are closed", self._dropped)
            self._dropped, self._said = 0, now


class Guard(asyncio.Protocol):
    """Stands before the server's own protocol until a request's header is whole."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner, self._connections = inner, connections
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._head = bytearray()
        self._entered = False

    def abort(self) -> None:
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._entered = self._connections.enter(self)
        if not self._entered:
            self.abort()
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._connections.header_seconds, self._connections.drop, self)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._timer:
            self._head += data
            if HEADER_END in self._head:
                self._heard()
            elif len(self._head) > LONGEST_HEADER:
                self._connections.drop(self)
                return
        if self._entered:
            self._inner.data_received(data)

    def _heard(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._head.clear()
        self._connections.heard(self)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._entered else None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._connections.leave(self)
        if self._entered:
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


@asynccontextmanager
async def serving(
    server: web.Application,
    host: str,
    port: int,
    most: int = MOST_CONNECTIONS,
    header_seconds: float = HEADER_SECONDS,
) -> AsyncIterator[int]:
    """Serve HTTP while the context lasts; yields the port, which the system chooses for 0."""
    runner = web.AppRunner(server, shutdown_timeout=STOP_SECONDS, keepalive_timeout=IDLE_SECONDS)
    await runner.setup()
    connections = Connections(most, header_seconds)
    inner = cast(Callable[[], asyncio.Protocol], runner.server)
    loop = asyncio.get_running_loop()
    try:
        listening = await loop.create_server(lambda: Guard(inner(), connections), host, port)
    except OSError as fault:
        await runner.cleanup()
        raise Refusal(
            f"Port {port} of {host} cannot be served ({fault.strerror}). "
            "Set LLMQ_HTTP_HOST and LLMQ_HTTP_PORT."
        ) from None
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        listening.close()
        await runner.cleanup()
