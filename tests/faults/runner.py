"""`llmq run` with shorter waits, in a process of its own that is forked when everything is imported and read.

A test cannot wait a minute until a claim of a dead process is free, nor for retries minutes apart. As in
earnest, a turn is given up before its claim ends, and Redis and the platforms have less time than a turn.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import timedelta

from adapters.discord import calls, shards
from adapters.slack import platform as slack
from content.deck import Deck
from llmq import serving
from llmq.redis import clients
from llmq.settings import Settings, read_settings
from scheduler import clockwork, timer

TURN_SECONDS, LEASE_SECONDS = 2.5, 3.0
# A turn may take longer by as much as the machine is busier than it can be, up to so much.
MOST_BUSY = 2.0


def busy() -> float:
    """By how much more wants to run than can: 1 on a machine with nothing else to do."""
    return min(max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0), MOST_BUSY)


def shorten_waits() -> None:
    clients.ANSWER_SECONDS = 1.0
    calls.ANSWER_SECONDS = 2.0
    clockwork.LEASE = timedelta(seconds=LEASE_SECONDS * busy())
    clockwork.LONGEST_TURN = timedelta(seconds=TURN_SECONDS * busy())
    clockwork.FIRST_RETRY, clockwork.LONGEST_RETRY = timedelta(seconds=0.1), timedelta(seconds=1)
    timer.LONGEST_SLEEP = timedelta(seconds=0.3)
    slack.SECONDS_BETWEEN_POSTS = 0.1
    shards.LEASE, shards.LOOK_EVERY = timedelta(seconds=2), timedelta(seconds=0.2)
    shards.IDENTIFY_EVERY = timedelta()


def preloaded_decks(_: Settings) -> tuple[Deck, ...]:
    """Imported by the process alone: reading takes seconds."""
    from tests.faults.preloaded import DECKS

    return DECKS


def main(log: str, environment: Mapping[str, str]) -> None:
    """Run with nothing but these settings; what is said goes to the end of a file."""
    os.environ.clear()
    os.environ.update(environment)
    with open(log, "ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    shorten_waits()
    vars(serving).update(decks_of=preloaded_decks)
    sys.exit(asyncio.run(serving.run(read_settings())))
