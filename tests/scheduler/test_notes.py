"""Members' turns in the due queue: they outlive the process that planned them, and are told once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import Message
from bot.store.keys import member_turn
from bot.store.own import Catalogues
from scheduler.clockwork import LEASE, Clockwork
from scheduler.notes import MemberNotes
from tests.dialogue import ADMIN, Dialogue, Recorder, catalogue_of, deck, question

ANSWER = "An answer that says something."


@dataclass
class Stuck(Recorder):
    """A platform that takes no word to a member, and says that one came."""

    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        self.came.set()
        await asyncio.Event().wait()


async def planned(redis: Redis, *wishes: str) -> Dialogue:
    """Ana has a streak and such wishes, and something to review. Today's question is out until five."""
    # Of a deck of ten all would be kept from review, as what comes next.
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(20)))))
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    await d.says("ana", "answer", ANSWER)
    await d.says(ADMIN, "reveal")
    for wish in wishes:
        await d.says("ana", f"remind {wish}")
    await d.press("ana", await d.says("ana", "compare"), "Again")
    await d.forward(days=1)
    assert not told(d)
    return d


def told(d: Dialogue) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == "ana"]


def restarted(d: Dialogue) -> Dialogue:
    """Another process, on the same server and the same platform."""
    return Dialogue(d.redis, d.catalogue, d.now, platform=d.platform)


async def test_what_was_planned_is_told_once_by_the_process_after_it(redis: Redis) -> None:
    d = restarted(await planned(redis, "deadline 1h", "reveal on"))
    await d.forward(hours=6)
    (deadline,) = told(d)
    assert "Today's question" in deadline
    d = restarted(d)
    await d.forward(hours=10)
    _, revealed = told(d)
    assert revealed.startswith("Revealed in")


async def test_processes_at_the_same_moment_tell_it_once(redis: Redis) -> None:
    d = await planned(redis, "deadline 1h")
    due = await d.store.due.next_due(["console"])
    assert due
    d.now = due
    others = [Clockwork(d.store, d.catalogue, d.clockwork.platforms, d.clock) for _ in range(4)]
    await asyncio.gather(*(one.work() for one in (d.clockwork, *others)))
    assert len(told(d)) == 1


async def test_the_turn_of_a_process_that_died_is_taken_up_after_its_lease(redis: Redis) -> None:
    d = await planned(redis, "deadline 1h")
    due = await d.store.due.next_due(["console"])
    assert due
    d.now = due
    assert len(await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)) == 1
    await d.clockwork.work()
    assert not told(d)
    await restarted(d).forward(hours=2)
    assert len(told(d)) == 1


@pytest.mark.parametrize("wish", ["deadline 1h", "reveal on", "review 16:00"])
async def test_what_a_process_that_stops_was_telling_is_told_by_the_next_one(redis: Redis, wish: str) -> None:
    d = await planned(redis, wish)
    await d.forward(hours=5, minutes=59)
    d.now += timedelta(minutes=1)
    if wish == "reveal on":
        await d.store.force_reveal(d.channel)
        await d.store.due.enqueue(d.channel, d.now)
    stuck = Stuck(posts=d.platform.posts, lines=d.platform.lines, replies=d.platform.replies)
    stopping = Clockwork(d.store, d.catalogue, {"console": stuck}, d.clock)
    working = asyncio.create_task(stopping.work())
    async with asyncio.timeout(10):
        await stuck.came.wait()
    working.cancel()
    await stopping.stop(timedelta())
    assert not told(d)
    await restarted(d).forward(minutes=1)
    assert len(told(d)) == 1


async def test_a_stop_in_the_middle_of_telling_of_a_streak_leaves_it_for_the_next_private_reply(
    redis: Redis,
) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(20)))), platform=Stuck())
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    await d.says("ana", "answer", ANSWER)
    await d.forward(days=1)
    assert isinstance(d.platform, Stuck)
    later = asyncio.create_task(d.forward(days=1))
    async with asyncio.timeout(10):
        await d.platform.came.wait()
    later.cancel()
    await d.clockwork.stop(timedelta())
    assert "ended at 1 day." in await d.hears("ana", "streak")
    assert "ended at" not in await d.hears("ana", "streak")


class Killed(BaseException):
    """The process is gone in the middle of something, with no time to put anything right."""


class Dying(Recorder):
    """A platform at which the process dies before it tells a member anything."""

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        raise Killed


@pytest.mark.parametrize("wish", ["deadline 1h", "reveal on", "review 16:00"])
async def test_what_a_process_that_was_killed_was_telling_is_told_after_its_lease(
    redis: Redis, wish: str
) -> None:
    d = await planned(redis, wish)
    await d.forward(hours=5, minutes=59)
    d.now += timedelta(minutes=1)
    if wish == "reveal on":
        await d.store.force_reveal(d.channel)
    turn = member_turn(d.channel.team, "ana")
    dying = MemberNotes(d.store, Catalogues(d.store.own, d.catalogue), {"console": Dying()}, d.clock)
    if wish == "reveal on":
        round = (await d.store.channel(d.channel)).round
        assert round
        await d.store.reveal(d.channel.team, round.id, d.now)
        await dying.plan_reveal(round, d.channel)
    with pytest.raises(Killed):
        await dying.advance(turn)
    assert not told(d)
    await restarted(d).forward(minutes=5)
    assert len(told(d)) == 1
