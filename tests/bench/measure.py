"""How things are timed: batches of ours and of the floor in turn, so that what drifts, drifts for both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from statistics import median
from timeit import Timer

Work = Callable[[int], Awaitable[object]]
Rate = Callable[[], Awaitable[float]]

RUNS = 9


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians of operations a second, and of the ratio of the two in each run."""

    ours: float
    floor: float
    ratio: float


async def rate(work: Work, in_flight: int, operations: int, numbers: count[int]) -> float:
    """Operations a second, with so many in flight."""
    left = iter(range(operations))

    async def keep_going() -> None:
        for _ in left:
            await work(next(numbers))

    start = time.perf_counter()
    await asyncio.gather(*(keep_going() for _ in range(in_flight)))
    return operations / (time.perf_counter() - start)


async def in_turn(ours: Rate, floor: Rate, runs: int = RUNS) -> Compared:
    """Ours and the floor in turn; a first run of each warms up and does not count."""
    pairs = [(await floor(), await ours()) for _ in range(runs + 1)][1:]
    return Compared(
        ours=median(ours for _, ours in pairs),
        floor=median(floor for floor, _ in pairs),
        ratio=median(ours / floor for floor, ours in pairs),
    )


async def compare(ours: Work, floor: Work, in_flight: int, operations: int, runs: int = RUNS) -> Compared:
    """So many operations of ours and of the floor in turn, so many of them in flight."""
    numbers = count()
    return await in_turn(
        lambda: rate(ours, in_flight, operations, numbers),
        lambda: rate(floor, in_flight, operations, numbers),
        runs,
    )


def microseconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """How long something takes by itself, as a median."""
    timer = Timer(work)
    times, _ = timer.autorange()
    return median(timer.repeat(runs, times)) / times * 1_000_000
