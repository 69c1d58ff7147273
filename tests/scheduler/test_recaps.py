"""The recap is told once: over several processes, when a call fails, and when a process dies in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import Message
from bot.requests import Channel
from scheduler.clockwork import LEASE, Clockwork
from tests.dialogue import ADMIN, Dialogue, Recorder

ANSWER = "An answer that says something."
# Friday's question at nine, its reveal eight hours later, and the recap behind that.
RECAP = datetime(2026, 11, 27, 17, 15, tzinfo=UTC)
KEY = "practice:recap:20784"


@dataclass
class Weak(Recorder):
    """A platform whose next calls about recaps fail, before they are carried out or after."""

    failures: list[str] = field(default_factory=list)

    def fails(self, moment: str, key: str) -> None:
        if ":recap:" in key and self.failures and self.failures[0] == moment:
            self.failures.pop(0)
            raise ConnectionError(moment)

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        self.fails("before post", key)
        id = await super().post(channel, message, key, about)
        self.fails("after post", key)
        return id

    async def find(self, channel: Channel, key: str) -> str | None:
        self.fails("find", key)
        return await super().find(channel, key)


async def friday(redis: Redis, *failures: str) -> Dialogue:
    """The moment before the recap of a week in which Ana answered on Friday."""
    d = Dialogue(redis, platform=Weak(failures=list(failures)))
    await d.says(ADMIN, "daily on 09:00 weekdays")
    await d.says(ADMIN, "daily recap friday")
    await d.forward(days=4, hours=2)
    await d.says("ana", f"answer {ANSWER}")
    await d.forward(seconds=(RECAP - d.now).total_seconds() - 1)
    return d


def recaps(d: Dialogue) -> list[str]:
    return [post.key for post in d.platform.posts if ":recap:" in post.key]


def another(d: Dialogue) -> Clockwork:
    """The clockwork of a process of its own."""
    return Clockwork(d.store, d.catalogue, d.clockwork.platforms, d.clock)


async def test_several_processes_tell_it_once(redis: Redis) -> None:
    d = await friday(redis)
    assert recaps(d) == []
    d.now = RECAP
    await asyncio.gather(*(another(d).work() for _ in range(4)))
    assert recaps(d) == [KEY]
    await d.forward(days=6)
    assert recaps(d) == [KEY]


@pytest.mark.parametrize("failure", ["find", "before post", "after post"])
@pytest.mark.parametrize("times", [1, 2])
async def test_whatever_fails_it_is_told_once(redis: Redis, failure: str, times: int) -> None:
    d = await friday(redis, *[failure] * times)
    await d.forward(hours=2)
    assert recaps(d) == [KEY]


async def test_a_process_that_dies_behind_the_post_leaves_it_to_be_found(redis: Redis) -> None:
    d = await friday(redis)

    class Killed(BaseException):
        """The end of a process."""

    async def dies(channel: Channel, day: object) -> None:
        raise Killed

    told, d.store.weeks.told = d.store.weeks.told, dies  # type: ignore[method-assign]
    d.now = RECAP
    (claim,) = await d.store.due.claim(["console"], d.now, d.now + LEASE, 1)
    with pytest.raises(Killed):
        await d.clockwork.advance(claim.channel, claim.due)
    assert recaps(d) == [KEY]
    d.store.weeks.told = told  # type: ignore[method-assign]
    # Nobody gave the claim back, so another takes it when its lease is over.
    d.now += LEASE / 2
    await another(d).work()
    assert (await d.store.channel(d.channel)).recapped == 0
    d.now += LEASE
    await another(d).work()
    assert recaps(d) == [KEY]
    assert (await d.store.channel(d.channel)).recapped == 20784


async def test_a_process_that_dies_before_the_post_leaves_it_to_another(redis: Redis) -> None:
    d = await friday(redis)
    d.now = RECAP
    await d.store.due.claim(["console"], d.now, d.now + LEASE, 1)
    d.now += LEASE
    await another(d).work()
    assert recaps(d) == [KEY]


async def test_after_downtime_it_is_told_within_a_day_and_then_no_more(redis: Redis) -> None:
    d = await friday(redis)
    d.now = RECAP + timedelta(hours=23)
    await d.clockwork.work()
    assert recaps(d) == [KEY]


async def test_after_a_day_of_downtime_it_is_left_out(redis: Redis) -> None:
    d = await friday(redis)
    d.now = RECAP + timedelta(hours=25)
    await d.forward(days=5)
    assert recaps(d) == []


async def test_a_recap_that_cannot_be_told_holds_up_no_question(redis: Redis) -> None:
    d = await friday(redis, *["before post"] * 10_000)
    await d.forward(days=3)
    assert recaps(d) == []
    assert [post.key for post in d.platform.posts][-1] == "practice:20787"


async def test_a_clock_that_was_put_back_tells_it_no_second_time(redis: Redis) -> None:
    d = await friday(redis)
    await d.forward(minutes=5)
    d.now -= timedelta(minutes=20)
    await d.forward(hours=2)
    assert recaps(d) == [KEY]
