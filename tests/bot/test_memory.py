"""When questions come back: exactly as FSRS says, whatever happens in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.commands.learning import keep_grade
from bot.commands.parsing import Call
from bot.game.memory import Grade, Learnt, graded, likely, read_learnt, remembered, write_learnt
from bot.requests import Member
from bot.store.store import Store
from llmq.redis.clients import client_of
from llmq.redis.embedded import answers, until
from tests import servers
from tests.dialogue import PRACTICE, START, Dialogue
from tests.faults.cases import ALL

FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
RATINGS = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
grades = st.sampled_from(list(Grade))
waits = st.integers(1, 60)
KNEW, FORGOT = (Grade.GOOD, Grade.EASY), (Grade.AGAIN, Grade.HARD)
# `make faults` has as many members and days as the simulation of one process.
MEMBERS, DAYS, LIVES_DAYS = (6, 120, 8) if ALL else (1, 18, 5)


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


class Machine:
    """A server with a data folder, that may die at any moment, and two replicas of llmq on it."""

    def __init__(self, folder: Path) -> None:
        self._socket, self._words = folder / "s", servers.command(folder, folder / "s", folder / "log")
        self.replicas = [Dialogue(client_of(f"unix://{self._socket}")) for _ in range(2)]

    async def start(self) -> None:
        self._server = Popen(self._words, stdout=DEVNULL)  # noqa: ASYNC220 - it is there at once
        await until(lambda: answers(self._socket))

    def die(self) -> None:
        """What was acknowledged is on disk; nothing else is written on the way."""
        self._server.kill()
        self._server.wait()

    async def end(self) -> None:
        for replica in self.replicas:
            await replica.redis.aclose()
        self.die()


@pytest.fixture
async def machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("m"))
    await machine.start()
    yield machine
    await machine.end()


async def test_two_replicas_and_a_dying_server_lose_no_review_and_grade_none_twice(
    machine: Machine,
) -> None:
    """Each grade comes twice at the same time, and differs; the newer act is the one that counts."""
    rng, now = random.Random(7), datetime(2026, 1, 5, 9, tzinfo=UTC)
    kept: dict[str, dict[str, Learnt]] = {f"m{n}": {} for n in range(MEMBERS)}
    for day in range(DAYS):
        if day % LIVES_DAYS == LIVES_DAYS - 1:
            machine.die()
            await machine.start()
        for who, questions in kept.items():
            member, team = Member(who, who), PRACTICE.team
            expected = {id for id, learnt in questions.items() if learnt.memory.due <= now}
            for replica in machine.replicas:
                seen = await replica.store.due_reviews(team, member, now)
                assert (set(seen.due), seen.reviewed, seen.kept_back) == (expected, 0, 0)
            today = [*seen.due[:20], f"basics/q{day}"]
            for question in today:
                questions[question] = await raced(machine, rng, who, question, questions.get(question), now)
            after = await machine.replicas[0].store.due_reviews(team, member, now)
            assert (set(after.due), after.reviewed) == (expected - set(today), len(today))
        now += timedelta(days=1)
    assert all(len(questions) == DAYS for questions in kept.values())


async def raced(
    machine: Machine, rng: random.Random, who: str, question: str, known: Learnt | None, now: datetime
) -> Learnt:
    """What is stored after both replicas were given a grade at once: the newer one, counted once."""
    holds = known is None or rng.random() < remembered(known.memory, now)
    chosen = rng.sample(KNEW if holds else FORGOT, 2)
    moments = [now, now + timedelta(milliseconds=1)]
    acts = list(zip(machine.replicas, chosen, moments, strict=True))
    rng.shuffle(acts)
    await asyncio.gather(*(grade_at(replica, who, question, grade, at) for replica, grade, at in acts))
    (store, other) = (replica.store for replica in machine.replicas)
    stored = (await store.card(PRACTICE.team, Member(who, who), question)).learnt
    assert stored == (await other.card(PRACTICE.team, Member(who, who), question)).learnt
    assert stored
    assert stored.memory == graded(known, chosen[1], moments[1]).memory
    assert stored.reviews == (known.reviews if known else 0) + 1
    return stored


async def grade_at(replica: Dialogue, who: str, question: str, grade: Grade, at: datetime) -> None:
    request = replica.request(who, f"review grade {question} {grade}", at=at)
    call = Call(request, {"target": question, "grade": grade}, at)
    await keep_grade(replica.bot.game, call, question, "", counts=True)
