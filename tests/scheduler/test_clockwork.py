"""The day's cycle on a real store, with a platform that may fail at any call."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import Message
from bot.platform import TokenRefused
from bot.requests import Channel
from scheduler.clockwork import LEASE, Clockwork
from tests.dialogue import ADMIN, Dialogue, Recorder, catalogue_of, deck, question

ANSWER = "An answer that says something."


class Flaky(Recorder):
    """A platform whose next calls fail as told: before they are carried out, or after."""

    def __init__(self, *failures: str) -> None:
        super().__init__()
        self.failures = list(failures)

    def fails(self, moment: str) -> None:
        if self.failures and self.failures[0] == moment:
            self.failures.pop(0)
            raise ConnectionError(moment)

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        self.fails("before post")
        id = await super().post(channel, message, key)
        self.fails("after post")
        return id

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self.fails("before edit")
        await super().edit(channel, message_id, message)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        self.fails("before reply")
        id = await super().reply(channel, message_id, message, key, after, title)
        self.fails("after reply")
        return id


async def scheduled(redis: Redis, *failures: str) -> Dialogue:
    d = Dialogue(redis, platform=Flaky(*failures))
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


async def of_three(redis: Redis) -> Dialogue:
    """A channel whose reveal waits for three answers, whoever gives them."""
    d = await scheduled(redis)
    await d.says(ADMIN, "daily reveal 3 1h 8h")
    return d


def keys(d: Dialogue) -> list[str]:
    return [post.key for post in d.platform.posts]


@pytest.mark.parametrize(
    "failure", ["before post", "after post", "before edit", "before reply", "after reply"]
)
@pytest.mark.parametrize("times", [1, 2])
async def test_whatever_fails_there_is_one_post_and_one_reveal(
    redis: Redis, failure: str, times: int
) -> None:
    d = await scheduled(redis, *[failure] * times)
    await d.forward(hours=1.5)
    await d.says("ana", "answer", ANSWER)
    await d.forward(hours=10)
    assert keys(d) == ["practice:20780"]
    assert [reply.key for reply in d.platform.replies] == [
        "practice:20780:reveal",
        "practice:20780:answers:0",
    ]
    assert [line.key for line in d.platform.lines] == ["practice:20780:revealed"]
    assert d.thread().count(ANSWER) == 1


async def test_a_round_is_posted_late_within_the_grace(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=2, minutes=50)
    await d.clockwork.work()
    assert keys(d) == ["practice:20780"]


async def test_a_round_older_than_the_grace_is_skipped_and_the_next_one_comes(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=3, minutes=10)
    await d.forward(hours=24)
    assert keys(d) == ["practice:20781"]


async def test_a_reveal_is_never_skipped(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=2)
    await d.says("ana", "answer", ANSWER)
    d.now += timedelta(days=5)
    await d.clockwork.work()
    assert ANSWER in d.thread()


async def test_enough_replies_reveal_once_the_wait_is_over(redis: Redis) -> None:
    d = await of_three(redis)
    await d.forward(hours=1)
    for who in ("ana", "bob", "cy"):
        await d.says(who, "answer", ANSWER)
    assert not d.platform.lines
    await d.forward(hours=1)
    assert len(d.platform.lines) == 1


async def test_the_reply_that_is_enough_reveals_at_once_after_the_wait(redis: Redis) -> None:
    d = await of_three(redis)
    await d.forward(hours=4)
    for who in ("ana", "bob"):
        await d.says(who, "answer", ANSWER)
    assert not d.platform.lines
    await d.says("cy", "answer", ANSWER)
    assert len(d.platform.lines) == 1


async def test_a_withdrawn_reply_is_not_enough(redis: Redis) -> None:
    d = await of_three(redis)
    await d.forward(hours=1)
    for who in ("ana", "bob", "cy"):
        await d.says(who, "answer", ANSWER)
    await d.says("cy", "answer withdraw")
    await d.forward(hours=2)
    assert not d.platform.lines


async def test_the_last_regular_reveals_at_once_after_the_wait(redis: Redis) -> None:
    d = await scheduled(redis)
    team = ("ana", "bob", "cy", "dee")
    for _ in range(2):
        await d.forward(hours=2)
        for who in team:
            await d.says(who, "answer", ANSWER)
        await d.forward(hours=22)
    await d.forward(hours=2)
    for who in ("guest", *team[:3]):
        await d.says(who, "answer", ANSWER)
    assert len(d.platform.lines) == 2
    await d.says("dee", "answer", ANSWER)
    assert len(d.platform.lines) == 3


async def test_a_round_without_answers_is_revealed_and_says_so(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=10)
    assert "No answers yet. A late answer still keeps your streak." in d.thread()


async def test_replicas_at_the_same_moment_post_once(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=1)
    await asyncio.gather(*(replace(d.clockwork).work() for _ in range(8)))
    assert keys(d) == ["practice:20780"]


async def test_a_claim_that_is_not_given_back_is_taken_up_after_its_lease(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=1)
    claimed = await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)
    assert len(claimed) == 1
    await d.clockwork.work()
    assert keys(d) == []
    d.now += LEASE
    await d.clockwork.work()
    assert keys(d) == ["practice:20780"]


async def test_what_becomes_due_during_a_claim_is_seen_to_when_it_ends(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=1)
    (claim,) = await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)
    await d.store.due.enqueue(d.channel, d.now)
    await d.store.due.finish(claim, d.now + timedelta(days=1))
    await d.clockwork.work()
    assert keys(d) == ["practice:20780"]


async def test_a_clock_that_jumps_back_posts_nothing_twice(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=26)
    posted = keys(d)
    d.now -= timedelta(hours=30)
    await d.forward(hours=30)
    assert keys(d) == posted
    assert max(Counter(keys(d)).values()) == 1


async def test_a_used_up_deck_starts_again_with_what_was_asked_longest_ago(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(4)))))
    await d.says(ADMIN, "daily on 09:00 daily")
    for _ in range(9):
        await d.forward(hours=2)
        await d.says("ana", "answer", ANSWER)
        await d.forward(hours=22)
    asked = "".join(d.text(post.message).split("subject number ")[1][0] for post in d.platform.posts)
    assert [set(asked[:4]), set(asked[4:8])] == [set("0123")] * 2
    # The first and the last are of one topic.
    assert "03" not in asked
    assert "30" not in asked
    said = [d.text(post.message) for post in d.platform.posts]
    assert ["asked here last" in one.lower() for one in said] == [False] * 4 + [True] * 5


async def test_five_questions_without_an_answer_pause_the_schedule_and_tell_who_set_it(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(days=9)
    assert len(d.platform.posts) == 5
    assert d.platform.told[-1][1] == ADMIN
    assert "Five questions had no answers" in d.text(d.platform.told[-1][2])


async def test_the_admin_is_told_a_week_before_the_questions_run_out(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(days=5)
    (told,) = d.platform.told
    assert told[1] == ADMIN
    assert "has 7 new questions left." in d.text(told[2])


async def test_an_edited_deck_changes_no_open_round(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=2)
    edited = replace(question(0), prompt="Something else?", answer="Another answer.")
    d.clockwork = Clockwork(d.store, catalogue_of(deck(edited)), d.clockwork.platforms, d.clock)
    await d.forward(hours=10)
    said = d.thread()
    assert "secret0" in said
    assert "Another answer." not in said


async def test_a_refused_channel_pauses_its_schedule_and_tells_who_set_it(redis: Redis) -> None:
    d = await scheduled(redis)
    d.platform.refused["practice"] = "The channel is archived."
    await d.forward(days=3)
    assert keys(d) == []
    (told,) = d.platform.told
    assert told[1] == ADMIN
    assert "The channel is archived." in d.text(told[2])
    assert "**Paused.** The channel is archived." in await d.hears("ana", "daily")


async def test_the_newest_round_gives_way_to_the_next_even_before_its_deadline(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.says(ADMIN, "daily reveal 3 1h 24h")
    await d.forward(days=2, hours=2)
    assert keys(d) == ["practice:20780", "practice:20781", "practice:20782"]
    assert len(d.platform.replies) == 2


async def test_a_token_refused_for_a_minute_pauses_nothing(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    d.platform.token_refused = "The bot's token was revoked."
    await d.forward(hours=2)
    assert not d.clockwork.is_accepted("console")
    state = await d.store.channel(d.channel)
    assert state.schedule
    assert not state.schedule.paused
    d.platform.token_refused = ""
    await d.forward(minutes=30)
    assert len(d.platform.posts) == 1
    await d.forward(hours=1)
    assert d.clockwork.is_accepted("console")


class Closing(Recorder):
    """A platform that refuses llmq itself at edits, while its token is refused."""

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        if self.token_refused:
            raise TokenRefused(self.token_refused)
        await super().edit(channel, message_id, message)


async def test_a_short_refusal_at_the_end_of_a_round_is_forgotten_by_the_next(redis: Redis) -> None:
    d = Dialogue(redis, platform=Closing())
    await d.says(ADMIN, "daily on 09:00 mon,thu")
    await d.forward(hours=20)
    d.platform.token_refused = "The bot's token was revoked."
    await d.forward(hours=5)
    d.platform.token_refused = ""
    await d.forward(days=1, hours=23, minutes=50)
    d.platform.token_refused = "The bot's token was revoked."
    await d.forward(minutes=15)
    d.platform.token_refused = ""
    await d.forward(minutes=30)
    assert d.platform.told == []
    assert len(d.platform.posts) == 2


async def test_an_admin_who_resumes_gives_a_refused_token_another_day(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    d.platform.token_refused = "The bot's token was revoked."
    await d.forward(days=2)
    await d.says(ADMIN, "daily resume")
    await d.forward(hours=23)
    state = await d.store.channel(d.channel)
    assert state.schedule
    assert not state.schedule.paused
    d.platform.token_refused = ""
    await d.forward(hours=3)
    assert [post.key for post in d.platform.posts] == ["practice:20783"]


async def test_a_token_refused_for_a_day_pauses_the_schedule_and_says_why(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    d.platform.token_refused = "The bot's token was revoked."
    await d.forward(days=2)
    state = await d.store.channel(d.channel)
    assert state.schedule
    assert state.schedule.paused
    assert state.note == "The bot's token was revoked."
