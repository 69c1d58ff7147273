"""In which order a channel asks: drawn for each channel and lap, and the same wherever it is worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from cProfile import Profile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.game.catalogue import Catalogue, Item
from bot.game.channel import ChannelState, Draft, draft_of, supply_of
from bot.game.order import Lap, in_order
from bot.game.rules import FOLLOW_UP_AFTER, KEPT_AHEAD
from bot.game.schedule import EVERY_DAY, Schedule, to_ms
from content.deck import Level, Question
from tests.content.shipped import DECKS
from tests.dialogue import catalogue_of, deck, question

DAILY = Schedule(time(9), EVERY_DAY, "UTC")
FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
ALL_SHIPPED = catalogue_of(*DECKS).chosen(())
FOUR_TOPICS = ("attention", "prompting", "decoding", "rag")


def numbered(count: int, topics: Sequence[str] = FOUR_TOPICS) -> list[Question]:
    """Questions whose topics come one after the other."""
    return [question(n, topics[n % len(topics)], Level.MEDIUM) for n in range(count)]


def in_topics(count: int, topics: Sequence[str] = FOUR_TOPICS) -> list[Question]:
    """Questions grouped by topic, as a deck has them."""
    return sorted(numbered(count, topics), key=lambda one: one.topic)


@dataclass(frozen=True)
class Asked:
    """A question that was asked, and what was kept back from practice from then on."""

    item: Item
    lap: int
    ahead: tuple[str, ...]


@dataclass
class Course:
    """A channel that asks one question a day, as the scheduler does."""

    catalogue: Catalogue
    lap: Lap
    now: datetime = FIRST

    def __post_init__(self) -> None:
        self.asked: dict[str, float] = {}

    @property
    def state(self) -> ChannelState:
        return ChannelState(DAILY, "", None, None, self.asked, lap=self.lap)

    def draft(self) -> Draft:
        return draft_of(self.catalogue, DAILY, self.state, self.now)

    def ask(self) -> Asked:
        draft = self.draft()
        item, self.lap = draft.candidates[0], draft.lap
        self.asked[item.id] = to_ms(self.now)
        self.now += timedelta(days=1)
        return Asked(item, self.lap.number, tuple(id for id in draft.ahead if id != item.id))

    def play(self, days: int) -> list[Asked]:
        return [self.ask() for _ in range(days)]


def course(*questions: Question, seed: int = 7) -> Course:
    return Course(catalogue_of(deck(*questions)), Lap(seed))


def ids(rounds: Sequence[Asked]) -> list[str]:
    return [one.item.id for one in rounds]


def test_each_channel_has_an_order_of_its_own_and_keeps_it() -> None:
    orders = [ids(course(*numbered(40), seed=seed).play(40)) for seed in (1, 2, 3)]
    assert orders[0] == ids(course(*numbered(40), seed=1).play(40))
    assert len({tuple(order) for order in orders}) == 3
    assert len({order[0] for order in orders} | {order[1] for order in orders}) > 2


def test_no_question_comes_back_until_all_were_asked() -> None:
    rounds = course(*in_topics(30)).play(120)
    for lap in range(4):
        assert len(set(ids(rounds[30 * lap : 30 * lap + 30]))) == 30


def test_each_lap_has_another_order() -> None:
    rounds = ids(course(*in_topics(60)).play(180))
    laps = [rounds[n : n + 60] for n in (0, 60, 120)]
    for one, other in pairwise(laps):
        alike = sum(pair in set(pairwise(one)) for pair in pairwise(other))
        assert alike < 15


def test_what_was_asked_longest_ago_comes_first_in_the_next_lap() -> None:
    rounds = ids(course(*in_topics(40)).play(120))
    for n, id in enumerate(rounds[40:], start=40):
        before = max(m for m in range(n) if rounds[m] == id)
        # Neither the topics nor the chance of a lap bring a question back much earlier.
        assert n - before >= 40 * 0.6


def test_a_question_that_is_new_in_a_later_lap_goes_before_those_that_were_asked() -> None:
    played = course(*in_topics(20))
    played.play(25)
    played.catalogue = catalogue_of(deck(*in_topics(20), *(question(n, "new") for n in (90, 91, 92))))
    coming = [one.item.question.topic for one in played.play(6)]
    assert coming.count("new") == 3


@pytest.mark.parametrize("seed", range(5))
def test_topics_alternate(seed: int) -> None:
    rounds = course(*in_topics(40), seed=seed + 1).play(200)
    topics = [one.item.question.topic for one in rounds]
    assert not any(one == other for one, other in pairwise(topics))


def test_decks_are_mixed_and_begin_with_easy_questions() -> None:
    decks = [
        deck(
            *(question(n, f"topic {d}", tuple(Level)[n % 3]) for n in range(d * 100, d * 100 + 15)),
            id=f"d{d}",
        )
        for d in range(5)
    ]
    rounds = Course(catalogue_of(*decks), Lap(3)).play(75)
    firsts = {one.item.deck: one.item for one in reversed(rounds)}
    assert {item.question.level for item in firsts.values()} == {Level.EASY}
    assert len(Counter(one.item.deck for one in rounds[:20])) == 5


@st.composite
def courses(draw: st.DrawFn) -> tuple[Course, int]:
    """A channel with up to forty questions, of which up to a third deepen another one, and how many."""
    count = draw(st.integers(20, 40))
    chosen = draw(st.permutations(range(count)))
    questions = in_topics(count)
    for parent, child in islice(
        zip(chosen[::2], chosen[1::2], strict=False), draw(st.integers(0, count // 3))
    ):
        questions[child] = replace(questions[child], follow_up_of=questions[parent].id)
    return course(*questions, seed=draw(st.integers(0, 1000))), count


@given(courses())
@settings(max_examples=60)
def test_a_follow_up_comes_three_rounds_after_its_question_or_later(found: tuple[Course, int]) -> None:
    channel, count = found
    rounds = channel.play(3 * count)
    for n, one in enumerate(rounds):
        if one.item.follow_up_of:
            lap = [other.item.id if other.lap == one.lap else "" for other in rounds[:n]]
            assert one.item.follow_up_of in lap
            assert n - lap.index(one.item.follow_up_of) >= FOLLOW_UP_AFTER


@given(courses())
@settings(max_examples=60)
def test_what_is_asked_was_kept_back_for_ten_rounds(found: tuple[Course, int]) -> None:
    channel, count = found
    rounds = channel.play(3 * count)
    for n, one in enumerate(rounds):
        for before in rounds[max(n - KEPT_AHEAD, 0) : n]:
            assert one.item.id in before.ahead


def test_a_question_past_its_review_date_is_left_out() -> None:
    old = replace(question(1), review_by=date(2025, 12, 31))
    due = replace(question(2), review_by=date(2026, 1, 10))
    played = course(question(0), old, due, question(3), question(4), question(5))
    assert "basics/q1" not in ids(played.play(20))
    supply = supply_of(played.catalogue, DAILY, played.state, played.now)
    assert (supply.total, supply.out_of_date) == (6, 2)
    assert "basics/q2" not in ids(played.play(20))


def test_where_all_are_past_their_review_date_they_are_asked_all_the_same() -> None:
    old = [replace(one, review_by=date(2025, 12, 31)) for one in numbered(3)]
    assert set(ids(course(*old).play(3))) == {"basics/q0", "basics/q1", "basics/q2"}


def test_a_question_that_is_open_elsewhere_waits_and_the_next_one_comes() -> None:
    played = course(*numbered(12), seed=0)
    first, second = played.draft().candidates[:2]
    state = replace(played.state, open=frozenset({first.id}))
    assert draft_of(played.catalogue, DAILY, state, played.now).candidates[0] == second
    state = replace(played.state, open=frozenset({first.prompt_hash}))
    assert draft_of(played.catalogue, DAILY, state, played.now).candidates[0] == second


def test_before_nothing_can_be_asked_what_was_asked_already_comes_again() -> None:
    played = course(*numbered(3), seed=0)
    played.play(2)
    state = replace(played.state, open=frozenset({"basics/q2"}))
    assert draft_of(played.catalogue, DAILY, state, played.now).candidates[0].id == "basics/q0"


def test_a_reworded_question_is_not_asked_again_before_the_others() -> None:
    played = course(question(0), question(1), seed=0)
    played.ask()
    played.catalogue = catalogue_of(deck(replace(question(0), answer="In better words."), question(1)))
    assert played.ask().item.id == "basics/q1"


def test_without_a_seed_the_decks_own_order_holds() -> None:
    assert ids(course(*numbered(8), seed=0).play(8)) == [f"basics/q{n}" for n in range(8)]


@given(st.integers(1, 2**32))
@settings(max_examples=20)
def test_the_first_four_weeks_of_the_shipped_decks_touch_each_of_them_the_easy_questions_first(
    seed: int,
) -> None:
    first = in_order(ALL_SHIPPED, {}, Lap(seed), 20)
    assert {item.deck for item in first} == {deck.id for deck in DECKS}
    assert sum(item.question.level is Level.EASY for item in first) >= 18


def calls_to_draw(decks: int) -> int:
    """How many functions are called to draw what comes next from so many decks of ten questions."""
    numbers = (range(d * 10, d * 10 + 10) for d in range(decks))
    of = [deck(*(question(n, f"topic {d}") for n in some), id=f"d{d}") for d, some in enumerate(numbers)]
    catalogue = catalogue_of(*of)
    Course(catalogue, Lap(1)).draft()
    drawn, profile = Course(catalogue, Lap(2)), Profile()
    profile.enable()
    drawn.draft()
    supply_of(catalogue, DAILY, drawn.state, drawn.now)
    profile.disable()
    profile.create_stats()
    return sum(calls for calls, *_ in profile.stats.values())


def test_ten_times_the_questions_are_not_ten_times_the_work_to_draw_what_comes_next() -> None:
    assert calls_to_draw(400) < 2 * calls_to_draw(40)
