"""A server that can be killed, and a wire to it on which one exchange can go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Literal

from adapters.discord import leases
from bot.store import store
from bot.store.scripts import Scripts
from llmq.redis.clients import client_of
from llmq.redis.embedded import answers, until
from tests.servers import command

Moment = Literal["before", "after"]
Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]
LARGEST_READ = 1 << 20


@dataclass
class Server:
    """A real server that syncs each write, and comes back with its files after it was killed."""

    folder: Path
    process: Popen[bytes] | None = None
    scripts: dict[str, bytes] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    async def start(self) -> None:
        """Start it, and teach it the scripts, so that the first call of each is not a special one."""
        self.socket.unlink(missing_ok=True)
        words = command(self.folder, self.socket, self.folder / "log")
        self.process = Popen(words, stdout=DEVNULL)  # noqa: ASYNC220
        await until(lambda: answers(self.socket))
        client = client_of(self.url)
        scripts = (Scripts(client, folder)._scripts for folder in (store.FOLDER, leases.FOLDER))
        for name, script in chain.from_iterable(each.items() for each in scripts):
            self.scripts[name] = script.sha.encode()
            await client.script_load(script.source)
        await client.aclose()

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Trap:
    """What happens to one exchange: the first call of a script, before the server sees it or after."""

    script: str
    moment: Moment
    # Stands in the call or in its answer: others that are not about the channel go well.
    sign: bytes
    # Whether the exchange goes on after it; otherwise the connection is cut.
    strike: Callable[[], Awaitable[bool]]


@dataclass
class Wire:
    """Carries the exchanges between llmq and its server."""

    server: Server
    socket: Path
    trap: Trap | None = None
    carrying: set[asyncio.Task[None]] = field(default_factory=set)

    def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what comes on a new connection."""
        task = asyncio.create_task(self._carry(reader, writer))
        self.carrying.add(task)
        task.add_done_callback(self.carrying.discard)

    async def close(self) -> None:
        for task in self.carrying:
            task.cancel()
        await asyncio.gather(*self.carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with closed_at_the_end(writer):
            with suppress(OSError):
                there, back = await asyncio.open_unix_connection(self.server.socket)
                async with closed_at_the_end(back):
                    await self._carry_both_ways((reader, back), (there, writer))

    async def _carry_both_ways(self, calls: Way, answers: Way) -> None:
        link = Link(self, b"")
        ways = [
            asyncio.create_task(link.pump(*calls, "before")),
            asyncio.create_task(link.pump(*answers, "after")),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def strikes(self, call: bytes, answer: bytes, moment: Moment) -> bool:
        """Whether the exchange goes on, once what is in wait for it has happened."""
        trap = self.trap
        if trap is None or trap.moment != moment or self.server.scripts[trap.script] not in call:
            return True
        if trap.sign not in (answer if trap.script == "claim" else call):
            return True
        self.trap = None
        return await trap.strike()


@dataclass
class Link:
    """One connection. A client sends the next call when it has the answer to the last."""

    wire: Wire
    call: bytes

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, moment: Moment) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(LARGEST_READ):
                if moment == "before":
                    self.call = data
                if not await self.wire.strikes(self.call, data, moment):
                    return
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def closed_at_the_end(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        # Not closed in good order: the other end may not read any more.
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def wired(folder: Path) -> AsyncIterator[Wire]:
    """A running server, and the wire to it; llmq is told the wire's address."""
    server = Server(folder)
    await server.start()
    wire = Wire(server, folder / "w")
    listener = await asyncio.start_unix_server(wire.carry, wire.socket)
    try:
        yield wire
    finally:
        listener.close()
        await wire.close()
        server.kill()
