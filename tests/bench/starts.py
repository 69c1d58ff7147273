"""Wall time of the command line, the second time that it starts on a data folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from statistics import median

STARTS = 5
COMMANDS = ("--version", "--help", "console")


def starts() -> Iterator[tuple[str, float]]:
    """Seconds of each command."""
    with tempfile.TemporaryDirectory() as folder:
        for name in COMMANDS:
            yield name, median([start(name, folder) for _ in range(STARTS + 1)][1:])


def start(name: str, folder: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "llmq", name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"LLMQ_DATA_DIR": folder},
        check=True,
    )
    return time.perf_counter() - begun
