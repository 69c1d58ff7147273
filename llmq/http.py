"""The HTTP port: how many may be connected, and for how long one may take to say what it wants."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import Refusal
from bot.stopping import STOP_SECONDS

log = logging.getLogger(__name__)
web_log = logging.getLogger("aiohttp.server")

MOST_CONNECTIONS = 512
HEADER_SECONDS = 10.0
IDLE_SECONDS = 15.0
LONGEST_HEADER = 16 * 1024
HEADER_END = b"\r\n\r\n"
# A request is answered within three seconds, so that who has been quiet for longer only keeps a place.
QUIET_SECONDS = 4.0
# How often a flood is worth a line.
SAY_EVERY_SECONDS = 60.0


class Connections:
    """All that are connected; where there are too many, the one that has said nothing for longest goes."""

    def __init__(self, most: int, header_seconds: float, quiet_seconds: float) -> None:
        self.most, self.header_seconds, self.quiet_seconds = most, header_seconds, quiet_seconds
        # When each was heard last, the quietest first.
        self._all: dict[Guard, float] = {}
        # Those that have not sent a whole header, the oldest first.
        self._silent: dict[Guard, None] = {}
        self._dropped, self._said = 0, float("-inf")

    def enter(self, guard: Guard) -> bool:
        """Whether there is room, if need be in the place of one that only waits."""
        if len(self._all) >= self.most:
            self.drop(next(iter(self._silent), None) or self._quietest())
            if len(self._all) >= self.most:
                self._count()
                return False
        self.hear(guard)
        self._silent[guard] = None
        return True

    def hear(self, guard: Guard) -> None:
        """A connection says something."""
        self._all.pop(guard, None)
        self._all[guard] = asyncio.get_running_loop().time()

    def heard(self, guard: Guard) -> None:
        """It has said a whole header."""
        self._silent.pop(guard, None)

    def _quietest(self) -> Guard | None:
        guard, at = next(iter(self._all.items()))
        return guard if asyncio.get_running_loop().time() - at >= self.quiet_seconds else None

    def leave(self, guard: Guard) -> None:
        self._all.pop(guard, None)
        self._silent.pop(guard, None)

    def drop(self, guard: Guard | None) -> None:
        """End a connection that says nothing."""
        if guard:
            self.leave(guard)
            self._count()
            guard.abort()

    def is_worth_a_line(self, record: logging.LogRecord) -> bool:
        """Whether aiohttp should say what went wrong; what is no HTTP, or cut off, anybody can send."""
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, HttpProcessingError | web.RequestPayloadError | ConnectionError):
            self._count()
            return False
        return True

    def _count(self) -> None:
        self._dropped += 1
        now = asyncio.get_running_loop().time()
        if now - self._said >= SAY_EVERY_SECONDS:
            words = "%d connections that sent no request, or a broken one, or were too many, are closed"
            log.warning(words, self._dropped)
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
            self._connections.hear(self)
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
    quiet_seconds: float = QUIET_SECONDS,
) -> AsyncIterator[int]:
    """Serve HTTP while the context lasts; yields the port, which the system chooses for 0."""
    runner = web.AppRunner(server, shutdown_timeout=STOP_SECONDS, keepalive_timeout=IDLE_SECONDS)
    await runner.setup()
    connections = Connections(most, header_seconds, quiet_seconds)
    web_log.addFilter(connections.is_worth_a_line)
    inner = cast(Callable[[], asyncio.Protocol], runner.server)
    loop = asyncio.get_running_loop()
    try:
        listening = await loop.create_server(lambda: Guard(inner(), connections), host, port)
    except OSError as fault:
        web_log.removeFilter(connections.is_worth_a_line)
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
        web_log.removeFilter(connections.is_worth_a_line)
