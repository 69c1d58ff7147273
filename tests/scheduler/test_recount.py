"""How many have answered, in the question's own post: brought up to date now and then, in nobody's way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis

from bot.messages import Message
from bot.platform import ChannelRefused
from bot.requests import Channel
from scheduler.clockwork import Clockwork
from tests.dialogue import ADMIN, Dialogue, Recorder

ANSWER = "An answer that says something."


@dataclass
class Stubborn(Recorder):
    """A platform that does not take edits of the question while there is a fault."""

    fault: Exception | None = None
    tried: int = 0

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self.tried += 1
        if self.fault:
            raise self.fault
        await super().edit(channel, message_id, message)


async def opened(redis: Redis, platform: Recorder | None = None) -> Dialogue:
    d = Dialogue(redis, platform=platform or Recorder())
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=1)
    return d


def counts(d: Dialogue) -> list[str]:
    """What the question's post came to say of its answers."""
    lines = (d.text(edit.message).split("\n")[1] for edit in d.platform.edits)
    return [line.rpartition(" · ")[2] for line in lines]


async def test_a_fresh_question_has_no_answers_yet(redis: Redis) -> None:
    d = await opened(redis)
    assert "· no answers yet\n" in d.text(d.platform.posts[0].message)
    await d.forward(hours=7)
    assert not d.platform.edits


async def test_the_number_of_answers_is_said_five_minutes_after_the_last_time_at_the_earliest(
    redis: Redis,
) -> None:
    d = await opened(redis)
    await d.forward(minutes=20)
    await d.says("ana", f"answer {ANSWER}")
    assert counts(d) == ["answered by 1"]
    await d.says("bob", f"answer {ANSWER}")
    await d.forward(minutes=4)
    await d.says("cy", f"answer {ANSWER}")
    assert len(d.platform.edits) == 1
    await d.forward(minutes=1)
    assert counts(d) == ["answered by 1", "answered by 3"]
    assert d.platform.edits[-1].id == d.platform.posts[0].id
    await d.forward(hours=2)
    assert len(d.platform.edits) == 2


async def test_an_answer_taken_back_is_counted_no_more(redis: Redis) -> None:
    d = await opened(redis)
    await d.forward(minutes=20)
    await d.says("ana", f"answer {ANSWER}")
    await d.says("ana", "answer withdraw")
    await d.forward(minutes=6)
    assert counts(d) == ["answered by 1", "no answers yet"]


async def test_the_reveal_says_the_last_number_and_nothing_comes_after_it(redis: Redis) -> None:
    d = await opened(redis)
    await d.says("ana", f"answer {ANSWER}")
    await d.reveal()
    assert counts(d) == ["1 answered"]
    await d.forward(minutes=30)
    assert counts(d) == ["1 answered"]


async def test_where_an_edit_fails_it_is_tried_again_but_not_for_ever(redis: Redis) -> None:
    platform = Stubborn(fault=ConnectionError("limited"))
    d = await opened(redis, platform)
    await d.says("ana", f"answer {ANSWER}")
    await d.forward(hours=3)
    assert platform.tried == 3
    platform.fault = None
    await d.says("bob", f"answer {ANSWER}")
    await d.forward(minutes=5)
    assert counts(d) == ["answered by 2"]


async def test_a_limit_that_is_waited_out_brings_the_number_with_the_next_try(redis: Redis) -> None:
    platform = Stubborn(fault=TimeoutError())
    d = await opened(redis, platform)
    await d.forward(minutes=10)
    await d.says("ana", f"answer {ANSWER}")
    platform.fault = None
    await d.forward(minutes=5)
    assert counts(d) == ["answered by 1"]
    assert platform.tried == 2


async def test_a_post_that_may_not_be_changed_is_left_alone_and_pauses_nothing(redis: Redis) -> None:
    platform = Stubborn(fault=ChannelRefused("llmq may not."))
    d = await opened(redis, platform)
    await d.says("ana", f"answer {ANSWER}")
    await d.forward(hours=2)
    assert platform.tried == 1
    assert not platform.told
    platform.fault = None
    await d.forward(hours=6)
    assert d.platform.lines


async def test_one_of_several_processes_says_it(redis: Redis) -> None:
    d = await opened(redis)
    await d.says("ana", f"answer {ANSWER}")
    await d.forward(minutes=4)
    d.now += timedelta(minutes=2)
    others = [Clockwork(d.store, d.catalogue, d.clockwork.platforms, d.clock) for _ in range(3)]
    await asyncio.gather(*(one.work() for one in others))
    assert counts(d) == ["answered by 1"]


async def test_a_wake_up_that_got_lost_is_made_up_for_by_the_next_answer(redis: Redis) -> None:
    d = await opened(redis)
    await d.forward(minutes=10)
    # The process dies behind its answer, before anything is queued.
    await d.bot.handle(d.request("ana", f"answer {ANSWER}"))
    for slot in await redis.keys("llmq:{due:*}"):
        await redis.delete(slot)
    await d.forward(minutes=10)
    assert not d.platform.edits
    await d.says("bob", f"answer {ANSWER}")
    assert counts(d) == ["answered by 2"]
