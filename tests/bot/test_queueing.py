"""Questions that an admin puts before the channel's own order: asked next, and kept secret until then."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.game.rules import KEPT_AHEAD
from bot.messages import Form
from bot.requests import Channel
from tests.dialogue import ADMIN, Dialogue, buttons_of, catalogue_of, deck, is_refused, question

FORTY = deck(*(question(n) for n in range(40)))
OTHER = Channel("console:local", "other")


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    d = Dialogue(redis, catalogue_of(FORTY))
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    return d


def asked(d: Dialogue) -> list[int]:
    """The numbers of the questions that were posted."""
    return [int(d.text(post.message).split()[4]) for post in d.platform.posts]


async def ahead(d: Dialogue) -> dict[str, str]:
    return cast(dict[str, str], await d.redis.hgetall(f"llmq:{{{d.channel.team}}}:ahead"))


async def test_it_is_asked_next_and_then_the_order_goes_on(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "next basics/q30")
    assert "It comes next:** What is subject number 30 good for?" in said
    assert "The next question comes" in said
    assert "It comes behind 1 other:" in await d.hears(ADMIN, "daily next basics/q20")
    await d.forward(days=4)
    assert asked(d) == [30, 20, 0, 1]
    assert "Nothing is put before" in await d.hears(ADMIN, "queue")


async def test_what_was_put_in_front_counts_as_asked(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q1")
    for _ in range(5):
        await d.forward(days=1)
        await d.says("ana", "answer What I think of it, in short.")
    assert asked(d) == [1, 0, 2, 3, 4]


async def test_a_question_is_meant_by_its_id_its_prompt_or_words(d: Dialogue) -> None:
    for n, text in enumerate(("basics/q5", "q6", "What is subject number 7 good for", "number 8")):
        assert f"number {n + 5} good" in await d.hears(ADMIN, f"next {text}")
    assert is_refused(await d.says(ADMIN, "next gardening in winter"))


async def test_of_several_one_is_chosen_in_a_form(d: Dialogue) -> None:
    form = await d.says(ADMIN, "next prompting")
    assert isinstance(form, Form)
    assert "13 questions match." in form.question
    assert len(form.inputs[0].choices) == 10
    said = await d.fill(ADMIN, form, "", {"question": "basics/q13"})
    assert "number 13 good" in d.text(said)
    await d.forward(days=1)
    assert asked(d) == [13]


async def test_it_is_for_admins(d: Dialogue) -> None:
    for text in ("next basics/q30", "queue", "daily queue", "queue remove basics/q30"):
        assert is_refused(await d.says("ana", text))


async def test_what_an_admin_puts_there_is_noted_and_looking_at_it_is_not(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.says(ADMIN, "queue")
    noted = await d.hears(ADMIN, "log")
    assert "What is subject number 30 good for?" in noted
    assert "daily queue" not in noted


async def test_the_queue_is_shown_and_a_question_is_taken_out(d: Dialogue) -> None:
    for n in (30, 20, 10):
        await d.says(ADMIN, f"next basics/q{n}")
    shown = await d.says(ADMIN, "queue")
    assert "2. What is subject number 20 good for?" in d.text(shown)
    after = await d.press(ADMIN, shown, "Take out 2")
    assert "2. What is subject number 10 good for?" in d.text(after)
    # Pressed twice, nothing else is lost.
    await d.press(ADMIN, shown, "Take out 2")
    await d.forward(days=2)
    assert asked(d) == [30, 10]
    assert "basics/q20" not in await ahead(d)


async def test_the_same_question_waits_once(d: Dialogue) -> None:
    for _ in range(2):
        assert "It comes next:" in await d.hears(ADMIN, "next basics/q30")
    await d.forward(days=2)
    # The first of the order has the same topic, so another one comes before it.
    assert asked(d) == [30, 1]


async def test_no_more_wait_than_can_be_shown(d: Dialogue) -> None:
    for n in range(10):
        await d.says(ADMIN, f"next basics/q{n + 20}")
    assert is_refused(await d.says(ADMIN, "next basics/q15"))


async def test_what_waits_is_kept_from_practice_like_the_next_ten(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    shown = {buttons_of(await d.says("cyd", "random"))[0].command.split()[-1] for _ in range(150)}
    assert shown == {f"basics/q{n}" for n in range(KEPT_AHEAD, 40)} - {"basics/q30"}
    for text in ("random show", "random answer", "hint", "flag", "compare", "grade"):
        said = await d.says("cyd", f"{text} basics/q30", "It is about secret30, or so.")
        assert is_refused(said), text
        assert "point30" not in d.text(said)
    await d.says(ADMIN, "queue remove basics/q30")
    assert "secret30" in await d.hears("cyd", "random show basics/q30")


async def test_a_question_that_is_open_elsewhere_keeps_its_place(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 08:30 daily UTC", channel=OTHER)
    await d.says(ADMIN, "next basics/q30", channel=OTHER)
    await d.says(ADMIN, "next basics/q30")
    await d.forward(hours=2)
    assert asked(d) == [30, 0]
    await d.forward(days=1)
    assert asked(d)[2:] == [1, 30]


async def test_a_retired_question_is_refused_and_one_retired_later_is_left_out(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.redis.hset(f"llmq:{{{d.channel.team}}}:retired", "basics/q30", 1)
    assert is_refused(await d.says(ADMIN, "next basics/q30"))
    await d.forward(days=1)
    assert asked(d) == [0]


async def test_a_question_that_could_not_be_posted_is_put_back(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.says(ADMIN, "next basics/q20")
    d.platform.refused["practice"] = "The channel is archived."
    await d.forward(days=1)
    assert asked(d) == []
    d.platform.refused.clear()
    await d.says(ADMIN, "daily resume")
    await d.forward(days=2)
    assert asked(d) == [30, 20]


async def test_a_schedule_that_ends_takes_its_queue_along(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.says(ADMIN, "daily off")
    assert await ahead(d) == {}
    assert is_refused(await d.says(ADMIN, "next basics/q30"))


async def test_a_change_of_the_schedule_leaves_the_queue(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.says(ADMIN, "daily on 10:00")
    await d.forward(days=1)
    assert asked(d) == [30]


async def test_a_question_that_is_retired_later_is_skipped_and_shown_as_such(d: Dialogue) -> None:
    await d.says(ADMIN, "next basics/q30")
    await d.says(ADMIN, "questions retire basics/q30")
    assert "not asked here, and is skipped" in await d.hears(ADMIN, "queue")
    await d.forward(days=1)
    assert asked(d) != [30]


async def test_a_question_that_was_asked_here_says_when(d: Dialogue) -> None:
    await d.forward(days=1)
    said = await d.hears(ADMIN, "next basics/q0")
    assert "It was asked here last on 23 Nov." in said


async def test_a_question_of_no_deck_is_skipped_and_shown_as_such(d: Dialogue) -> None:
    await d.redis.hset(f"llmq:{{{d.channel.team}}}:channel:practice", "queue", "gone/q1")
    assert "`gone/q1` is in no deck now" in await d.hears(ADMIN, "queue")
    await d.forward(days=1)
    assert asked(d) == [0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["next 3", "next 30", "remove 3", "remove 30", "day", "on", "off"]), max_size=12)
)
async def test_what_is_kept_back_is_what_comes_whatever_is_done(redis: Redis, acts: list[str]) -> None:
    await redis.flushall()
    d = Dialogue(redis, catalogue_of(FORTY))
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    for act in acts:
        word, _, n = act.partition(" ")
        commands = {
            "next": f"next basics/q{n}",
            "remove": f"queue remove basics/q{n}",
            "on": "daily on 09:00 daily UTC",
            "off": "daily off",
        }
        if word == "day":
            await d.forward(days=1)
            await d.says("ana", "answer What I think of it, in short.")
        else:
            await d.says(ADMIN, commands[word])
        state = await d.store.channel(d.channel)
        fields = await redis.hgetall(f"llmq:{{{d.channel.team}}}:channel:practice")
        coming = fields.get("ahead", "").split()
        counts = {id: str([*coming, *state.queue].count(id)) for id in (*coming, *state.queue)}
        assert await ahead(d) == counts
