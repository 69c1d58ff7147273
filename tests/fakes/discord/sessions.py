"""Sessions of the gateway: what each has been told, and over which connection it is told more."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from aiohttp import web

from tests.fakes.discord.people import Json
from tests.fakes.discord.world import MESSAGE_CONTENT, Event


class Packer(Protocol):
    """One compression for all that a connection carries."""

    def pack(self, text: str) -> bytes:
        """A message, whole and flushed."""


class ZlibStream:
    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, text: str) -> bytes:
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """Asked for by a client that has a module for it: Python's own from 3.14 on, or zstandard."""

    def __init__(self) -> None:
        self._pack = packs_by_itself() if find_spec("compression") else packs_by_zstandard()

    def pack(self, text: str) -> bytes:
        return self._pack(text.encode())


# Of both modules' flushes, the one that ends a block and leaves the stream open.
FLUSH_BLOCK = 1


def packs_by_itself() -> Callable[[bytes], bytes]:
    stream = import_module("compression.zstd").ZstdCompressor()
    return lambda data: bytes(stream.compress(data, mode=FLUSH_BLOCK))


def packs_by_zstandard() -> Callable[[bytes], bytes]:
    stream = import_module("zstandard").ZstdCompressor().compressobj()
    return lambda data: bytes(stream.compress(data) + stream.flush(FLUSH_BLOCK))


PACKERS: dict[str, type[ZlibStream] | type[ZstdStream]] = {
    "zlib-stream": ZlibStream,
    "zstd-stream": ZstdStream,
}


class Connection:
    """A WebSocket. What is sent waits its turn, so that sending needs no waiting."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request, self.socket = request, socket
        packer = PACKERS.get(request.query.get("compress", ""))
        self.packer: Packer | None = packer() if packer else None
        self.session: Session | None = None
        self.open = True
        self.beats = 0
        self.goodbye: asyncio.Future[bool] | None = None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: Json) -> None:
        self._waiting.put_nowait(json.dumps(frame))

    async def _write(self) -> None:
        while True:
            text = await self._waiting.get()
            # Who has gone without a word is noticed only here.
            with suppress(ConnectionError):
                await self._put(text)
            self._waiting.task_done()

    async def _put(self, text: str) -> None:
        if self.socket.closed:
            return
        if self.packer:
            await self.socket.send_bytes(self.packer.pack(text))
        else:
            await self.socket.send_str(text)

    async def drained(self) -> None:
        if self.open:
            await self._waiting.join()

    async def close(self, code: int) -> None:
        """Say goodbye with a code, once all is out."""
        await self.drained()
        self.end()
        self.goodbye = asyncio.ensure_future(self.socket.close(code=code))
        await self.goodbye

    def cut(self) -> None:
        """Be gone without a word, with all that was on its way."""
        self.end()
        if self.request.transport:
            self.request.transport.abort()

    def end(self) -> None:
        self.open = False
        self._writer.cancel()
        if self.session and self.session.connection is self:
            self.session.connection = None


@dataclass(slots=True, eq=False)
class Session:
    """What one IDENTIFY began. `history` is what a RESUME can have repeated.

    `lacking` says which fields the next event of a name lacks.
    """

    id: str
    shard: tuple[int, int]
    intents: int
    connection: Connection | None = None
    resumable: bool = True
    seq: int = 0
    history: list[Json] = field(default_factory=list)
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def wants(self, event: Event) -> bool:
        """Whether the event is of this shard, and of an intent that was asked for."""
        number, count = self.shard
        mine = (int(event.guild_id) >> 22) % count == number if event.guild_id else number == 0
        return mine and (not event.needs or bool(event.needs & self.intents))

    def seen(self, event: Event) -> Json:
        hidden = event.veiled is not None and not self.intents & MESSAGE_CONTENT
        return event.veiled if hidden and event.veiled else event.data

    def tell(self, name: str, told: Any, copies: int = 1) -> None:
        """An event, with its number. Without a connection it waits for the next."""
        self.seq += 1
        for name_of_field in self.lacking.pop(name, ()):
            told = {one: value for one, value in told.items() if one != name_of_field}
        frame = {"op": 0, "t": name, "s": self.seq, "d": told}
        self.history.append(frame)
        for _ in range(copies if self.connection else 0):
            assert self.connection
            self.connection.send(frame)

    def repeat(self, name: str) -> None:
        assert self.connection
        self.connection.send(next(frame for frame in reversed(self.history) if frame["t"] == name))

    def replay(self, after: int) -> None:
        assert self.connection
        for frame in self.history:
            if frame["s"] > after:
                self.connection.send(frame)
        self.tell("RESUMED", {})
