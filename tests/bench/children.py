"""Processes of the bench whose cost is not ours; they take orders and answer, each a line of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 1 << 24


@dataclass(frozen=True, slots=True)
class Child:
    """A process that has said hello with `greeting`."""

    process: asyncio.subprocess.Process
    greeting: Any

    async def does(self, order: object) -> Any:
        """What it answers when it has done as it was told."""
        assert self.process.stdin
        self.process.stdin.write(f"{json.dumps(order)}\n".encode())
        return await heard(self.process)


@asynccontextmanager
async def child(module: str, *words: str) -> AsyncIterator[Child]:
    """A module that runs as a process while the context lasts."""
    pipe = asyncio.subprocess.PIPE
    line = (sys.executable, "-m", module, *words)
    process = await asyncio.create_subprocess_exec(*line, stdin=pipe, stdout=pipe, limit=LONGEST_LINE)
    try:
        yield Child(process, await heard(process))
    finally:
        process.kill()
        await process.wait()


async def heard(process: asyncio.subprocess.Process) -> Any:
    assert process.stdout
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the benchmark ended by itself")
    return json.loads(line)


def say(words: object) -> None:
    """Within the child: greet or answer."""
    print(json.dumps(words), flush=True)


async def orders() -> AsyncIterator[Any]:
    """Within the child: what it is told, until nobody is there to tell it."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)
