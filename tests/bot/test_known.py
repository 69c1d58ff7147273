"""What `me` says of a member's topics: answered, known by FSRS, the weakest three, and the trend."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from redis.asyncio import Redis

from bot.commands.known import PAGE, Topic
from bot.messages import Message, Reply, Table
from tests.content.shipped import DECKS
from tests.dialogue import Dialogue, catalogue_of, deck, question

WIDTH = 40
FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def played(redis: Redis, count: int) -> Dialogue:
    """A game with so many topics of three questions each and no schedule."""
    named = [question(n, f"topic{n % count}") for n in range(3 * count)]
    return Dialogue(redis, catalogue_of(deck(*named)))


def table_of(reply: Reply) -> Table:
    assert isinstance(reply, Message)
    (table,) = (block for block in reply.blocks if isinstance(block, Table))
    return table


async def practises(d: Dialogue, n: int, grade: str = "") -> None:
    await d.says("ana", f"random answer basics/q{n}", f"It is secret{n} that makes the difference.")
    if grade:
        await d.says("ana", f"grade basics/q{n} {grade}")


async def test_before_the_first_grade_there_is_no_table(redis: Redis) -> None:
    d = played(redis, 4)
    await practises(d, 0)
    said = await d.says("ana", "me")
    assert isinstance(said, Message)
    assert not any(isinstance(block, Table) for block in said.blocks)


async def test_me_shows_the_three_topics_that_are_known_least(redis: Redis) -> None:
    d = played(redis, 5)
    for n, grade in enumerate(("easy", "good", "hard", "again")):
        await practises(d, n, grade)
    await practises(d, 6, "good")
    await d.forward(days=6)
    table = table_of(await d.says("ana", "me"))
    assert table.header == ("Weakest topics", "Answered", "Known")
    assert [row[:2] for row in table.rows] == [
        ("topic3", "1 of 3"),
        ("topic2", "1 of 3"),
        ("topic1", "2 of 3"),
    ]


async def test_known_is_what_fsrs_says_and_the_change_is_that_of_eight_weeks(redis: Redis) -> None:
    d = played(redis, 2)
    await practises(d, 0, "good")
    reviewed = d.now
    await d.forward(weeks=8, days=3)
    card, _ = FSRS.review_card(Card(card_id=1), Rating.Good, reviewed)
    now, then = (
        round(100 * FSRS.get_card_retrievability(card, at)) for at in (d.now, d.now - timedelta(weeks=8))
    )
    (row,) = table_of(await d.says("ana", "me")).rows
    assert row == ("topic0", "1 of 3", f"{now} %, down {then - now}")
    await d.says("ana", "grade basics/q0 good")
    (row,) = table_of(await d.says("ana", "me")).rows
    assert row == ("topic0", "1 of 3", f"100 %, up {100 - then}" if then < 100 else "100 %")


async def test_all_topics_are_a_button_away_ten_at_a_time(redis: Redis) -> None:
    d = played(redis, 12)
    for n in range(12):
        await practises(d, n, "good" if n else "")
    first = await d.press("ana", await d.says("ana", "me"), "Topics")
    assert isinstance(first, Message)
    assert first.edits
    assert len(table_of(first).rows) == PAGE
    second = table_of(await d.press("ana", first, "More"))
    # Of what was never graded nothing is known, so it stands last.
    assert second.rows[-1] == ("topic0", "1 of 3", "not graded")
    assert len({*table_of(first).rows, *second.rows}) == 12
    assert "No topics here yet." in await d.hears("bob", "me topics")


async def test_a_question_that_left_the_decks_is_not_counted(redis: Redis) -> None:
    d = played(redis, 2)
    await practises(d, 0, "good")
    await practises(d, 1, "good")
    later = Dialogue(redis, catalogue_of(deck(question(1, "topic1"))), now=d.now)
    assert table_of(await later.says("ana", "me")).rows == (("topic1", "1 of 1", "100 %"),)


@pytest.mark.parametrize(
    ("known", "before", "shown"),
    [
        (None, None, "not graded"),
        (0.52, None, "52 %"),
        (0.52, 0.40, "52 %, up 12"),
        (0.40, 0.52, "40 %, down 12"),
        (0.401, 0.399, "40 %"),
        (0.0, 0.0, "0 %"),
        (0.9, 0.0, "90 %, up 90"),
    ],
)
def test_the_trend_in_words(known: float | None, before: float | None, shown: str) -> None:
    assert Topic("rag", 1, 2, known, before).trend == shown


@pytest.mark.parametrize(
    ("topic", "count"), Counter(one.topic for each in DECKS for one in each.questions).items()
)
def test_a_row_fits_a_phone(topic: str, count: int) -> None:
    for row in (Topic(topic, count, count, 1.0, 0.12).row, Topic(topic, count, count, 0.52, 0.95).row):
        assert sum(map(len, row)) <= WIDTH
