"""The end of a process: what was begun may end, but within a bound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

log = logging.getLogger(__name__)

# Of each part of a process; all of them together take less than the thirty that Kubernetes gives.
STOP_SECONDS = 3.0


async def ended(work: Awaitable[object], what: str) -> None:
    """Wait for work that is to end by itself; what takes too long is given up, with a line in the log."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await work
    except TimeoutError:
        log.warning("%s did not end within %d s and are given up", what, STOP_SECONDS)
