"""Past questions of a channel: a page of them, by topic, and one whole."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.messages import Form, Message, Table
from bot.requests import Channel
from tests.dialogue import ADMIN, Dialogue, buttons_of, catalogue_of, deck, is_refused, question
from tests.lives import Life

OTHER = Channel("console:local", "other")
ANA = "It is secret{n} that makes it what it is."


async def played(redis: Redis, days: int) -> Dialogue:
    """Days on which Ana answers every second question, and the last is still open."""
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(30)))))
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    await d.forward(hours=2)
    for n in range(days):
        if n % 2 == 0:
            await d.says("ana", f"answer {ANA.format(n=n)}")
        await d.forward(days=1)
    return d


DAYS = Life(lambda redis: played(redis, 12))


@pytest.fixture
async def d(redis: Redis, redis_url: str) -> Dialogue:
    return await DAYS.again(redis, redis_url)


def rows(reply: object) -> tuple[tuple[str, ...], ...]:
    assert isinstance(reply, Message)
    return next(block.rows for block in reply.blocks if isinstance(block, Table))


async def test_the_newest_ten_stand_with_date_question_and_what_one_did(d: Dialogue) -> None:
    page = await d.says("ana", "history")
    assert rows(page)[:2] == (
        ("Fri 4 Dec", "What is subject number 11 good for?", "no answer"),
        ("Thu 3 Dec", "What is subject number 10 good for?", "answered"),
    )
    assert len(rows(page)) == 10
    assert "secret" not in d.text(page)


async def test_what_is_open_is_no_past_question(d: Dialogue) -> None:
    assert "number 12 " not in await d.hears("ana", "history")


async def test_the_rest_is_earlier_and_takes_the_place_of_the_page(d: Dialogue) -> None:
    earlier = await d.press("ana", await d.says("ana", "history"), "Earlier")
    assert [row[0] for row in rows(earlier)] == ["Tue 24 Nov", "Mon 23 Nov"]
    assert isinstance(earlier, Message)
    assert earlier.edits
    assert "Earlier" not in {button.label for button in buttons_of(earlier)}
    assert is_refused(await d.says("ana", "history 3"))


async def test_a_grade_stands_where_one_was_given_and_late_where_it_was(d: Dialogue) -> None:
    await d.says("ana", "grade @practice:20790 hard")
    await d.reveal()
    await d.says("ana", "answer It is something else, I think.")
    page = rows(await d.says("ana", "history"))
    assert [row[2] for row in page[:3]] == ["late", "no answer", "hard"]


async def test_others_see_their_own_part_alone(d: Dialogue) -> None:
    await d.says("ana", "grade @practice:20790 hard")
    assert {row[2] for row in rows(await d.says("bob", "history"))} == {"no answer"}


async def test_questions_of_a_topic_or_a_deck(d: Dialogue) -> None:
    page = await d.says("ana", "history PROMPTING")
    assert [row[1] for row in rows(page)] == [f"What is subject number {n} good for?" for n in (10, 7, 4, 1)]
    assert len(rows(await d.says("ana", "history basics"))) == 10
    assert "Did you mean `prompting`?" in await d.hears("ana", "history promting")


async def test_a_topic_is_chosen_in_a_form(d: Dialogue) -> None:
    form = await d.press("ana", await d.says("ana", "history"), "Topic")
    assert isinstance(form, Form)
    assert ("long context", "long context (4)") in form.inputs[0].choices
    page = await d.fill("ana", form, "", {"topic": "long context"})
    assert len(rows(page)) == 4
    opened = await d.press("ana", page, "Open one")
    assert isinstance(opened, Form)
    assert len(opened.inputs[0].choices) == 4


async def test_one_whole_has_own_words_what_was_found_grade_and_thread(d: Dialogue) -> None:
    await d.says("ana", "grade @practice:20790 good")
    form = await d.press("ana", await d.says("ana", "history"), "Open one")
    one = await d.fill("ana", form, "", {"round": "practice:20790"})
    shown = d.text(one)
    assert "What is subject number 10 good for?" in shown
    assert "Thu 3 Dec" in shown
    assert f"Ana: {ANA.format(n=10)}" in shown
    assert "Found: 1 of 1 key point" in shown
    assert "Grade: Good" in shown
    assert "Back on: " in shown
    assert "(thread:practice/m10)" in shown
    assert "Found 1 of 1" in d.text(await d.press("ana", one, "Compare mine"))


async def test_one_of_a_date(d: Dialogue) -> None:
    assert "number 10 good" in await d.hears("ana", "history 2026-12-03")
    assert is_refused(await d.says("ana", "history 2025-12-03"))


async def test_without_an_answer_there_is_nothing_to_compare(d: Dialogue) -> None:
    one = await d.says("bob", "history @practice:20790")
    assert "You: no answer" in d.text(one)
    assert "secret" not in d.text(one)
    assert [button.label for button in buttons_of(one)] == ["Status", "History"]


async def test_an_open_question_is_not_shown_whole(d: Dialogue) -> None:
    await d.says("ana", "answer What I think of it, in short.")
    said = await d.says("ana", "history @practice:20792")
    assert is_refused(said)
    assert "What I think" not in d.text(said)


async def test_a_question_that_is_open_again_elsewhere_is_shown_without_what_was_found(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 daily UTC", channel=OTHER)
    await d.says(ADMIN, "daily now", channel=OTHER)
    assert "number 0 " in d.text(d.platform.posts[-1].message)
    shown = await d.hears("ana", "history @practice:20780")
    assert "Found" not in shown
    assert "point0" not in shown


async def test_a_channel_shows_its_own_past_alone(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", "history", channel=OTHER))
    assert is_refused(await d.says("bob", "history @practice:20790", channel=OTHER))


async def test_one_past_question_opens_at_once(redis: Redis) -> None:
    d = await played(redis, 1)
    page = await d.says("ana", "history")
    assert "Topic" not in {button.label for button in buttons_of(page)}
    assert "number 0 good" in d.text(await d.press("ana", page, "Open one"))


async def test_before_the_first_reveal_there_is_none(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    for text in ("history", "history topic", "history open"):
        assert "No question was revealed here yet." in await d.hears("ana", text)
