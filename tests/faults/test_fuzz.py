"""A hundred thousand requests of anybody: no error, no spoiler, no other team's key.

`make test` sends some hundreds. `FUZZ_SEED` says which; a failure names its own.
"""

from __future__ import annotations

import os

import pytest
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from bot import bot
from bot.store import scripts
from bot.store.keys import team_prefix
from llmq.redis import clients
from tests.faults.cases import ALL, FUZZED, FUZZED_AT_THE_PORT
from tests.faults.fuzz import confined, world
from tests.faults.fuzz_port import workspace
from tests.faults.watch import Leak

SEED = int(os.environ.get("FUZZ_SEED", "1"))
HANDLED, AT_THE_PORT = (FUZZED, FUZZED_AT_THE_PORT) if ALL else (400, 120)
# The line that keeps an open question's reference to itself, and what it says with blindness switched off.
BLIND, SEEING = "if blind or not (own or read) then round.reference = nil end", ""


@pytest.fixture(autouse=True)
def _a_busy_machine_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot, "ANSWER_WITHIN_SECONDS", 60.0)
    monkeypatch.setattr(clients, "ANSWER_SECONDS", 60.0)


@pytest.mark.timeout(7200)
async def test_whatever_anybody_does_nothing_breaks_and_nothing_is_given_away(
    redis: Redis, redis_url: str
) -> None:
    async with world(redis, redis_url, SEED) as one:
        await one.go_on(HANDLED)


@pytest.mark.timeout(7200)
async def test_whatever_comes_to_the_port_nothing_breaks_and_nothing_is_given_away(
    redis: Redis, redis_url: str
) -> None:
    async with workspace(redis, redis_url, SEED) as one:
        await one.go_on(AT_THE_PORT)
        assert one.refused > AT_THE_PORT / 20


async def test_the_watch_sees_that_blindness_is_switched_off(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = scripts.read_sources

    def seeing(*args: object) -> dict[str, str]:
        sources = read(*args)  # type: ignore[arg-type]
        assert BLIND in sources["today"]
        return sources | {"today": sources["today"].replace(BLIND, SEEING)}

    monkeypatch.setattr(scripts, "read_sources", seeing)
    async with world(redis, redis_url, SEED) as one:
        with pytest.raises(Leak, match="before the reveal"):
            await one.go_on(5000)


async def test_the_watch_sees_a_key_of_another_team(redis: Redis, redis_url: str) -> None:
    async with confined(redis, redis_url, "slack:T1") as own:
        await own.set(f"{team_prefix('slack:T1')}:x", "1")
        other = f"{team_prefix('slack:T2')}:x"
        with pytest.raises(NoPermissionError):
            await own.get(other)
        with pytest.raises(ResponseError, match=r"permission|ACL"):
            await own.eval("return redis.call('GET', ARGV[1])", 0, other)
