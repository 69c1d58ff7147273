"""The store as a state machine: whatever happens in whatever order, it agrees with the plain model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, lists, sampled_from, sets, tuples

from bot.game.catalogue import Item
from bot.game.rounds import KEPT_OPEN, round_fields
from bot.game.schedule import EVERY_DAY, RevealRule, Schedule, to_day, to_ms
from bot.requests import Channel, Member
from bot.store.store import Store
from content.words import normalised
from llmq.redis.clients import client_of
from tests.dialogue import ten_questions
from tests.model import Model, rank_of

T = TypeVar("T")

TEAM = "slack:T1"
# Between 06:00 and 11:00 UTC all of them have the same date.
ZONES = {"berlin": "Europe/Berlin", "york": "America/New_York", "kolkata": "Asia/Kolkata"}
MEMBERS = ("ana", "bob", "cyd", "dan")
TEXTS = ("A first answer.", "A second answer.", "PASTED")
BOARDS = ("week", "month", "all", "streak")
RULE = RevealRule(min_replies=2)
FIRST = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)

channels, members, texts = sampled_from(tuple(ZONES)), sampled_from(MEMBERS), sampled_from(TEXTS)
some = sets(members, max_size=3)


class StoreMachine(RuleBasedStateMachine):
    """The real store on the left, the model on the right."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.client = self.run(self.connect(url))
        self.store, self.model, self.now = Store(self.client), Model(), FIRST
        self.items = list(ten_questions().items.values())
        self.opened: dict[str, datetime] = {}
        self.requests = count()

    async def connect(self, url: str) -> Any:
        client = client_of(url)
        await client.flushall()
        return client

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        try:
            self.run(self.compare_all())
        finally:
            self.run(self.client.aclose())
            self.loop.close()

    @initialize(often=booleans())
    def choose_how_often_to_read(self, often: bool) -> None:
        """What is brought up to date when read must come out the same when nobody reads."""
        self.reads_after_each_step = often
        for name in ZONES:
            self.open(name)

    # Rounds

    @precondition(lambda self: self.now.hour < 11)
    @rule(name=channels)
    def open(self, name: str) -> None:
        schedule = Schedule(time(9), EVERY_DAY, ZONES[name], reveal=RULE)
        day = to_day(schedule.local(self.now).date())
        had_one = f"{name}:{day}" in self.model.rounds
        if not had_one:
            self.end(self.model.newest.get(name, ""))
        item = self.items[day % len(self.items)]
        if item.id in self.open_questions() and not had_one:
            assert self.begin(name, day, schedule, item) == "taken"
            item = next(item for item in self.items if item.id not in self.open_questions())
        assert self.begin(name, day, schedule, item) == ("exists" if had_one else "begun")
        if had_one:
            return
        offset = timedelta(milliseconds=schedule.utc_offset_ms(self.now))
        id = self.model.begin(name, day, item.question.prompt, offset)
        self.opened[id] = self.now
        self.run(self.store.posted(TEAM, id, f"message of {id}"))

    def begin(self, name: str, day: int, schedule: Schedule, item: Item) -> str:
        fields = round_fields(item, RULE, to_ms(self.now))
        status, _ = self.run(self.store.begin(Channel(TEAM, name), day, schedule, self.now, fields))
        return status

    @rule(name=channels, member=members, text=texts)
    def answer(self, name: str, member: str, text: str) -> None:
        self.give(self.model.newest.get(name, ""), name, member, text)

    @precondition(lambda self: self.model.rounds)
    @rule(n=integers(0, 5), member=members, text=texts)
    def answer_by_the_button_of_a_question(self, n: int, member: str, text: str) -> None:
        id = list(self.model.rounds)[-1 - n % len(self.model.rounds)]
        seen = self.model.may_name(id, "berlin", member)
        self.give(id if seen else "", "berlin", member, text, round=id)

    @precondition(lambda self: self.model.rounds)
    @rule(n=integers(0, 2), member=members, text=texts)
    def answer_by_reply(self, n: int, member: str, text: str) -> None:
        id = list(self.model.rounds)[-1 - n % len(self.model.rounds)]
        round = self.model.rounds[id]
        self.give(id if round.state == "open" else "", round.channel, member, text, f"message of {id}")

    def give(self, id: str, name: str, member: str, text: str, reply_to: str = "", round: str = "") -> None:
        known = self.model.rounds.get(id)
        if text == "PASTED":
            text = known.prompt if known else text
        new = known is not None and member not in known.answers
        status = self.model.answer(id, member, text)
        recorded = self.run(
            self.store.answer(
                Channel(TEAM, name), self.who(member), text, normalised(text), self.now, round, reply_to
            )
        )
        assert recorded.status == status
        if known is None or status in ("over", "pasted", "kept"):
            return
        figures, replies = self.model.figures(member), len(known.in_time)
        points = (4 if status == "late" else 10) if new else 0
        assert (recorded.round, recorded.replies, recorded.points) == (id, replies, points)
        assert (recorded.streak, recorded.freezes) == (figures.streak, figures.freezes)
        if status == "saved" and replies == RULE.min_replies:
            assert recorded.hurry == max(to_ms(self.now), to_ms(self.opened[id] + RULE.min_wait))

    @rule(name=channels, member=members)
    def withdraw(self, name: str, member: str) -> None:
        id = self.model.newest.get(name, "")
        given = self.model.rounds[id].answers.get(member) if id else None
        status = self.model.withdraw(id, member)
        place, who = Channel(TEAM, name), self.who(member)
        request = f"r{next(self.requests)}"
        withdrawn = self.run(self.store.withdraw(place, who, request, self.now, "", ""))
        assert withdrawn.status == status
        if status == "withdrawn":
            assert given
            assert withdrawn.text == given.text
            assert self.run(self.store.withdraw(place, who, request, self.now, "", "")) == withdrawn

    @rule(name=channels, member=members, text=texts)
    def answer_and_think_again(self, name: str, member: str, text: str) -> None:
        self.answer(name, member, text)
        self.withdraw(name, member)

    @rule(name=channels, forced=booleans())
    def reveal(self, name: str, forced: bool) -> None:
        id = self.model.newest.get(name, "")
        if not id:
            return
        if forced:
            assert self.run(self.store.force_reveal(Channel(TEAM, name))) == self.model.rounds[id].state
        self.reveal_if_due(id, forced)

    def reveal_if_due(self, id: str, forced: bool = False) -> None:
        round = self.model.rounds[id]
        age, enough = self.now - self.opened[id], len(round.in_time) >= RULE.min_replies
        due = forced or age >= RULE.deadline or (enough and age >= RULE.min_wait)
        told = round.state != "open"
        answers = self.run(self.store.reveal(TEAM, id, self.now))
        if told or not due:
            assert answers is None
            return
        assert answers is not None
        assert {answer.name: answer.text for answer in answers} == {
            member.title(): text for member, text in round.in_time.items()
        }
        assert self.run(self.store.reveal(TEAM, id, self.now)) is not None
        self.run(self.store.told(TEAM, id))
        round.state = "revealed"

    def end(self, id: str) -> None:
        """What a round goes through when the channel's next one needs its place."""
        if not id or self.model.rounds[id].state == "closed":
            return
        if self.model.rounds[id].state == "open":
            self.run(self.store.force_reveal(Channel(TEAM, self.model.rounds[id].channel)))
        self.reveal_if_due(id, forced=True)
        self.run(self.store.close(TEAM, id))
        self.model.rounds[id].state = "closed"

    # Practice and boards

    @rule(member=members, question=integers(0, 9), often=integers(1, 7))
    def practise(self, member: str, question: int, often: int) -> None:
        for n in range(often):
            self.practise_once(member, self.items[question], f"{self.now} {member} {question} {n}")

    def practise_once(self, member: str, item: Item, request: str) -> None:
        practised = self.run(self.store.practise(TEAM, self.who(member), item, "text", request, self.now))
        if item.id in self.open_questions():
            assert practised.status == "blind"
        elif practised.status != "same":
            points = self.model.practise(member, self.model.today(self.now))
            assert (practised.status, practised.points) == ("counted", points)

    @rule(member=members, question=integers(0, 9))
    def send_the_same_practice_answer_twice(self, member: str, question: int) -> None:
        item = self.items[question]
        request = f"{self.now} {member} {item.id} twice"
        self.practise_once(member, item, request)
        again = self.run(self.store.practise(TEAM, self.who(member), item, "text", request, self.now))
        assert again.status == ("blind" if item.id in self.open_questions() else "same")
        assert again.points == 0

    @rule(member=members)
    def ask_for_a_practice_question(self, member: str) -> None:
        candidates = [item.candidate for item in self.items]
        chosen, _ = self.run(self.store.random(TEAM, self.who(member), self.now, candidates))
        assert chosen in {item.id for item in self.items} - self.open_questions()

    def open_questions(self) -> set[str]:
        asked = {item.question.prompt: item.id for item in self.items}
        return {asked[round.prompt] for round in self.model.rounds.values() if round.state == "open"}

    @rule(member=members, shown=booleans())
    def leave_or_join_the_boards(self, member: str, shown: bool) -> None:
        changed = self.run(self.store.show_on_boards(TEAM, self.who(member), self.now, shown=shown))
        assert changed == (shown == (member in self.model.hidden))
        (self.model.hidden.discard if shown else self.model.hidden.add)(member)

    # Time

    @rule(hours=integers(1, 6))
    def pass_hours(self, hours: int) -> None:
        self.pass_to(self.now + timedelta(hours=hours))

    @rule(days=integers(1, 3), hour=integers(6, 10))
    def pass_days(self, days: int, hour: int) -> None:
        self.pass_to((self.now + timedelta(days=days)).replace(hour=hour))

    def pass_to(self, moment: datetime) -> None:
        self.now = moment
        for id, round in self.model.rounds.items():
            if round.state != "closed" and moment - self.opened[id] >= KEPT_OPEN:
                self.end(id)
            elif round.state == "open":
                self.reveal_if_due(id)

    @rule(plan=lists(tuples(some, some, some), min_size=2, max_size=9), name=channels)
    def play_some_days(self, plan: list[tuple[set[str], set[str], set[str]]], name: str) -> None:
        """Each day some answer in time, some take theirs back, and some come late."""
        for in_time, taken_back, late in plan:
            self.pass_days(1, 9)
            self.open(name)
            self.each(sorted(in_time), self.answer, name)
            self.each(sorted(taken_back), self.answer_and_think_again, name)
            if late:
                self.reveal(name, True)
                self.each(sorted(late), self.answer, name)

    @rule(days=integers(1, 16), who=some, name=channels)
    def play_days_in_a_row(self, days: int, who: set[str], name: str) -> None:
        """Long enough to earn freezes, and to spend them for those who are not among them."""
        for _ in range(days):
            self.pass_days(1, 9)
            self.open(name)
            self.each(sorted(who), self.answer, name)

    def each(self, who: list[str], act: Callable[[str, str, str], None], name: str) -> None:
        for member in who:
            act(name, member, TEXTS[0])

    # What can be read

    @rule(member=members, board=sampled_from(BOARDS))
    def look_at_a_board(self, member: str, board: str) -> None:
        self.run(self.compare_board(board, member))

    @rule(member=members)
    def look_at_oneself(self, member: str) -> None:
        self.run(self.compare_figures(member))

    @rule(name=channels, member=members)
    def look_at_the_question(self, name: str, member: str) -> None:
        seen = self.run(self.store.today(Channel(TEAM, name), self.who(member)))
        round = self.model.rounds.get(self.model.newest.get(name, ""))
        if round is None:
            assert (seen.round, seen.own) == (None, None)
            return
        assert seen.round
        assert (seen.round.state, seen.round.replies) == (round.state, len(round.in_time))
        blind = round.prompt in {
            other.prompt for other in self.model.rounds.values() if other.state == "open"
        }
        assert bool(seen.round.reference) == (not blind)
        own = round.answers.get(member)
        assert (seen.own and (seen.own.text, seen.own.late)) == (own and (own.text, own.late))

    @invariant()
    def everything_agrees(self) -> None:
        if getattr(self, "reads_after_each_step", False):
            self.run(self.compare_all())

    async def compare_all(self) -> None:
        figures = (self.compare_figures(member) for member in MEMBERS)
        boards = (self.compare_board(board, member) for board in BOARDS for member in MEMBERS[:2])
        await asyncio.gather(*figures, *boards)

    async def compare_figures(self, member: str) -> None:
        figures, today = self.model.figures(member), self.model.today(self.now)
        since = today - 84
        standing = await self.store.standing(TEAM, self.who(member), self.now, since)
        assert standing.ledger == tuple((day, status) for day, status in figures.ledger if day >= since)
        assert (standing.streak, standing.freezes) == (figures.streak, figures.freezes)
        if not any(status == "o" for _, status in figures.ledger[:-1]):
            # What lies beyond a day that is still open is not settled yet.
            assert standing.best == figures.best
        assert standing.answered == self.model.answered(member)
        assert standing.today == today
        assert standing.hidden == (member in self.model.hidden)
        scores = {board: self.model.scores(today, board).get(member, 0) for board in BOARDS}
        assert {board: points for board, (points, _) in standing.boards.items()} == {
            board: score for board, score in scores.items() if score
        }

    async def compare_board(self, board: str, member: str) -> None:
        seen = await self.store.leaderboard(TEAM, self.who(member), board, self.now)
        shown = self.model.shown(self.model.today(self.now), board)
        assert {id: (name, score) for id, name, score in seen.top} == {
            id: (id.title(), score) for id, score in shown.items()
        }
        assert [score for _, _, score in seen.top] == sorted(shown.values(), reverse=True)
        assert seen.size == len(shown)
        own = (rank_of(member, shown), shown[member]) if member in shown else None
        assert (seen.own, seen.hidden) == (own, member in self.model.hidden)

    @staticmethod
    def who(member: str) -> Member:
        return Member(member, member.title())


def test_the_store_agrees_with_the_model(redis_url: str) -> None:
    # A function that makes the machine is allowed; the type of the argument says otherwise.
    run_state_machine_as_test(
        lambda: StoreMachine(redis_url),  # type: ignore[arg-type]
        settings=settings(max_examples=30, stateful_step_count=30),
    )
