"""The store as a state machine: whatever happens in whatever order, it agrees with the plain model.

What has tests of its own is left out: replies in threads that arrive in another order (test_acts), what is
told of a streak, learning, and what earlier versions stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
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
from hypothesis.strategies import booleans, integers, lists, permutations, sampled_from, sets, tuples

from bot.game.catalogue import Item
from bot.game.channel import Draft
from bot.game.order import Lap
from bot.game.rules import OPEN_FOR
from bot.game.schedule import EVERY_DAY, RevealRule, Schedule, to_day
from bot.requests import Channel, Member, Request, ThreadMessage
from bot.store.records import Recorded
from bot.store.store import Act, Store
from llmq.redis.clients import client_of
from tests.dialogue import catalogue_of, deck, question
from tests.faults.cases import ALL
from tests.model import DAYS_FOR_A_FREEZE, REGULAR_ANSWERS, Board, Did, Model, Played, rank_of

T = TypeVar("T")

TEAM = "slack:T1"
# Between 06:00 and 11:00 UTC all of them have the same date. The team's days follow the first.
ZONES = {"berlin": "Europe/Berlin", "york": "America/New_York", "kolkata": "Asia/Kolkata"}
# One of them waits for its regulars.
SCHEDULES = {
    name: Schedule(
        time(9), EVERY_DAY, zone, reveal=RevealRule(min_replies=2, waits_for_regulars=name == "kolkata")
    )
    for name, zone in ZONES.items()
}
MEMBERS = ("ana", "bob", "cyd", "dan")
UNKNOWN = "I don't know."
TEXTS = ("A first answer.", "A second answer.", UNKNOWN, "PASTED")
BOARDS: tuple[Board, ...] = ("week", "month", "all", "streak")
RULE = SCHEDULES["berlin"].reveal
FIRST = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)
QUESTIONS = 25

channels, members, texts = sampled_from(tuple(ZONES)), sampled_from(MEMBERS), sampled_from(TEXTS)
some, places = sets(members, max_size=3), sets(channels, min_size=1, max_size=2)
texts_or_back = sampled_from((*TEXTS, ""))
replies = sampled_from(TEXTS[:3])
replies_or_gone = sampled_from((*TEXTS[:3], ""))


def act_of(did: Did, named: str) -> Act:
    if did.source:
        return Act("reply" if did.text else "gone", did.text, worth=did.worth)
    return Act("answer" if did.text else "withdraw", did.text, named, worth=did.worth)


@dataclass(frozen=True)
class Reply:
    """A message that somebody wrote in a question's thread."""

    round: Played
    member: str
    id: str
    created: datetime


class StoreMachine(RuleBasedStateMachine):
    """The real store on the left, the model on the right."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.client = self.run(self.connect(url))
        self.store, self.model, self.now = Store(self.client), Model(), FIRST
        catalogue = catalogue_of(deck(*(question(n) for n in range(QUESTIONS))))
        self.items = list(catalogue.items.values())
        self.ids = count()
        self.may_lag = False
        self.replies: list[Reply] = []

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
        for name, schedule in SCHEDULES.items():
            place = Channel(TEAM, name)
            before = self.run(self.store.channel(place))
            assert self.run(self.store.save_schedule(place, before, schedule, self.now))
            self.open(name)

    # Rounds

    @precondition(lambda self: self.now.hour < 11)
    @rule(name=channels)
    def open(self, name: str) -> None:
        day, newest = to_day(SCHEDULES[name].local(self.now).date()), self.model.newest(name)
        had_one = newest is not None and newest.day == day
        if newest and not had_one:
            self.end(newest)
        item = self.items[day % QUESTIONS]
        if not had_one and item.id in self.model.open_questions():
            assert self.begin(name, day, item) == "open_elsewhere"
            item = next(item for item in self.items if item.id not in self.model.open_questions())
        assert self.begin(name, day, item) == ("exists" if had_one else "begun")
        if not had_one:
            waits = SCHEDULES[name].reveal.waits_for_regulars
            regulars = self.model.regulars(name, day) if waits else None
            self.post(Played(name, day, item.id, item.question.prompt, self.now, regulars=regulars))

    def fresh(self, name: str) -> Played:
        """The channel's open round, if need be that of tomorrow."""
        round = self.model.newest(name)
        if round is None or round.state != "open":
            self.pass_days(1, 9)
            self.open(name)
        round = self.model.newest(name)
        assert round
        return round

    def begin(self, name: str, day: int, item: Item) -> str:
        draft = Draft((item,), Lap(0), [self.after(item)], {})
        place = Channel(TEAM, name)
        return self.run(self.store.begin(place, day, SCHEDULES[name], self.now, draft, item)).status

    def after(self, item: Item) -> str:
        return self.items[(self.items.index(item) + 1) % QUESTIONS].id

    def post(self, round: Played) -> None:
        item = next(item for item in self.items if item.id == round.question)
        self.model.begin(round, self.after(item))
        if round.channel == "berlin":
            self.model.utc_offset = SCHEDULES["berlin"].local(self.now).utcoffset() or timedelta()
        self.run(self.store.posted(TEAM, round.name, f"message of {round.name}"))

    @rule(name=channels, forced=booleans())
    def reveal(self, name: str, forced: bool) -> None:
        round = self.model.newest(name)
        assert round
        if forced:
            assert self.run(self.store.force_reveal(Channel(TEAM, name))) == round.state
        self.reveal_if_due(round, forced)

    def reveal_if_due(self, round: Played, forced: bool = False) -> None:
        age, enough = self.now - round.opened, round.is_enough(RULE.min_replies)
        due = forced or age >= RULE.deadline or (enough and age >= RULE.min_wait)
        revealed = self.run(self.store.reveal(TEAM, round.name, self.now))
        assert revealed == (due and round.state == "open")
        if not revealed:
            return
        assert self.texts_of(round, "order") == round.in_time
        assert self.run(self.store.reveal(TEAM, round.name, self.now))
        self.run(self.store.reveal_posted(TEAM, round.name))
        round.state, round.revealed, round.told = "revealed", self.now, set(round.in_time)
        self.tick()

    def texts_of(self, round: Played, which: Any) -> dict[str, str]:
        answers = self.run(self.store.answers(TEAM, round.name, 0, -1, which))
        assert all(answer.name == answer.member.title() for answer in answers)
        return {answer.member: answer.text for answer in answers}

    @rule(name=channels)
    def post_late_answers(self, name: str) -> None:
        round = self.model.newest(name)
        assert round
        if round.state != "revealed":
            return
        late = self.run(self.store.answers(TEAM, round.name, 0, -1, "late"))
        assert {answer.member for answer in late} == round.to_post
        assert self.run(self.store.channel(Channel(TEAM, name))).late == len(late)
        for answer in late:
            self.run(self.store.late_posted(TEAM, round.name, answer))
        round.to_post.clear()

    def end(self, round: Played) -> None:
        """What a round goes through when the channel's next one needs its place."""
        if round.state == "open":
            self.run(self.store.force_reveal(Channel(TEAM, round.channel)))
            self.reveal_if_due(round, forced=True)
        if round.state == "revealed":
            unanswered = self.run(self.store.close(TEAM, round.name, self.now, was_down=round.was_down))
            assert unanswered == self.model.close(round, self.now)

    # Answers

    @rule(name=channels, member=members, text=texts)
    def answer(self, name: str, member: str, text: str) -> None:
        self.do(self.model.newest(name), name, member, text)

    @rule(n=integers(0, 8), member=members, text=texts)
    def answer_by_the_button_of_a_question(self, n: int, member: str, text: str) -> None:
        """Perhaps that of a closed one, which may bring a day back."""
        round = list(self.model.rounds.values())[-1 - n % len(self.model.rounds)]
        seen = self.model.may_name(round, "berlin", member)
        self.do(round if seen else None, "berlin", member, text, round.name)

    @rule(
        name=channels, member=members, revealed=booleans(), acts=lists(texts_or_back, min_size=2, max_size=3)
    )
    def think_again(self, name: str, member: str, revealed: bool, acts: list[str]) -> None:
        round = self.fresh(name)
        if revealed:
            self.reveal(name, True)
        for text in acts:
            self.do(round, name, member, text)

    def do(self, round: Played | None, name: str, member: str, text: str, named: str = "") -> None:
        """Do something twice, as a platform delivers it again when it saw no reply."""
        request, did = self.doing(round, name, member, text)
        recorded = self.arrive(round, member, request, did, named)
        again = self.run(self.store.act(request, act_of(did, named), self.now))
        assert (again.status, again.points, again.text) == (recorded.status, recorded.points, recorded.text)

    def doing(self, round: Played | None, name: str, member: str, text: str) -> tuple[Request, Did]:
        self.tick()
        if text == "PASTED" and round:
            text = round.prompt
        request = Request(f"r{next(self.ids)}", Channel(TEAM, name), self.who(member), "answer", at=self.now)
        return request, Did(self.now, text, text != UNKNOWN)

    def arrive(self, round: Played | None, member: str, request: Request, did: Did, named: str) -> Recorded:
        before = round.answers.get(member) if round else None
        status = self.model.act(round, member, did, self.now)
        recorded = self.run(self.store.act(request, act_of(did, named), self.now))
        assert recorded.status == status
        if round and status not in ("over", "pasted", "none"):
            self.compare_recorded(recorded, round, member)
            after = round.answers.get(member)
            gained = (after.points if after else 0) - (before.points if before else 0)
            assert recorded.points == (0 if status == "withdrawn" else gained)
        return recorded

    def compare_recorded(self, recorded: Recorded, round: Played, member: str) -> None:
        figures, replies = self.model.figures(member, round.channel), len(round.in_time)
        assert (recorded.round, recorded.replies) == (round.name, replies)
        assert (recorded.streak, recorded.freezes) == (figures.streak, figures.freezes)
        if recorded.status == "withdrawn":
            assert recorded.text == round.taken_back[member]
        if recorded.status == "saved" and round.state == "open":
            ripe = max(self.now, round.opened + RULE.min_wait)
            assert recorded.reveal_at == (ripe if round.is_enough(RULE.min_replies) else None)

    @rule(who=some, away=members, in_time=some, hours=integers(1, 3))
    def wait_for_the_regulars(self, who: set[str], away: str, in_time: set[str], hours: int) -> None:
        """But not for one who has gone away."""
        self.play_days_in_a_row(REGULAR_ANSWERS, who, {"kolkata"})
        self.be_away(away, 1, 0)
        self.play_days_in_a_row(1, in_time, {"kolkata"})
        self.pass_hours(hours)

    # Replies in a question's thread

    @rule(name=channels, member=members, text=replies)
    def reply_in_the_thread(self, name: str, member: str, text: str) -> None:
        round = self.model.newest(name)
        assert round
        self.tick()
        self.replies.append(Reply(round, member, f"reply {next(self.ids)}", self.now))
        self.write(self.replies[-1], text)

    @rule(
        name=channels, member=members, then=lists(tuples(booleans(), replies_or_gone), min_size=1, max_size=4)
    )
    def talk_and_answer(self, name: str, member: str, then: list[tuple[bool, str]]) -> None:
        """A reply, and what is done about it or beside it while the round is open."""
        self.fresh(name)
        self.reply_in_the_thread(name, member, TEXTS[0])
        for beside, text in then:
            if beside and text:
                self.reply_in_the_thread(name, member, text)
            elif beside:
                self.do(self.model.newest(name), name, member, TEXTS[1])
            else:
                self.edit_or_delete_a_reply(0, text)

    @precondition(lambda self: self.replies)
    @rule(n=integers(0, 3), text=replies_or_gone)
    def edit_or_delete_a_reply(self, n: int, text: str) -> None:
        reply = self.replies[-1 - n % len(self.replies)]
        self.tick()
        self.write(reply, text)
        if not text:
            self.replies.remove(reply)

    def write(self, reply: Reply, text: str) -> None:
        """Let a reply say this, or nothing any more. It is delivered twice."""
        round, member, did = reply.round, reply.member, Did(self.now, text, text != UNKNOWN, reply.id)
        # Of a message that is gone the platform tells neither who wrote it nor what it answered.
        written = ThreadMessage(f"message of {round.name}" if text else "", reply.id, reply.created)
        request = Request(
            f"r{next(self.ids)}",
            Channel(TEAM, round.channel),
            self.who(member) if text else Member("", ""),
            "reply",
            at=self.now,
            thread=written,
        )
        known = text or reply.id in round.written[member]
        if not known:
            assert self.run(self.store.act(request, act_of(did, ""), self.now)).status == "none"
            return
        recorded = self.arrive(round, member, request, did, "")
        if recorded.status != "none":
            counts = round.answers.get(member)
            assert (recorded.tick == reply.id) == (bool(text) and counts is not None and counts.did == did)
        again = self.run(self.store.act(request, act_of(did, ""), self.now))
        assert (again.status, again.points) == (recorded.status, recorded.points)

    @rule(
        name=channels,
        member=members,
        acts=lists(texts_or_back, min_size=1, max_size=3),
        then=sampled_from(("answer", "withdraw", "reveal", "reveal and withdraw", "end")),
        shuffle=permutations(range(3)),
    )
    def act_and_be_overtaken(
        self, name: str, member: str, acts: list[str], then: str, shuffle: list[int]
    ) -> None:
        """What a member does arrives in another order, after something that came later."""
        round = self.fresh(name)
        late = [self.doing(round, name, member, text) for text in acts]
        match then:
            case "answer":
                self.answer(name, member, TEXTS[1])
            case "withdraw":
                self.do(round, name, member, "")
            case "reveal":
                self.reveal(name, True)
                self.answer(name, member, TEXTS[1])
            case "reveal and withdraw":
                self.do(round, name, member, TEXTS[0])
                self.reveal(name, True)
                self.do(round, name, member, TEXTS[1])
                self.do(round, name, member, "")
            case "end":
                self.end(round)
        for n in shuffle:
            if n < len(late):
                self.arrive(round, member, *late[n], round.name)

    # Days that ask nothing

    @rule(name=channels)
    def excuse_the_newest_day(self, name: str) -> None:
        round = self.model.newest(name)
        assert round
        excused, day = self.model.excused, (name, round.day)
        same = day in excused or (round.was_down and round.state == "closed")
        status = self.run(self.store.excuse(Channel(TEAM, name), round.day))
        assert status == ("same" if same else "excused")
        excused.add(day)
        # A streak that this gave back is on the boards once it is read.
        self.may_lag = True

    @rule(name=channels, ago=integers(1, 6), reads=booleans())
    def excuse_an_older_day(self, name: str, ago: int, reads: bool) -> None:
        rounds = self.model.rounds_of(name)
        day = rounds[-1 - ago % len(rounds)].day
        if (name, day) in self.model.excused or not self.model.is_given_back(name, day):
            return
        self.look(reads)
        place = Channel(TEAM, name)
        expected = "same" if self.model.rounds[f"{name}:{day}"].was_down else "excused"
        assert self.run(self.store.excuse(place, day)) == expected
        assert self.run(self.store.excuse(place, day)) == "same"
        self.model.excused.add((name, day))
        self.may_lag = True

    @rule(who=some, name=channels, days=integers(0, 4), look=booleans())
    def excuse_a_day_that_took_a_freeze(self, who: set[str], name: str, days: int, look: bool) -> None:
        self.play_days_in_a_row(DAYS_FOR_A_FREEZE, who, {name})
        self.play_days_in_a_row(1, set(), {name})
        self.play_days_in_a_row(days, who, {name})
        self.excuse_an_older_day(name, days, look)

    @rule(name=channels)
    def be_down_for_a_day(self, name: str) -> None:
        round = self.model.newest(name)
        assert round
        round.was_down = round.was_down or round.state != "closed"

    @rule(member=members, ahead=integers(0, 3), days=integers(0, 9))
    def be_away(self, member: str, ahead: int, days: int) -> None:
        first = self.model.today(self.now) + ahead
        self.go(member, first, first + days)

    @rule(member=members, name=channels, days=integers(1, 5), rest=integers(0, 5))
    def come_back_early(self, member: str, name: str, days: int, rest: int) -> None:
        self.play_days_in_a_row(2, {member}, {name})
        self.be_away(member, 1, days + rest)
        self.play_days_in_a_row(days, set(), {name})
        self.go(member, self.model.today(self.now), None)
        self.play_days_in_a_row(2, set(), {name})

    def go(self, member: str, first: int, last: int | None) -> None:
        assert self.run(self.store.be_away(TEAM, self.who(member), first, last, self.now))
        assert not self.run(self.store.be_away(TEAM, self.who(member), first, None, FIRST - MOMENT))
        self.model.be_away(member, first, last)

    # Practice and boards

    @rule(
        member=members, item=integers(0, QUESTIONS - 1), name=channels, often=integers(1, 7), worth=booleans()
    )
    def practise(self, member: str, item: int, name: str, often: int, worth: bool) -> None:
        for _ in range(often):
            self.practise_once(member, self.items[item], Channel(TEAM, name), worth)

    def practise_once(self, member: str, item: Item, place: Channel, worth: bool) -> None:
        request = Request(f"r{next(self.ids)}", place, self.who(member), "random")
        for status in ("counted", "same"):
            practised = self.run(self.store.practise(request, item, "A text.", self.now, worth=worth))
            if item.id in self.kept_back():
                assert practised.status == "blind"
                continue
            if status == "counted":
                today = self.model.today(self.now)
                points = self.model.practise(member, place.id, today, worth=worth)
            assert (practised.status, practised.points) == (status, points)

    @rule(member=members)
    def ask_for_a_practice_question(self, member: str) -> None:
        candidates = [item.candidate for item in self.items]
        chosen, _ = self.run(self.store.random(TEAM, self.who(member), self.now, candidates))
        assert chosen in {item.id for item in self.items} - self.kept_back()

    def kept_back(self) -> set[str]:
        return self.model.open_questions() | set(self.model.ahead.values())

    @rule(member=members, shown=booleans())
    def leave_or_join_the_boards(self, member: str, shown: bool) -> None:
        status = self.run(self.store.show_on_boards(TEAM, self.who(member), self.now, self.now, shown=shown))
        assert status == ("changed" if shown == (member in self.model.hidden) else "same")
        older = self.store.show_on_boards(TEAM, self.who(member), self.now, FIRST - MOMENT, shown=not shown)
        assert self.run(older) == "older"
        (self.model.hidden.discard if shown else self.model.hidden.add)(member)

    # Time

    def tick(self) -> None:
        """No two things happen in the same moment."""
        self.now += MOMENT

    @rule(hours=integers(1, 6))
    def pass_hours(self, hours: int) -> None:
        self.pass_to(self.now + timedelta(hours=hours))

    @rule(days=integers(1, 3), hour=integers(6, 10))
    def pass_days(self, days: int, hour: int) -> None:
        self.pass_to((self.now + timedelta(days=days)).replace(hour=hour))

    def pass_to(self, moment: datetime) -> None:
        self.now = moment
        for round in self.model.rounds.values():
            if round.state != "closed" and moment - round.opened >= OPEN_FOR:
                self.end(round)
            elif round.state == "open":
                self.reveal_if_due(round)

    @rule(plan=lists(tuples(some, some, some), min_size=2, max_size=5), names=places)
    def play_some_days(self, plan: list[tuple[set[str], set[str], set[str]]], names: set[str]) -> None:
        """Each day some answer in time, some take theirs back, and some come late."""
        for in_time, taken_back, late in plan:
            self.pass_days(1, 9)
            for name in sorted(names):
                self.open(name)
                self.each(in_time, name, TEXTS[0])
                self.each(taken_back, name, TEXTS[0], "")
                if late:
                    self.reveal(name, True)
                    self.each(late, name, TEXTS[0])

    @rule(days=integers(1, 16), who=some, names=places)
    def play_days_in_a_row(self, days: int, who: set[str], names: set[str]) -> None:
        """Long enough to earn freezes, and to spend them for those who are not among them."""
        for _ in range(days):
            self.pass_days(1, 9)
            for name in sorted(names):
                self.open(name)
                self.each(who, name, TEXTS[0])

    @rule(
        name=channels,
        who=some,
        times=lists(integers(1, 5), min_size=1, max_size=2),
        after=integers(0, 2),
        wait=integers(1, 4),
        look=booleans(),
    )
    def miss_a_day_and_bring_it_back(
        self, name: str, who: set[str], times: list[int], after: int, wait: int, look: bool
    ) -> None:
        """More often, perhaps, than that is allowed."""
        for days in times:
            self.play_days_in_a_row(days, who, {name})
            self.play_days_in_a_row(1, set(), {name})
            missed = self.model.newest(name)
            self.play_days_in_a_row(after, who, {name})
            self.pass_days(wait, 10)
            self.look(look)
            self.each(who, name, TEXTS[0], round=missed)

    @rule(name=channels, who=some, looks=tuples(booleans(), booleans()), then=sampled_from((0, 1)))
    def miss_a_day_that_is_excused(
        self, name: str, who: set[str], looks: tuple[bool, bool], then: int
    ) -> None:
        """And perhaps another, which is brought back."""
        self.play_days_in_a_row(3, who, {name})
        self.play_days_in_a_row(1, set(), {name})
        self.pass_days(1, 10)
        self.look(looks[0])
        self.excuse_the_newest_day(name)
        self.look(looks[1])
        self.play_days_in_a_row(then, set(), {name})
        self.pass_days(1, 10)
        self.each(who, name, TEXTS[0])

    def look(self, look: bool) -> None:
        if look:
            self.run(self.compare_all())

    def each(self, who: set[str], name: str, *texts: str, round: Played | None = None) -> None:
        """Some do something about a round, or about the newest."""
        round = round or self.model.newest(name)
        assert round
        for member in sorted(who):
            for text in texts:
                self.arrive(round, member, *self.doing(round, name, member, text), round.name)

    # What can be read

    @rule(member=members, board=sampled_from(BOARDS), name=sampled_from((*ZONES, "")))
    def look_at_a_board(self, member: str, board: Board, name: str) -> None:
        if self.may_lag:
            self.run(self.compare_all())
        self.run(self.compare_board(name, board, member))

    @rule(member=members, name=channels)
    def look_at_oneself(self, member: str, name: str) -> None:
        self.run(self.compare_figures(member, name))

    @rule(name=channels, member=members, show=booleans())
    def look_at_the_question(self, name: str, member: str, show: bool) -> None:
        seen = self.run(self.store.today(Channel(TEAM, name), self.who(member), self.now, show=show))
        round = self.model.newest(name)
        assert round
        assert seen.round
        assert (seen.round.state, seen.round.replies) == (round.state, len(round.in_time))
        blind, own = round.question in self.model.open_questions(), round.answers.get(member)
        if show and not blind and not own:
            round.readers.add(member)
        assert seen.blind == blind
        assert bool(seen.round.reference) == (not blind and (own is not None or member in round.readers))
        known = (own.did.text, own.late, own.read) if own else None
        assert (seen.own and (seen.own.text, seen.own.late, seen.own.read)) == known

    @invariant()
    def everything_agrees(self) -> None:
        if getattr(self, "reads_after_each_step", False):
            self.run(self.compare_all())

    async def compare_all(self) -> None:
        await asyncio.gather(*(self.compare_figures(member, name) for member in MEMBERS for name in ZONES))
        self.may_lag = False
        boards = ((name, board) for name in (*ZONES, "") for board in BOARDS)
        await asyncio.gather(*(self.compare_board(*board, MEMBERS[0]) for board in boards))

    async def compare_figures(self, member: str, name: str) -> None:
        today = self.model.today(self.now)
        standing = await self.store.standing(Channel(TEAM, name), self.who(member), self.now, 150)
        figures = {place: self.model.figures(member, place) for place in ZONES}
        known = figures.pop(name)
        here = standing.here
        assert (here.ledger if here else ()) == known.ledger[-150:]
        if here:
            assert (here.streak, here.best, here.freezes) == (known.streak, known.best, known.freezes)
        others = {(place, one.streak, one.best) for place, one in figures.items() if one.ledger}
        assert set(standing.others) == others
        assert standing.answered == self.model.answered(member)
        assert (standing.today, standing.hidden) == (today, member in self.model.hidden)
        for place, boards in ((name, standing.boards), ("", standing.team_boards)):
            scores = {board: self.model.score(member, place, today, board) for board in BOARDS}
            assert {board: points for board, (points, _) in boards.items()} == {
                board: score for board, score in scores.items() if score
            }

    async def compare_board(self, name: str, board: Board, member: str) -> None:
        seen = await self.store.leaderboard(Channel(TEAM, name), self.who(member), board, self.now)
        shown = self.model.shown(name, self.model.today(self.now), board)
        assert {one.member: (one.name, one.score) for one in seen.top} == {
            id: (id.title(), score) for id, score in shown.items()
        }
        assert [one.score for one in seen.top] == sorted(shown.values(), reverse=True)
        assert seen.size == len(shown)
        own = (rank_of(member, shown), shown[member]) if member in shown else None
        assert (seen.own and (seen.own.rank, seen.own.score)) == own
        assert seen.hidden == (member in self.model.hidden)

    @staticmethod
    def who(member: str) -> Member:
        return Member(member, member.title())


def test_the_store_agrees_with_the_model(redis_url: str) -> None:
    # A function that makes the machine is allowed; the type of the argument says otherwise.
    run_state_machine_as_test(
        lambda: StoreMachine(redis_url),  # type: ignore[arg-type]
        settings=settings(max_examples=60 if ALL else 18, stateful_step_count=30),
    )
