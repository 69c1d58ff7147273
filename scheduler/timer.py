"""When this process works: at the next due moment, and now and then for what other replicas queued."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from redis import RedisError

from scheduler.clockwork import Clockwork

log = logging.getLogger(__name__)

LONGEST_SLEEP = timedelta(seconds=30)
TURN = "turn"


class Timer:
    """Runs the clockwork on APScheduler: one job, moved to the next due moment after each turn."""

    def __init__(self, clockwork: Clockwork, clock: Callable[[], datetime]) -> None:
        self._clockwork, self._clock = clockwork, clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._working = asyncio.Lock()
        self._again = False

    def start(self) -> None:
        """Start in the running event loop."""
        # The default grace of one second would drop a turn whenever the loop was busy for longer.
        self._scheduler.add_job(
            self._turn,
            "interval",
            seconds=LONGEST_SLEEP.total_seconds(),
            id=TURN,
            next_run_time=self._clock(),
            misfire_grace_time=None,
            coalesce=True,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Start no further turn and wait for the one under way."""
        self._scheduler.pause()
        async with self._working:
            self._scheduler.shutdown(wait=False)

    def wake(self) -> None:
        """Something became due in this process: look now."""
        self._again = True
        if self._scheduler.running and not self._working.locked():
            self._scheduler.modify_job(TURN, next_run_time=self._clock())

    async def _turn(self) -> None:
        async with self._working:
            self._again = True
            while self._again:
                self._again = False
                moment = await self._work()
        self._scheduler.modify_job(TURN, next_run_time=moment)

    async def _work(self) -> datetime:
        """Do what is due; returns when to look again."""
        latest = self._clock() + LONGEST_SLEEP
        try:
            await self._clockwork.work()
            due = await self._clockwork.store.next_due(self._clockwork.platforms)
        except RedisError as away:
            log.warning("the due queue cannot be read (%s); trying again shortly", type(away).__name__)
            return self._clock() + timedelta(seconds=5)
        return min(due, latest) if due else latest
