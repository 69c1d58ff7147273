"""What is left after something went wrong for longer than a moment: nothing half done, and nothing twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from redis.asyncio import Redis

from bot.game.schedule import to_ms
from bot.messages import Message
from bot.platform import ChannelRefused
from bot.requests import Channel, Member
from bot.store.feedback import proposals
from bot.store.keys import team_prefix
from scheduler.clockwork import LEASE, Clockwork
from tests.dialogue import (
    ADMIN,
    START,
    Dialogue,
    Recorder,
    buttons_of,
    catalogue_of,
    deck,
    is_refused,
    question,
)

ANSWER = "An answer that says something."
FIRST, SECOND = "practice:20780", "practice:20781"
A_DAY = timedelta(days=1)


class Down(Recorder):
    """A platform that is away until it is told otherwise."""

    away = True

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        if self.away:
            raise ConnectionError("away")
        return await super().post(channel, message, key)


async def scheduled(redis: Redis, platform: Recorder | None = None) -> Dialogue:
    d = Dialogue(redis, platform=platform or Recorder())
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


async def test_a_question_that_could_not_be_posted_is_skipped_as_if_it_had_not_begun(redis: Redis) -> None:
    platform = Down()
    d = await scheduled(redis, platform)
    await d.forward(hours=2)
    assert (await d.store.channel(d.channel)).round is not None
    await d.forward(hours=2)
    state = await d.store.channel(d.channel)
    assert (state.round, state.asked, state.open) == (None, {}, frozenset())
    assert not await redis.exists(f"{team_prefix(d.channel.team)}:days:practice")
    platform.away = False
    await d.forward(days=1)
    (post,) = platform.posts
    assert post.key == "practice:20781"
    assert "subject number 0" in d.text(post.message)


class Mute(Recorder):
    """A platform on which reveals never get through."""

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        raise ConnectionError("no thread")


async def test_a_reveal_that_never_gets_through_does_not_hold_up_the_next_question(redis: Redis) -> None:
    platform = Mute()
    d = await scheduled(redis, platform)
    await d.forward(hours=2)
    await d.says("ana", "answer", ANSWER)
    await d.forward(days=1)
    assert [post.key for post in platform.posts] == ["practice:20780", "practice:20781"]
    ((_, admin, note),) = platform.told
    assert admin == ADMIN
    assert "The reveal of Mon 23 Nov" in d.text(note)


class Moody(Recorder):
    """A platform that takes what stands in threads when it likes, and needs its time for each."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Exception | None = None
        self.talk: Dialogue | None = None
        self.asked_at: list[datetime] = []

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        if self.talk:
            self.asked_at.append(self.talk.now)
        return await super().post(channel, message, key)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if self.fault:
            raise self.fault
        if self.talk:
            self.talk.now += timedelta(seconds=8)
        return await super().reply(channel, message_id, message, key, after, title)


async def before_the_next(redis: Redis, platform: Moody, answers: int) -> Dialogue:
    """A question with answers that is still blind two minutes before the next one."""
    d = await scheduled(redis, platform)
    await d.forward(hours=2)
    for n in range(answers):
        await d.says(f"m{n}", "answer", f"Number {n} says something.")
    await redis.hset(f"{team_prefix(d.channel.team)}:round:{FIRST}", "deadline", to_ms(START + 2 * A_DAY))
    await d.forward(hours=22, minutes=58)
    return d


async def many_answer(redis: Redis, team: str, answers: int) -> None:
    """As if so many had answered, without their thousands of requests."""
    for n in range(answers):
        stored = json.dumps({"text": f"Number {n}.", "at": n, "late": False, "id": str(n)})
        await redis.hset(f"{team_prefix(team)}:answers:{FIRST}", f"m{n}", stored)
        await redis.zadd(f"{team_prefix(team)}:order:{FIRST}", {f"m{n}": n})
    await redis.hset(f"{team_prefix(team)}:round:{FIRST}", "replies", answers)


def asked(d: Dialogue) -> list[str]:
    return [post.key for post in d.platform.posts]


async def test_a_reveal_shortly_before_the_next_question_holds_it_up_for_minutes_only(redis: Redis) -> None:
    platform = Moody()
    d = await before_the_next(redis, platform, 2)
    platform.fault = ConnectionError("no thread")
    await d.says(ADMIN, "reveal")
    await d.forward(minutes=17)
    assert asked(d) == [FIRST, SECOND]
    # Who is erased meanwhile is not told of; the others are, behind the question that stands.
    await d.says("m0", "privacy erase yes")
    platform.fault = None
    await d.forward(minutes=15)
    thread = d.thread()
    assert ("Number 0" in thread, thread.count("Number 1"), thread.count("secret0")) == (False, 1, 1)
    assert [post.key for post in platform.lines] == [f"{FIRST}:revealed"]
    assert (await d.store.channel(d.channel)).untold is None
    # No button is left that only a round with time left has.
    assert buttons_of([post for post in platform.edits if post.id == "m0"][-1].message) == ()
    assert platform.told == []


async def test_a_long_reveal_goes_on_behind_the_next_question(redis: Redis) -> None:
    platform = Moody()
    d = await before_the_next(redis, platform, 0)
    await many_answer(redis, d.channel.team, 900)
    platform.talk = d
    await d.says(ADMIN, "reveal")
    assert asked(d) == [FIRST, SECOND]
    assert platform.asked_at[0] - (START + A_DAY + timedelta(hours=1)) < timedelta(minutes=6)
    assert [int(n) for n in re.findall(r"Number (\d+)\.", d.thread())] == list(range(900))
    assert [post.key for post in platform.lines] == [f"{FIRST}:revealed"]
    assert not await redis.exists(f"{team_prefix(d.channel.team)}:order:{FIRST}")


@pytest.mark.parametrize(
    ("fault", "hours"), [(ConnectionError("no thread"), 4), (ChannelRefused("no thread"), 1)]
)
async def test_what_is_left_of_a_reveal_is_given_up_and_pauses_nothing(
    redis: Redis, fault: Exception, hours: int
) -> None:
    platform = Moody()
    d = await before_the_next(redis, platform, 2)
    platform.fault = ConnectionError("no thread")
    await d.says(ADMIN, "reveal")
    await d.forward(minutes=17)
    assert platform.told == []
    platform.fault = fault
    await d.forward(hours=hours)
    ((_, admin, note),) = platform.told
    assert (admin, "The reveal of Mon 23 Nov" in d.text(note)) == (ADMIN, True)
    state = await d.store.channel(d.channel)
    assert state.schedule
    assert (state.untold, state.schedule.paused) == (None, False)
    assert not await redis.exists(f"{team_prefix(d.channel.team)}:order:{FIRST}")


async def test_an_answer_to_a_question_whose_post_was_never_heard_of_is_kept(redis: Redis) -> None:
    platform = Down()
    d = await scheduled(redis, platform)
    await d.forward(hours=2)
    await d.says("ana", "answer @practice:20780", ANSWER)
    await d.forward(hours=3)
    state = await d.store.channel(d.channel)
    assert state.round is not None
    assert (state.round.state, state.open, list(state.asked)) == ("revealed", frozenset(), ["basics/q0"])
    found = await d.store.standing(d.channel, Member("ana", "Ana"), d.now, 0)
    assert found.here
    assert (found.here.streak, found.boards["all"]) == (1, (10, 1))
    assert "secret0" in await d.hears("ana", "today")


async def test_channels_due_in_the_same_moment_ask_different_questions(redis: Redis) -> None:
    d = Dialogue(redis)
    channels = [Channel("console:local", f"c{n}") for n in range(9)]
    for channel in channels:
        await d.says(ADMIN, "daily on 09:00 daily", channel=channel)
    await d.forward(hours=2)
    assert len(d.platform.posts) == len({d.text(post.message) for post in d.platform.posts}) == 9


async def test_a_question_that_is_open_elsewhere_is_waited_for(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    one, other = Channel("console:local", "one"), Channel("console:local", "other")
    await d.says(ADMIN, "daily on 09:00 daily", channel=one)
    await d.says(ADMIN, "daily on 09:30 daily", channel=other)
    await d.forward(hours=1, minutes=45)
    assert [post.channel for post in d.platform.posts] == [one]
    assert "1 left out: 1 open elsewhere" in d.text(await d.says("ana", "daily status", channel=other))
    await d.says(ADMIN, "reveal", channel=one)
    await d.forward(minutes=10)
    assert [post.channel for post in d.platform.posts] == [one, other]
    # The reveal in one channel is behind it, but the answer is blind again.
    assert "secret0" not in d.text(await d.says("ana", "today", channel=one))


async def test_the_same_question_in_another_deck_is_blind_too(redis: Redis) -> None:
    same = replace(question(0), id="again", prompt="What is *subject number 0* good for?")
    first = catalogue_of(deck(question(0), question(1)))
    d = await scheduled(redis)
    d.catalogue = first
    await d.forward(hours=2)
    # The deck is loaded again from another file while its question is open.
    later = Dialogue(redis, catalogue_of(deck(same, id="more")), now=d.now)
    assert is_refused(await later.says("ana", "random"))
    assert is_refused(await later.says("ana", "random show more/again"))
    assert is_refused(await later.says("ana", "random answer more/again", ANSWER))


async def test_a_console_on_the_same_redis_leaves_the_rounds_of_slack_alone(redis: Redis) -> None:
    slack, console = Dialogue(redis, channel=Channel("slack:T1", "c")), Dialogue(redis)
    await slack.says(ADMIN, "daily on 09:00 daily")
    console.clockwork = replace(console.clockwork, platforms={"console": console.platform})
    await console.forward(hours=12)
    assert console.platform.posts == []
    await slack.forward(hours=2)
    assert [post.key for post in slack.platform.posts] == ["c:20780"]


async def test_a_pause_by_the_platform_takes_no_change_of_an_admin_back(redis: Redis) -> None:
    d = await scheduled(redis)
    before = await d.store.channel(d.channel)
    assert before.schedule is not None
    await d.says(ADMIN, "daily on 10:00 mon")
    assert not await d.store.save_schedule(d.channel, before, replace(before.schedule, paused=True), d.now)
    after = (await d.store.channel(d.channel)).schedule
    assert after is not None
    assert (after.paused, f"{after.time:%H:%M}") == (False, "10:00")


async def test_what_fails_is_tried_later_and_later_until_it_goes_through(redis: Redis) -> None:
    platform = Mute()
    d = await scheduled(redis, platform)
    await d.forward(hours=1)
    await d.says(ADMIN, "reveal")
    waits = []
    for _ in range(8):
        due = await d.store.due.next_due(["console"])
        assert due is not None
        waits.append(due - d.now)
        d.now = due
        await d.clockwork.work()
    assert all(before * 2 - after < timedelta(seconds=1) for before, after in pairwise(waits[:5]))
    assert timedelta(minutes=7) < waits[-1] == waits[-2] < timedelta(minutes=13)


async def test_a_platform_that_comes_back_within_the_grace_gets_its_question(redis: Redis) -> None:
    platform = Down()
    d = await scheduled(redis, platform)
    await d.forward(hours=2, minutes=30)
    platform.away = False
    await d.forward(hours=1)
    assert [post.key for post in platform.posts] == ["practice:20780"]


async def test_a_day_that_was_never_posted_breaks_nobodys_streak(redis: Redis) -> None:
    platform = Down()
    platform.away = False
    d = await scheduled(redis, platform)
    for away in (False, True, False):
        platform.away = away
        await d.forward(hours=2)
        if not away:
            await d.says("ana", "answer", ANSWER)
        await d.forward(hours=22)
    found = (await d.store.standing(d.channel, Member("ana", "Ana"), d.now, 9)).here
    assert found
    assert (found.streak, [mark for _, mark in found.ledger]) == (2, ["a", "a"])


async def test_a_claim_given_back_after_its_lease_leaves_the_next_ones_claim_alone(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=1)
    (slow,) = await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)
    d.now += LEASE
    (quick,) = await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)
    await d.store.due.finish(slow, d.now)
    assert await d.store.due.claim(["console"], d.now, d.now + LEASE, 10) == []
    due = d.now + timedelta(days=1)
    await d.store.due.finish(quick, due)
    assert await d.store.due.next_due(["console"]) == due


async def test_a_channel_of_a_platform_served_elsewhere_is_left_to_that_process(redis: Redis) -> None:
    d = await scheduled(redis)
    d.now += timedelta(hours=1)
    await Clockwork(d.store, d.catalogue, {"slack": d.platform}, d.clock).work()
    assert d.platform.posts == []
    await d.clockwork.work()
    assert [post.key for post in d.platform.posts] == ["practice:20780"]


async def test_the_next_question_is_on_time_though_late_answers_were_open_longer(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=2)
    await d.says(ADMIN, "daily on 08:30 daily")
    await d.forward(hours=22, minutes=30)
    assert [post.key for post in d.platform.posts] == ["practice:20780", "practice:20781"]
    assert "closed" in d.text(await d.says("ana", "answer @practice:20780", ANSWER))


async def test_the_warning_comes_with_the_question_that_leaves_a_week(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(days=1, hours=2)
    assert len(d.platform.posts) == 2
    assert d.platform.told == []
    await d.forward(days=1)
    assert len(d.platform.told) == 1


async def test_a_closed_round_is_forgotten_in_the_end_and_an_open_one_is_not(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(hours=2)
    await d.says("ana", "answer", ANSWER)
    names = [f"{team_prefix(d.channel.team)}:{kind}:practice:20780" for kind in ("round", "answers")]
    assert [await redis.ttl(name) for name in names] == [-1, -1]
    await d.forward(days=1)
    days = [await redis.ttl(name) / 86400 for name in names]
    assert all(89 < lasting <= 90 for lasting in days)


async def test_who_reads_the_reference_of_a_closed_round_leaves_nothing_for_good(redis: Redis) -> None:
    d = await scheduled(redis)
    await d.forward(days=1, hours=2)
    assert "secret0" in await d.hears("ana", "today @practice:20780 show")
    assert 0 < await redis.ttl(f"{team_prefix(d.channel.team)}:read:practice:20780") <= 90 * 86400


async def test_words_proposed_for_a_key_point_are_kept_no_longer_than_answers(redis: Redis) -> None:
    d = Dialogue(redis)
    name = f"{team_prefix(d.channel.team)}:proposals"
    await d.says("ana", "random answer basics/q5", "Something else entirely.")
    await d.says("ana", "said basics/q5 1")
    assert 0 < await redis.ttl(name) <= 90 * 86400
    await d.forward(days=91)
    await d.says("bob", "random answer basics/q9", "Something other than that.")
    await d.says("bob", "said basics/q9 1")
    assert [proposal.text async for proposal in proposals(redis)] == ["Something other than that."]


async def test_a_look_before_the_west_has_its_question_of_a_date_takes_nothing_from_it(redis: Redis) -> None:
    d = Dialogue(redis)
    east, west, ana = Channel("console:local", "east"), Channel("console:local", "west"), Member("ana", "Ana")
    await d.says(ADMIN, "daily on 09:00 daily Pacific/Auckland", channel=east)
    await d.says(ADMIN, "daily on 13:00 wed America/Los_Angeles", channel=west)
    # Auckland's Wednesday ends at 20:00 UTC, an hour before the one in Los Angeles has its question.
    for hours in (13, 24, 23.5):
        await d.forward(hours=hours)
        await d.says("ana", "answer", ANSWER, channel=east)
        await d.store.standing(west, ana, d.now, 9)
    await d.forward(hours=1)
    await d.says("ana", "answer", ANSWER, channel=west)
    found = (await d.store.standing(west, ana, d.now, 9)).here
    assert found
    assert (found.streak, [mark for _, mark in found.ledger]) == (1, ["a"])
    found = (await d.store.standing(east, ana, d.now, 9)).here
    assert found
    assert (found.streak, [mark for _, mark in found.ledger]) == (3, ["a", "a", "a"])


class Killed(Recorder):
    """A platform on which a question arrives as its process dies."""

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        await super().post(channel, message, key, about)
        raise ConnectionError("killed")


async def killed_between_post_and_record(redis: Redis) -> Dialogue:
    """Ana and Bob are on a streak of two days; the third day's question stands there, unrecorded."""
    d = await scheduled(redis)
    for _ in range(2):
        await d.forward(hours=2)
        for who in ("ana", "bob"):
            await d.says(who, "answer", ANSWER)
        await d.forward(hours=22)
    await d.forward(minutes=59)
    d.now += timedelta(minutes=1)
    (claim,) = await d.store.due.claim(["console"], d.now, d.now + LEASE, 10)
    dying = Killed(posts=d.platform.posts)
    with pytest.raises(ConnectionError):
        await Clockwork(d.store, d.catalogue, {"console": dying}, d.clock).advance(d.channel, claim.due)
    return d


async def streak(d: Dialogue, who: str) -> int:
    here = (await d.store.standing(d.channel, Member(who, who), d.now, 0)).here
    return here.streak if here else 0


async def test_a_kill_between_post_and_record_shows_no_streak_one_too_small(redis: Redis) -> None:
    d = await killed_between_post_and_record(redis)
    assert "3 days" in await d.hears("ana", "answer @practice:20782", ANSWER)
    state = await d.store.channel(d.channel)
    assert state.round
    assert state.round.state == "scheduled"
    assert [await streak(d, who) for who in ("ana", "bob")] == [3, 2]
    # The lease runs out, and the question is found where it stands.
    await d.forward(minutes=5)
    state = await d.store.channel(d.channel)
    assert state.round
    assert (state.round.state, len(d.platform.posts)) == ("open", 3)
    assert [await streak(d, who) for who in ("ana", "bob")] == [3, 2]
    await d.forward(days=1)
    assert [await streak(d, who) for who in ("ana", "bob")] == [3, 0]


async def test_an_answer_taken_back_from_a_question_that_was_never_posted_breaks_no_streak(
    redis: Redis,
) -> None:
    d = await killed_between_post_and_record(redis)
    await d.says("ana", "answer @practice:20782", ANSWER)
    await d.says("ana", "answer withdraw")
    # It never came after all.
    d.platform.posts.pop()
    d.platform.refused["practice"] = "The channel is archived."
    await d.forward(hours=4)
    state = await d.store.channel(d.channel)
    assert state.round
    assert (state.round.id, sorted(state.asked)) == ("practice:20781", ["basics/q0", "basics/q1"])
    assert [await streak(d, who) for who in ("ana", "bob")] == [2, 2]
