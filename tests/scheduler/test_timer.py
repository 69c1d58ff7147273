"""When a process works, on the real APScheduler and the real loop; an event says when it did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.requests import Channel
from bot.store.file import REWRITTEN
from bot.store.store import Store
from llmq.redis.clients import client_of
from llmq.redis.embedded import until
from scheduler import timer as timer_module
from scheduler.clockwork import Clockwork, nothing
from scheduler.timer import Timer
from tests.dialogue import Recorder, catalogue_of

PATIENCE = 10


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Watched(Clockwork):
    """A clockwork that says when it has worked."""

    worked: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, ended: Callable[[], None] = nothing) -> None:
        await super().begin(ended)
        self.worked.set()

    async def works(self) -> None:
        """Wait for the next turn."""
        self.worked.clear()
        async with asyncio.timeout(PATIENCE):
            await self.worked.wait()


@pytest.fixture
async def clockwork(redis: Redis) -> Watched:
    return Watched(Store(redis), catalogue_of(), {"elsewhere": Recorder()}, now)


@pytest.fixture
async def timer(clockwork: Watched) -> AsyncIterator[Timer]:
    timer = Timer(now)
    timer.start(clockwork)
    await clockwork.works()
    yield timer
    await timer.stop()


async def test_it_works_when_it_is_woken(clockwork: Watched, timer: Timer) -> None:
    waiting = asyncio.create_task(clockwork.works())
    await asyncio.sleep(0)
    timer.wake()
    await waiting


async def test_it_works_at_the_next_due_moment(clockwork: Watched, timer: Timer) -> None:
    await clockwork.store.due.enqueue(Channel("elsewhere:t", "c"), now() + timedelta(milliseconds=200))
    first = asyncio.create_task(clockwork.works())
    await asyncio.sleep(0)
    timer.wake()
    await first
    # Woken once, it has seen what comes, and comes back for it by itself.
    await clockwork.works()


async def test_a_server_that_is_away_is_asked_again_later(clockwork: Watched) -> None:
    gone = client_of("unix:///nowhere/at/all.sock")
    timer = Timer(now)
    timer.start(Clockwork(Store(gone), None, {}, now))  # type: ignore[arg-type]
    timer.wake()
    await timer.stop()
    await gone.aclose()


async def test_a_process_whose_clock_is_off_takes_no_rounds_and_says_so(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = timedelta(days=400)
    clockwork = Watched(Store(redis), catalogue_of(), {"elsewhere": Recorder()}, lambda: now() + ahead)
    timer = Timer(lambda: now() + ahead)
    await timer._beat(clockwork)
    assert not timer.clock_is_right
    assert "this clock is off by 34559999 s" in caplog.text
    await timer._look(clockwork)
    assert not clockwork.worked.is_set()
    assert await clockwork.store.heartbeat.gaps("elsewhere", now(), now()) == []


async def test_the_file_is_rewritten_and_what_lies_far_ahead_is_brought_near(
    redis: Redis, clockwork: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer_module, "FIRST_REWRITE", timedelta())
    monkeypatch.setattr(timer_module, "FIRST_SWEEP", timedelta())
    due = clockwork.store.due
    await due.enqueue(Channel("elsewhere:t", "c"), now() + timedelta(days=400))

    async def is_done() -> bool:
        coming = await due.next_due(["elsewhere"])
        is_near = coming is not None and coming < now() + timedelta(days=1)
        return is_near and bool(await redis.exists(REWRITTEN))

    timer = Timer(now)
    timer.start(clockwork)
    await until(is_done)
    await timer.stop()


async def test_serving_is_noted_and_a_gap_is_found(redis: Redis) -> None:
    heartbeat = Store(redis).heartbeat
    begun = now().replace(microsecond=0)
    await heartbeat.beat(["elsewhere"], begun)
    await heartbeat.beat(["elsewhere"], begun + timedelta(seconds=30))
    later = begun + timedelta(hours=3)
    assert await heartbeat.gaps("elsewhere", begun, begun + timedelta(minutes=2)) == []
    # As the first process sees it that serves again, before it says so and after.
    before = await heartbeat.gaps("elsewhere", begun, later)
    await heartbeat.beat(["elsewhere"], later)
    assert before == await heartbeat.gaps("elsewhere", begun, later)
    (gap,) = before
    assert gap.end - gap.start == timedelta(hours=3, seconds=-30)
