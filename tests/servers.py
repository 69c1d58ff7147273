"""Which server the tests run on: the one that llmq brings along, or the one that LLMQ_TEST_REDIS names."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from llmq.redis import embedded

NAMED = os.environ.get("LLMQ_TEST_REDIS")


def program() -> Path:
    return Path(NAMED) if NAMED else embedded.binary()


@cache
def version_line() -> str:
    """What the program says of itself: `Redis server v=7.0.15 sha=…`, `Valkey server v=9.1.2 …`."""
    words = (program(), "--version")
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def server_name() -> str:
    """`Redis` or `Valkey`."""
    return version_line().split()[0]


def command(folder: Path, socket: Path, log: Path) -> list[str]:
    """A server as llmq starts its own: each write is on disk before it is acknowledged."""
    return embedded.command(program(), folder, socket, log)
