"""When questions come back: exactly as FSRS says, whatever happens in between."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.game.memory import Grade, Learnt, graded, likely, read_learnt, remembered, write_learnt
from bot.requests import Member
from bot.store.store import Store
from tests.dialogue import START

FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
grades = st.sampled_from(list(Grade))
waits = st.integers(1, 60)
KNEW, FORGOT = (Grade.GOOD, Grade.EASY), (Grade.AGAIN, Grade.HARD)


@given(st.lists(st.tuples(grades, waits), min_size=1, max_size=12))
def test_intervals_are_those_of_the_library_itself(reviews: list[tuple[Grade, int]]) -> None:
    learnt: Learnt | None = None
    card, now = Card(card_id=1), START
    for grade, days in reviews:
        learnt = graded(learnt, grade, now)
        card, _ = FSRS.review_card(card, RATINGS[grade], now)
        assert learnt.memory.due == card.due
        assert read_learnt(write_learnt(learnt)) == learnt
        now += timedelta(days=days)
        assert remembered(learnt.memory, now) == FSRS.get_card_retrievability(card, now)


@given(grades, grades, st.lists(grades, max_size=4))
def test_a_grade_chosen_again_is_as_if_the_first_had_never_been(
    slip: Grade, meant: Grade, before: list[Grade]
) -> None:
    learnt, now = None, START
    for grade in before:
        learnt = graded(learnt, grade, now)
        now += timedelta(days=5)
    changed = graded(graded(learnt, slip, now), meant, now, again=True)
    assert changed.memory == graded(learnt, meant, now).memory


@given(st.lists(st.tuples(grades, waits), min_size=1, max_size=12), st.integers(0, 56))
def test_eight_days_back_it_is_known_what_was_known_then(
    reviews: list[tuple[Grade, int]], days_back: int
) -> None:
    learnt, now, states = None, START, []
    for grade, days in reviews:
        learnt = graded(learnt, grade, now)
        states.append(learnt.memory)
        now += timedelta(days=days)
    assert learnt
    then = now - timedelta(days=days_back)
    before = [state for state in states if state.reviewed <= then]
    assert learnt.at(then) == (before[-1] if before else None)
    assert len(learnt.past) <= 56


@given(st.lists(st.tuples(grades, waits), min_size=1, max_size=6))
def test_what_is_likely_remembered_is_a_share(reviews: list[tuple[Grade, int]]) -> None:
    known = [graded(None, grade, START - timedelta(days=days)) for grade, days in reviews]
    assert 0 <= likely(known, START) <= 1


async def test_over_120_days_reviews_stay_bounded_and_nothing_due_is_lost(redis: Redis) -> None:
    """Six members whose memory decides their grades; each works off at most twenty a day."""
    rng, now = random.Random(7), datetime(2026, 1, 5, 9, tzinfo=UTC)
    kept: dict[str, dict[str, Learnt]] = {f"m{n}": {} for n in range(6)}
    team, loads = "console:local", []
    for day in range(120):
        # Another process each day: nothing is kept but in Redis.
        store = Store(redis)
        for who, questions in kept.items():
            member = Member(who, who)
            fresh = f"basics/q{day}"
            due = await store.due_reviews(team, member, now)
            expected = {id for id, learnt in questions.items() if learnt.memory.due <= now}
            assert set(due.due) == expected
            loads.append(len(due.due))
            for question in [*due.due[:20], fresh]:
                known = questions.get(question)
                holds = known is None or rng.random() < remembered(known.memory, now)
                grade = (
                    rng.choice([Grade.GOOD, Grade.EASY]) if holds else rng.choice([Grade.AGAIN, Grade.HARD])
                )
                card = await store.card(team, member, question)
                assert card.learnt == known
                questions[question] = graded(card.learnt, grade, now)
                done = await store.learn(
                    team, member, question, card.stored, questions[question], now, "", counts=False
                )
                assert done.status == "saved"
        now += timedelta(days=1)
    assert max(loads) <= 30
