"""Kill -9 between any two steps of a round, and a restart: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.requests import Member
from bot.store.store import Store
from llmq.redis.connection import connected
from llmq.redis.embedded import answers, until
from tests.faults.victim import ANSWERS, CHANNEL, START
from tests.servers import command

NEVER = -1
# One before and one after each call that changes something.
STEPS = 40


def play(url: str, folder: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    """Run the victim to its end, or to its death."""
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.victim", url, str(folder), str(fatal)],
        capture_output=True,
        text=True,
        timeout=60,
    )


async def check_the_day(redis: Redis, folder: Path) -> None:
    """One question and one reveal for a date, each acknowledged answer in it once, and its points."""
    lines = [json.loads(line) for line in (folder / "channel").read_text().splitlines()]
    counts = Counter((line["kind"], line["key"]) for line in lines)
    assert counts["post", "c:20780"] == 1
    assert counts["reply", "c:20780:reveal"] == 1
    assert counts["post", "c:20781"] == 1
    (reveal,) = (line["text"] for line in lines if line["key"] == "c:20780:reveal")
    store = Store(redis)
    for who, answer in ANSWERS.items():
        assert (folder / f"acknowledged-{who}").exists()
        assert reveal.count(answer) == 1
        standing = await store.standing(CHANNEL.team, Member(who, who), START, 0)
        assert standing.streak == 1
        assert standing.boards["all"][0] == 10


async def test_every_step_of_a_day_is_among_them(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    survived = play(redis_url, tmp_path, NEVER)
    assert survived.returncode == 0, survived.stderr
    await check_the_day(redis, tmp_path)
    assert int(survived.stdout) == STEPS


@pytest.mark.parametrize("fatal", range(STEPS))
async def test_a_process_killed_at_any_step_goes_on_after_its_restart(
    redis: Redis, redis_url: str, tmp_path: Path, fatal: int
) -> None:
    assert play(redis_url, tmp_path, fatal).returncode == -9
    survived = play(redis_url, tmp_path, NEVER)
    assert survived.returncode == 0, survived.stderr
    await check_the_day(redis, tmp_path)


@contextmanager
def killed_at_the_end(words: list[str]) -> Iterator[None]:
    """A server that is killed whatever happens, or the test would wait for it. Started without the loop."""
    with subprocess.Popen(words) as server:
        try:
            yield
        finally:
            server.kill()


async def test_a_server_killed_and_restarted_keeps_every_acknowledged_answer(tmp_path: Path) -> None:
    socket, data = tmp_path / "s", tmp_path / "data"
    data.mkdir()
    url = f"unix://{socket}"
    for fatal in (11, 19, NEVER):
        with killed_at_the_end(command(data, socket, tmp_path / "log")):
            await until(lambda: answers(socket))
            play(url, tmp_path, fatal)
            if fatal == NEVER:
                async with connected(url) as redis:
                    await check_the_day(redis, tmp_path)
        socket.unlink()
