"""What the tests with servers of their own share, and how a run ends in which one after another fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.cases import ALL
from tests.faults.test_topologies import Servers

# What fails so slowly has waited in vain for a process: more than a few of them say nothing new.
SLOW_SECONDS = 10.0
MOST_FAILURES = 30 if ALL else 3
FAILURES = pytest.StashKey[int]()


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Count what fails slowly in this folder."""
    if call.excinfo and call.duration > SLOW_SECONDS:
        item.config.stash[FAILURES] = item.config.stash.get(FAILURES, 0) + 1


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the rest out once a few have waited in vain: the run has failed, and each would take a minute."""
    failures = item.config.stash.get(FAILURES, 0)
    if failures >= MOST_FAILURES:
        pytest.skip(f"not tried: {failures} tests of faults have waited in vain")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Starts real servers on ports, which end with the test."""
    with ExitStack() as stack:
        yield Servers(tmp_path, stack)
