"""What all tests share: a real server for each test process, and how hypothesis searches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from bot.connection import client_of
from bot.embedded import answers, command, until

settings.register_profile(
    "llmq",
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("llmq")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real server of this test process. It need not wait for the disk."""
    folder = tmp_path_factory.mktemp("server")
    socket = folder / "s"
    with Popen([*command(folder, socket, folder / "log"), "--appendfsync", "no"], stdout=DEVNULL) as server:
        asyncio.run(until(lambda: answers(socket)))
        yield f"unix://{socket}"
        server.kill()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of an empty server."""
    client = client_of(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"
