"""What a process left half done, or a platform refused, is done later or does no harm."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.messages import Message
from bot.platform import ChannelRefused
from bot.requests import Channel
from bot.store.store import Act
from tests.dialogue import ADMIN, Dialogue, Recorder

REVOKED = "The bot's token was revoked."
ANSWER = "An answer that says something."


async def revealed(redis: Redis, platform: Recorder | None = None) -> Dialogue:
    """A round whose one answer is revealed."""
    d = Dialogue(redis, platform=platform or Recorder())
    await d.open_round()
    await d.hears("ana", f"answer {ANSWER}")
    await d.reveal()
    return d


async def store_only(d: Dialogue, text: str, id: str = "a late answer") -> None:
    """What a process does that dies between storing a late answer and queueing it."""
    await d.store.act(d.request("bob", "answer", text, id=id, at=d.now), Act("answer", text), d.now)


async def test_a_late_answer_that_was_not_queued_is_told_before_the_round_closes(redis: Redis) -> None:
    d = await revealed(redis)
    # From here on the next look is at the next question.
    await d.forward(hours=2)
    await store_only(d, "An answer after the reveal.")
    assert "after the reveal" not in d.thread()
    await d.forward(days=1)
    assert d.thread().count("An answer after the reveal.") == 1
    assert len(d.platform.posts) == 2


async def test_a_late_answer_that_is_repeated_is_queued(redis: Redis) -> None:
    d = await revealed(redis)
    await store_only(d, "An answer after the reveal.")
    await d.says("bob", "answer", "An answer after the reveal.", id="a late answer", at=d.now)
    assert d.thread().count("An answer after the reveal.") == 1


class Threadless(Recorder):
    """Takes nothing in threads once it is told to."""

    refuses = False

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if self.refuses:
            raise ChannelRefused("The thread is locked.")
        return await super().reply(channel, message_id, message, key, after, title)


async def test_a_thread_that_takes_no_late_answer_pauses_no_schedule(redis: Redis) -> None:
    platform = Threadless()
    d = await revealed(redis, platform)
    platform.refuses = True
    assert "+4 points" in await d.hears("bob", "answer An answer after the reveal.")
    await d.forward(days=1, hours=2)
    assert platform.told == []
    assert len(platform.posts) == 2


async def test_two_short_refusals_of_a_token_days_apart_pause_nothing(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 mon,wed")
    await d.forward(hours=2)
    d.platform.token_refused = REVOKED
    await d.says(ADMIN, "reveal")
    d.platform.token_refused = ""
    await d.forward(days=1, hours=22, minutes=50)
    d.platform.token_refused = REVOKED
    await d.forward(minutes=15)
    d.platform.token_refused = ""
    await d.forward(minutes=30)
    assert d.platform.told == []
    assert len(d.platform.posts) == 2
