"""The HTTP port: how many may be connected, and for how long one may take to say what it wants."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import Refusal
from bot.flood import Flood
from bot.stopping import STOP_SECONDS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)
web_log = logging.getLogger("aiohttp.server")

MOST_CONNECTIONS = 512
HEADER_SECONDS = 10.0
IDLE_SECONDS = 15.0
LONGEST_HEADER = 16 * 1024
HEADER_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
BROKEN = "%d connections that sent no request, or a broken one, or were too many, are closed"


class Connections:
    """All that are connected. Where there are too many, the first goes that only waits."""

    def __init__(self, most: int, header_seconds: float) -> None:
        self.most, self.header_seconds = most, header_seconds
        self._all: set[Guard] = set()
        # Those that are not being answered: they have sent nothing, half a request, or have their answer. The
        # one that began to wait first comes first. A request of Slack's is whole within milliseconds.
        self._waiting: dict[Guard, None] = {}
        self._by_transport: dict[asyncio.BaseTransport, Guard] = {}
        self._flood = Flood(log, BROKEN)

    def enter(self, guard: Guard, transport: asyncio.BaseTransport) -> bool:
        """Whether there is room, if need be in the place of one that only waits."""
        if len(self._all) >= self.most:
            self.drop(next(iter(self._waiting), None))
            if len(self._all) >= self.most:
                self._count()
                return False
        self._all.add(guard)
        self._by_transport[transport] = guard
        self.wait(guard)
        return True

    def wait(self, guard: Guard) -> None:
        """A connection begins to wait: for its first request, or for the next."""
        if guard in self._all:
            self._waiting.pop(guard, None)
            self._waiting[guard] = None

    def whole(self, guard: Guard) -> None:
        """It has said all of a request, which is answered from now on."""
        self._waiting.pop(guard, None)

    def leave(self, guard: Guard, transport: asyncio.BaseTransport | None) -> None:
        self._all.discard(guard)
        self._waiting.pop(guard, None)
        if transport:
            self._by_transport.pop(transport, None)

    def drop(self, guard: Guard | None) -> None:
        """End a connection that says nothing."""
        if guard:
            self._count()
            guard.abort()

    @web.middleware
    async def answering(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request; its connection waits again behind it."""
        try:
            return await handler(request)
        finally:
            guard = self._by_transport.get(request.transport) if request.transport else None
            if guard:
                self.wait(guard)

    def is_worth_a_line(self, record: logging.LogRecord) -> bool:
        """Whether aiohttp should say what went wrong; what is no HTTP, or cut off, anybody can send."""
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, HttpProcessingError | web.RequestPayloadError | ConnectionError):
            self._count()
            return False
        return True

    def _count(self) -> None:
        self._flood.add(asyncio.get_running_loop().time())


class Incoming:
    """How much of a request has come in, by its header alone."""

    def __init__(self) -> None:
        self.head = bytearray()
        # How many bytes of the body are still to come; None before the header is whole.
        self.left: int | None = None

    def take(self, data: bytes) -> bool:
        """Whether the request is whole by now. One in chunks has no length, and never is."""
        if self.left is None:
            self.head += data
            header, end, body = self.head.partition(HEADER_END)
            if not end:
                return False
            self.left = body_length(bytes(header) + b"\r\n")
            self.head = bytearray(header)
            data = bytes(body)
        self.left -= len(data)
        return self.left <= 0


def body_length(header: bytes) -> int:
    """How long the body is to be that comes behind a header."""
    if CHUNKED.search(header):
        return sys.maxsize
    found = LENGTH.search(header)
    return int(found[1]) if found else 0


class Guard(asyncio.Protocol):
    """Stands before the server's own protocol, and knows how much of a request is there."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner, self._connections = inner, connections
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._incoming = Incoming()
        self._entered = False

    def abort(self) -> None:
        self._connections.leave(self, self._transport)
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._entered = self._connections.enter(self, transport)
        if not self._entered:
            self.abort()
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._connections.header_seconds, self._connections.drop, self)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not self._entered:
            return
        if self._incoming.take(data):
            self._connections.whole(self)
            self._incoming = Incoming()
        elif self._incoming.left is None and len(self._incoming.head) > LONGEST_HEADER:
            self._connections.drop(self)
            return
        if self._timer and (self._incoming.left is not None or not self._incoming.head):
            # The first header is whole. How long a body and the next request may take is for others to say.
            self._timer.cancel()
            self._timer = None
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._entered else None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._connections.leave(self, self._transport)
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
    connections = Connections(most, header_seconds)
    server.middlewares.append(connections.answering)
    runner = web.AppRunner(server, shutdown_timeout=STOP_SECONDS, keepalive_timeout=IDLE_SECONDS)
    await runner.setup()
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
