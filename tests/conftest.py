"""What all tests share: a real server for each test process, and how hypothesis searches."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from llmq.redis.clients import client_of
from llmq.redis.embedded import answers, until
from tests import servers
from tests.servers import command

# Helpers that assert say what they saw, too.
pytest.register_assert_rewrite("tests.adapters.slack_team", "tests.faults.replicas", "tests.model")

StartServer = Callable[..., Awaitable[str]]

settings.register_profile(
    "llmq",
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("llmq")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: a test mostly waits for servers and processes."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_report_header() -> str:
    return f"server: {servers.version_line().strip()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the server that llmq brings along where the tests run on another."""
    if servers.NAMED:
        left_out = [item for item in items if item.get_closest_marker("bundled")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time; a test of the limit sets its own."""
    monkeypatch.setattr("bot.bot.ANSWER_WITHIN_SECONDS", 30.0)


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
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that is not there yet, with a path short enough for a socket."""
    return tmp_path_factory.mktemp("d") / "data"


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts further real servers with options of their own, such as a password; gives their URLs."""
    with ExitStack() as servers:

        async def start(*options: str) -> str:
            folder = tmp_path_factory.mktemp("server")
            socket = folder / "s"
            server = Popen([*command(folder, socket, folder / "log"), *options], stdout=DEVNULL)  # noqa: ASYNC220
            servers.enter_context(server)
            servers.callback(server.kill)
            await until(lambda: listens(socket))
            return f"unix://{socket}"

        yield start


async def listens(socket: Path) -> bool:
    """Whether a server takes connections; one with a password answers no stranger."""
    try:
        _, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
