"""When this process works: at the next due moment, and now and then for what other replicas queued."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from redis import RedisError

from bot.store.heartbeat import MOST_SKEW
from bot.subject import about
from scheduler.clockwork import Clockwork

log = logging.getLogger(__name__)

# What another replica queued, and died before it could do it, is noticed so soon.
LONGEST_SLEEP = timedelta(seconds=5)
STOP_WITHIN = timedelta(seconds=5)
TURN = "turn"
SECOND = timedelta(seconds=1)
BEAT, BEAT_EVERY = "beat", timedelta(seconds=30)
REWRITE, REWRITE_EVERY = "rewrite", timedelta(hours=6)
SWEEP, SWEEP_EVERY = "sweep", timedelta(hours=1)
# What need not be at once leaves the start alone.
FIRST_REWRITE, FIRST_SWEEP = timedelta(hours=1), timedelta(minutes=30)


class Timer:
    """Runs the clockwork on APScheduler: one job, moved to the next due moment after each turn."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._clockwork: Clockwork | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._working = asyncio.Lock()
        self._jobs: set[asyncio.Task[None]] = set()
        self._again = self._stopped = False
        self.skew = timedelta()

    @property
    def clock_is_right(self) -> bool:
        """Whether our clock goes with the server's; a process with another one takes no rounds."""
        return abs(self.skew) <= MOST_SKEW

    def start(self, clockwork: Clockwork) -> None:
        """Run this clockwork from now on, in the running event loop."""
        self._clockwork, now = clockwork, self._clock()
        self._every(LONGEST_SLEEP, TURN, lambda: self._turn(clockwork), now)
        self._every(BEAT_EVERY, BEAT, lambda: self._beat(clockwork), now)
        # Asked often, done once in some days over all processes, however often they are started.
        self._every(REWRITE_EVERY, REWRITE, clockwork.store.rewrite_file, now + FIRST_REWRITE)
        self._every(SWEEP_EVERY, SWEEP, lambda: self._sweep(clockwork), now + FIRST_SWEEP)
        self._scheduler.start()

    def _every(
        self, span: timedelta, name: str, work: Callable[[], Awaitable[None]], first: datetime
    ) -> None:
        # The default grace of one second would drop a turn whenever the loop was busy for longer.
        self._scheduler.add_job(
            self._do,
            "interval",
            seconds=span.total_seconds(),
            args=(work,),
            id=name,
            next_run_time=first,
            misfire_grace_time=None,
            coalesce=True,
        )

    async def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        assert task
        self._jobs.add(task)
        try:
            await work()
        finally:
            self._jobs.discard(task)

    async def _beat(self, clockwork: Clockwork) -> None:
        """Say that we serve, and compare clocks."""
        try:
            await self._compare(clockwork)
            if self.clock_is_right:
                await clockwork.store.heartbeat.beat(clockwork.platforms, self._clock())
            else:
                log.error(
                    "this clock is off by %s s: no rounds until it goes with the server's",
                    self.skew // SECOND,
                )
        except RedisError as away:
            log.warning("the heartbeat is not kept (%s)", type(away).__name__)

    async def _sweep(self, clockwork: Clockwork) -> None:
        """Take out texts that are too old, about once a day over all processes; look at what lies far off."""
        try:
            if self.clock_is_right:
                await clockwork.store.due.bring_near(clockwork.platforms, self._clock())
            await clockwork.store.retention.sweep(self._clock())
        except RedisError as away:
            log.warning("what is too old stays for now (%s)", type(away).__name__)

    async def _compare(self, clockwork: Clockwork) -> None:
        self.skew = await clockwork.store.heartbeat.skew(self._clock())

    async def stop(self) -> None:
        """Take nothing new, and end what was begun or hand it back."""
        self._stopped = True
        self._scheduler.pause()
        # What APScheduler has just started shows itself in the next round of the loop. Its own end of jobs
        # cancels them, and says so in a traceback.
        await asyncio.sleep(0)
        while self._jobs:
            await asyncio.wait(self._jobs)
        self._scheduler.shutdown(wait=False)
        if self._clockwork:
            await self._clockwork.stop(STOP_WITHIN)

    def wake(self) -> None:
        """Something became due in this process, or there is room for more: look now."""
        self._again = True
        if self._scheduler.running and not self._working.locked():
            self._scheduler.modify_job(TURN, next_run_time=self._clock())

    async def _turn(self, clockwork: Clockwork) -> None:
        # Whoever woke the timer lent it the context of a command.
        about()
        async with self._working:
            self._again = True
            while self._again and not self._stopped:
                self._again = False
                moment = await self._look(clockwork)
        if not self._stopped:
            self._scheduler.modify_job(TURN, next_run_time=moment)

    async def _look(self, clockwork: Clockwork) -> datetime:
        """Begin what is due; returns when to look again, unless something ends before."""
        latest = self._clock() + LONGEST_SLEEP
        try:
            # A round that a wrong clock begins stands in the way of all that the right ones would.
            await self._compare(clockwork)
            if not self.clock_is_right:
                return latest
            await clockwork.begin(self.wake)
            if not clockwork.has_room():
                return latest
            due = await clockwork.store.due.next_due(clockwork.platforms)
        except RedisError as away:
            log.warning("the due queue cannot be read (%s); trying again shortly", type(away).__name__)
            return latest
        return min(due, latest) if due else latest
