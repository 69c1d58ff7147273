"""discord.py without its waiting: it sleeps between tries for seconds, which a test need not."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

SLEEPERS = ("discord.client", "discord.http", "discord.shard", "discord.webhook.async_")


@contextmanager
def without_waiting(passing: Callable[[float], object] = lambda _: None) -> Iterator[list[float]]:
    """Gives the seconds that it would have slept, one entry a sleep; `passing` hears of each."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        passing(seconds)
        await asyncio.sleep(0)

    hasty = ModuleType("asyncio")
    vars(hasty).update(vars(asyncio), sleep=sleep)
    modules = [importlib.import_module(name) for name in SLEEPERS]
    for module in modules:
        vars(module)["asyncio"] = hasty
    try:
        yield waits
    finally:
        for module in modules:
            vars(module)["asyncio"] = asyncio
