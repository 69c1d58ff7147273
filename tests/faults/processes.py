"""Processes of `llmq run` as the tests start, watch and end them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.faults import runner

STOP_PATIENCE = 30.0
LAST_LINES = 30
# A process that has everything imported forks into each: most of a start is importing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([runner.__name__, "tests.faults.preloaded"])


class Process:
    """A started process; `ended` has its exit status as soon as it has ended, minus the signal of a kill."""

    def __init__(self, process: ForkServerProcess) -> None:
        loop = asyncio.get_running_loop()
        self._process, self.ended = process, loop.create_future()
        loop.add_reader(process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.ended.set_result(self._process.exitcode)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing to one that has ended."""
        if self._process.pid is not None and self.returncode is None:
            os.kill(self._process.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        return int(await asyncio.shield(self.ended))

    async def stop(self) -> None:
        """Tell it to stop; one that does not is killed, and that is a failure."""
        self.terminate()
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self.wait()
        finally:
            self.kill()
            await self.wait()


def started(log: Path, redis_url: str, settings: dict[str, str]) -> Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LLMQ_")}
    named = {f"LLMQ_{name.upper()}": value for name, value in settings.items()}
    # Without a server of ours it brings its own.
    environment = clean | named | ({"LLMQ_REDIS_URL": redis_url} if redis_url else {})
    return forked(runner.main, str(log), environment)


def forked(target: Callable[..., object], *args: object) -> Process:
    """A process of its own that calls a function."""
    process = FORKS.Process(target=target, args=args, daemon=True)
    process.start()
    return Process(process)


@asynccontextmanager
async def llmq_run(folder: Path, redis_url: str, **settings: str) -> AsyncIterator[Process]:
    """A process of its own, with nothing but these settings; at the end it is told to stop.

    Whatever is awaited meanwhile ends at once when the process fails.
    """
    log = folder / "log"
    process = started(log, redis_url, settings)
    try:
        async with failing_with(process.ended, lambda: last_lines(log)):
            yield process
    finally:
        await process.stop()


@asynccontextmanager
async def failing_with(
    process: asyncio.Future[int], last_words: Callable[[], str] = str
) -> AsyncIterator[None]:
    """End with a failure as soon as a process has ended with one."""
    loop, failed = asyncio.get_running_loop(), asyncio.timeout(None)

    def look(ended: asyncio.Future[int]) -> None:
        if ended.result() > 0:
            failed.reschedule(loop.time())

    try:
        async with failed:
            process.add_done_callback(look)
            try:
                yield
            finally:
                process.remove_done_callback(look)
    except TimeoutError:
        if failed.expired():
            raise AssertionError(f"A process ended by itself:\n{last_words()}") from None
        raise


def last_lines(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-LAST_LINES:]) if log.exists() else ""
