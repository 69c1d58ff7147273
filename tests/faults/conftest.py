"""What the tests with servers of their own share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.test_topologies import Servers


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Starts real servers on ports, which end with the test."""
    with ExitStack() as stack:
        yield Servers(tmp_path, stack)
