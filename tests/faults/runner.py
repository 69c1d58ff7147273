"""`llmq run` in which a claim is given up after a second: `python -m tests.faults.runner`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from bot.serving import run
from bot.settings import read_settings
from scheduler import clockwork

if __name__ == "__main__":
    # A test cannot wait a minute until a claim of the dead process is free.
    clockwork.LEASE = timedelta(seconds=1)
    sys.exit(asyncio.run(run(read_settings())))
