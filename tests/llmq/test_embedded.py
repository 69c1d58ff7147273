"""The embedded server: what it keeps, how it goes, and what is left when we are killed."""

import asyncio
import os
import signal
import socket as sockets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.errors import Refusal
from llmq.redis import embedded
from llmq.redis.clients import client_of
from llmq.redis.embedded import answers, embedded_server, socket_path

pytestmark = pytest.mark.bundled

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from llmq.redis.clients import client_of
from llmq.redis.embedded import embedded_server

async def main():
    async with embedded_server(Path(sys.argv[1])) as url:
        client = client_of(url)
        await client.set("answer", "42")
        print((await client.info("server"))["run_id"], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@asynccontextmanager
async def client(data_dir: Path) -> AsyncIterator[Redis]:
    async with embedded_server(data_dir) as url:
        redis = client_of(url)
        yield redis
        await redis.aclose()


async def run_id(redis: Redis) -> str:
    return str((await redis.info("server"))["run_id"])


async def test_the_server_opens_no_port_and_lets_nobody_else_in(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        assert await redis.config_get("port") == {"port": "0"}
        assert socket_path(data_dir).stat().st_mode & 0o077 == 0
        assert os.stat(data_dir).st_mode & 0o077 == 0


async def test_a_write_is_on_disk_before_it_is_acknowledged_and_nothing_is_evicted(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        assert await redis.config_get("appendonly") == {"appendonly": "yes"}
        assert await redis.config_get("appendfsync") == {"appendfsync": "always"}
        assert await redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


async def test_what_was_written_is_there_at_the_next_start(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        await redis.set("answer", "42")
    async with client(data_dir) as redis:
        assert await redis.get("answer") == "42"


async def test_no_server_is_left_after_a_clean_end(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        assert await redis.ping()
    assert not await answers(socket_path(data_dir))


async def test_the_server_is_stopped_when_what_it_was_for_fails(data_dir: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with client(data_dir):
            raise ZeroDivisionError
    assert not await answers(socket_path(data_dir))


async def test_a_second_llmq_on_the_same_folder_is_refused_and_the_first_goes_on(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        with pytest.raises(Refusal, match=r"Another llmq is using .* set LLMQ_REDIS_URL"):
            async with client(data_dir):
                pytest.fail("two servers on one folder")
        assert await redis.ping()


async def test_after_a_kill_the_old_server_is_replaced_and_nothing_is_lost(data_dir: Path) -> None:
    killed = subprocess.run(  # noqa: ASYNC221 - it ends by itself at once
        [sys.executable, "-c", KILLED, str(data_dir)], capture_output=True, text=True, timeout=30, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert await answers(socket_path(data_dir)), "the server should have outlived its parent"
    async with client(data_dir) as redis:
        assert await run_id(redis) != killed.stdout.strip()
        assert await redis.get("answer") == "42"
    assert not await answers(socket_path(data_dir))


async def test_the_socket_of_a_dead_server_is_no_hindrance(data_dir: Path) -> None:
    os.mkdir(data_dir)
    with sockets.socket(sockets.AF_UNIX) as dead:
        dead.bind(str(socket_path(data_dir)))
    async with client(data_dir) as redis:
        assert await redis.ping()


async def test_ctrl_c_at_the_terminal_reaches_only_us(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        server = (await redis.info("server"))["process_id"]
        assert os.getsid(server) != os.getsid(0)


async def test_a_folder_with_a_space_in_its_name_serves(data_dir: Path) -> None:
    async with client(data_dir / "with space") as redis:
        assert await redis.ping()


async def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match=r"cannot be written .* LLMQ_DATA_DIR"):
        async with client(tmp_path / "file"):
            pass


async def test_files_that_cannot_be_read_are_refused_with_the_end_of_the_log(data_dir: Path) -> None:
    files = data_dir / "appendonlydir"
    files.mkdir(parents=True)
    (files / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(Refusal, match=r"(?s)did not start.*Invalid AOF manifest.*restore the folder"):
        async with client(data_dir):
            pass


async def test_a_write_that_was_cut_off_is_dropped_and_the_rest_is_kept(data_dir: Path) -> None:
    async with client(data_dir) as redis:
        await redis.set("whole", "1")
    (log,) = (data_dir / "appendonlydir").glob("*.incr.aof")
    with log.open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$3\r\ncut\r\n$5\r\nha")
    async with client(data_dir) as redis:
        assert await redis.mget("whole", "cut") == ["1", None]


async def test_a_folder_can_be_used_again_after_a_start_that_failed(data_dir: Path) -> None:
    files = data_dir / "appendonlydir"
    files.mkdir(parents=True)
    bad = files / "appendonly.aof.manifest"
    bad.write_text("nonsense\n")
    with pytest.raises(Refusal):
        async with client(data_dir):
            pass
    bad.unlink()
    async with client(data_dir) as redis:
        assert await redis.ping()


@pytest.fixture
def long_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder whose path is too long for a socket; the temporary folder is the test's own."""
    with tempfile.TemporaryDirectory() as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        yield tmp_path / ("long" * 25)


async def test_a_path_too_long_for_a_socket_gets_a_private_folder(long_dir: Path) -> None:
    async with client(long_dir) as redis:
        await redis.set("answer", "42")
        folder = socket_path(long_dir).parent
        assert long_dir not in folder.parents
        assert folder.stat().st_mode & 0o077 == 0
    async with client(long_dir) as redis:
        assert await redis.get("answer") == "42"


def test_two_long_paths_do_not_share_a_socket(long_dir: Path) -> None:
    assert socket_path(long_dir) != socket_path(long_dir / "other")


def test_a_socket_folder_that_others_may_enter_is_refused(long_dir: Path) -> None:
    socket_path(long_dir).parent.chmod(0o755)
    with pytest.raises(Refusal, match="shorter path"):
        socket_path(long_dir)


def test_a_link_in_place_of_the_socket_folder_is_refused(long_dir: Path, tmp_path: Path) -> None:
    folder = socket_path(long_dir).parent
    folder.rmdir()
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    folder.symlink_to(private)
    with pytest.raises(Refusal, match="shorter path"):
        socket_path(long_dir)


async def test_a_system_without_the_server_is_told_to_name_one(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(Refusal, match="LLMQ_REDIS_URL"):
        async with client(data_dir):
            pass


async def test_a_server_that_this_system_cannot_run_is_a_refusal_too(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "binary", lambda: tmp_path / "missing")
    with pytest.raises(Refusal, match="LLMQ_REDIS_URL"):
        async with client(data_dir):
            pass


async def test_a_server_that_never_answers_is_given_up(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    silent.chmod(0o700)
    monkeypatch.setattr(embedded, "binary", lambda: silent)
    monkeypatch.setattr(embedded, "START_SECONDS", 0.05)
    with pytest.raises(Refusal, match="did not start"):
        async with client(data_dir):
            pass


async def test_a_server_that_dies_is_started_again_with_what_it_held(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "FIRST_WAIT_SECONDS", 0.01)
    async with client(data_dir) as redis:
        await redis.set("answer", "42")
        first = await redis.info("server")
        os.kill(int(first["process_id"]), signal.SIGKILL)

        async def is_back() -> bool:
            return await answers(socket_path(data_dir)) and await run_id(redis) != first["run_id"]

        await embedded.until(is_back)
        assert await redis.get("answer") == "42"


async def test_what_keeps_it_from_starting_is_said_and_tried_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedded, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(embedded, "LONGEST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(embedded, "is_full", lambda folder: True)
    async with client(data_dir) as redis:
        pid = int((await redis.info("server"))["process_id"])
        # A file where its folder should be keeps the server from starting.
        files = data_dir / "appendonlydir"
        aside = data_dir / "aside"
        os.kill(pid, signal.SIGKILL)
        files.rename(aside)
        files.write_text("in the way")

        async def is_said() -> bool:
            return "did not start" in caplog.text

        await embedded.until(is_said)
        assert "is full" in caplog.text
        files.unlink()
        aside.rename(files)
        await embedded.until(lambda: answers(socket_path(data_dir)))


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 2:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await embedded.cancel(task)
    assert task.cancelled()
    assert swallowed == 2
