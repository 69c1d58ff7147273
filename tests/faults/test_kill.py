"""Kill -9 between any two steps of a round, and a restart: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL
from subprocess import PIPE, Popen

from redis.asyncio import Redis

from bot.requests import Channel, Member
from bot.store.store import Store
from llmq.redis.connection import connected
from llmq.redis.embedded import answers, until
from tests.faults.cases import ALL, STEPS
from tests.faults.victim import ANSWERS, LATE, LATE_ANSWER, START
from tests.servers import command

NEVER = -1
# `make test` has time for some of them.
FATAL = range(0, STEPS, 1 if ALL else 4)
DAY = 20780
SAID = [
    ("post", ""),
    ("reply", ":reveal"),
    ("reply", ":answers:0"),
    ("post", ":revealed"),
    ("post", "c:20781"),
]


class Victims:
    """Plays days in processes of their own, all on one server."""

    def __init__(self, url: str, module: str = "tests.faults.victim") -> None:
        self._url, self._module = url, module

    def __enter__(self) -> Victims:
        words = (sys.executable, "-m", self._module)
        self._process = Popen(words, stdin=PIPE, stdout=PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def play(self, folder: Path, what: str, fatal: int) -> int:
        """Play a day or an act, or what is left of it, to its end or to its death; the status of that."""
        assert self._process.stdin
        assert self._process.stdout
        folder.mkdir(exist_ok=True)
        self._process.stdin.write(f"{self._url} {folder} {what} {fatal}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


async def check_the_day(redis: Redis, folder: Path, platform: str) -> None:
    """One question and one reveal for a date, each acknowledged answer told once, and its points."""
    lines = [json.loads(line) for line in (folder / "channel").read_text().splitlines()]
    said = [(line["kind"], line["key"].removeprefix("c:20780")) for line in lines if line["kind"] != "edit"]
    assert [(kind, key) for kind, key in said if not key.startswith(":late:")] == SAID
    place = Channel(f"{platform}:faults", "c")
    text = "\n".join(line["text"] for line in lines if line["kind"] == "reply")
    for who, answer in (ANSWERS | {LATE: LATE_ANSWER}).items():
        assert (folder / f"acknowledged-{who}").exists()
        assert text.count(answer) == 1
        standing = await Store(redis).standing(place, Member(who, who), START, 30)
        assert standing.here
        assert standing.here.streak == 1
        assert standing.here.ledger == ((DAY, "l" if who == LATE else "a"), (DAY + 1, "o"))
        assert standing.boards["all"][0] == (4 if who == LATE else 10)


async def test_a_process_killed_at_any_step_goes_on_after_its_restart(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    with Victims(redis_url) as victims:
        for fatal in FATAL:
            folder, platform = tmp_path / str(fatal), f"console{fatal}"
            assert victims.play(folder, platform, fatal) == -SIGKILL, fatal
            assert victims.play(folder, platform, NEVER) == 0, fatal
            await check_the_day(redis, folder, platform)


async def test_a_day_has_no_more_steps_than_those(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    with Victims(redis_url) as victims:
        assert victims.play(tmp_path, "console", NEVER) == 0
    await check_the_day(redis, tmp_path, "console")
    assert int((tmp_path / "steps").read_text()) == STEPS


@contextmanager
def killed_at_the_end(words: list[str]) -> Iterator[None]:
    """A server that is killed whatever happens, or the test would wait for it. Started without the loop."""
    with Popen(words) as server:
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
            with Victims(url) as victims:
                assert victims.play(tmp_path, "console", fatal) == (0 if fatal == NEVER else -SIGKILL)
            if fatal == NEVER:
                async with connected(url) as redis:
                    await check_the_day(redis, tmp_path, "console")
        socket.unlink()
