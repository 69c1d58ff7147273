"""The rules of the game in plain Python: it keeps what happened and works everything else out from that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.game.schedule import from_day, to_day

IN_TIME, LATE, PRACTICE = 10, 4, 1
PRACTICE_A_DAY = 5
EARNS_AGAIN_AFTER = 60
DAYS_FOR_A_FREEZE, MOST_FREEZES = 7, 2
RESTORE_WITHIN, RESTORE_EVERY = timedelta(days=3), 30
REGULAR_ROUNDS, REGULAR_ANSWERS = 5, 2

Board = Literal["week", "month", "all", "streak"]


@dataclass(frozen=True)
class Did:
    """An act of a member; without a text it takes the answer back. `worth`: more than "I don't know".

    `source` is the reply in the thread that says it, for which nothing said means that it was deleted.
    """

    at: datetime
    text: str = ""
    worth: bool = True
    source: str = ""


@dataclass
class Written:
    """A reply in the thread: as it stands now, since when, and when it was deleted."""

    created: datetime
    newest: Did
    gone: datetime | None = None

    def events(self) -> Iterator[tuple[datetime, int, str]]:
        """What became of it, each with its moment."""
        yield self.created, 0, "written"
        yield self.newest.at, 1, "edited"
        if self.gone:
            yield self.gone, 2, "deleted"


@dataclass(frozen=True)
class Given:
    """An answer as it stands, and what became of it when it was given."""

    did: Did
    status: str
    late: bool = False
    read: bool = False
    points: int = 0


@dataclass
class Played:
    """A round that was begun: in a channel, on a local date. `newest` are acts before the reveal.

    `newest_late` are acts after it; who is `told` is in the pages of the reveal.
    """

    channel: str
    day: int
    question: str
    prompt: str
    opened: datetime
    state: str = "open"
    revealed: datetime | None = None
    closed: datetime | None = None
    was_down: bool = False
    answers: dict[str, Given] = field(default_factory=dict)
    newest: dict[str, Did] = field(default_factory=dict)
    taken_back: dict[str, str] = field(default_factory=dict)
    readers: set[str] = field(default_factory=set)
    to_post: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    newest_late: dict[str, Did] = field(default_factory=dict)
    written: defaultdict[str, dict[str, Written]] = field(default_factory=lambda: defaultdict(dict))
    regulars: frozenset[str] | None = None

    @property
    def name(self) -> str:
        return f"{self.channel}:{self.day}"

    @property
    def in_time(self) -> dict[str, str]:
        return {member: given.did.text for member, given in self.answers.items() if not given.late}

    def is_enough(self, least: int) -> bool:
        """Whether the reveal waits for nobody any more: without regulars, only its deadline ends that."""
        all_in = self.regulars is None or (bool(self.regulars) and self.regulars <= self.in_time.keys())
        return all_in and len(self.in_time) >= least

    def is_in_time(self, at: datetime) -> bool:
        """Whether an act counts as one before the reveal, even if it arrives after it."""
        return self.state == "open" or (self.state == "revealed" and at < (self.revealed or at))


@dataclass(frozen=True)
class Figures:
    """A member's streak in a channel after all question days so far; the ledger is oldest first."""

    streak: int
    best: int
    freezes: int
    ledger: tuple[tuple[int, str], ...]

    def without(self, day: int) -> Figures:
        """The same with a day that was excused: a freeze that it took is there again."""
        took = dict(self.ledger).get(day)
        freezes = min(MOST_FREEZES, self.freezes + (took == "f"))
        ledger = tuple((one, "x" if one == day and mark in "fmw" else mark) for one, mark in self.ledger)
        return replace(self, freezes=freezes, ledger=ledger)

    @property
    def restored(self) -> int:
        return max((day for day, mark in self.ledger if mark == "r"), default=-RESTORE_EVERY)

    @property
    def lost_day(self) -> int | None:
        """The day that ended the last streak, if it is the only one before the next answer or now."""
        days: list[int] = []
        before = ""
        for day, mark in self.ledger:
            if mark == "m":
                days = [*(days if before == "m" else ()), day]
            if mark in "mflar":
                before = mark
        return days[0] if len(days) == 1 and days[0] - self.restored >= RESTORE_EVERY else None


@dataclass
class Model:
    """A team's game. `utc_offset` is the one of the team's first channel when it asked last."""

    rounds: dict[str, Played] = field(default_factory=dict)
    # The round that earned a member the points of a question.
    earners: dict[tuple[str, str], Played] = field(default_factory=dict)
    excused: set[tuple[str, int]] = field(default_factory=set)
    away: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    unanswered: Counter[str] = field(default_factory=Counter)
    practised: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    practised_in_all: Counter[str] = field(default_factory=Counter)
    ahead: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    utc_offset: timedelta = timedelta()

    def today(self, now: datetime) -> int:
        return to_day((now + self.utc_offset).date())

    def rounds_of(self, channel: str) -> list[Played]:
        return [round for round in self.rounds.values() if round.channel == channel]

    def newest(self, channel: str) -> Played | None:
        return next(reversed(self.rounds_of(channel)), None)

    def open_questions(self) -> set[str]:
        return {round.question for round in self.rounds.values() if round.state == "open"}

    # Rounds

    def begin(self, round: Played, ahead: str) -> None:
        assert round.name not in self.rounds, "a channel has one round on a local date"
        self.rounds[round.name], self.ahead[round.channel] = round, ahead

    def close(self, round: Played, now: datetime) -> int:
        """End a round for late answers, too; how many in a row nobody has answered."""
        round.state, round.closed = "closed", now
        nobody = not round.answers and not round.was_down
        self.unanswered[round.channel] = self.unanswered[round.channel] + 1 if nobody else 0
        return self.unanswered[round.channel]

    def may_name(self, round: Played, channel: str, member: str) -> bool:
        """Whether a member may name a round from a channel: one of its own, or where they have been."""
        was_there = any(member in other.answers for other in self.rounds_of(round.channel))
        acted = round.state != "closed" and (member in round.newest or bool(round.written[member]))
        return round.channel == channel or was_there or acted

    # Answers

    def act(self, round: Played | None, member: str, did: Did, now: datetime) -> str:
        """Take an act in, by its own moment; what became of it."""
        if round is None or (did.source and not round.is_in_time(did.at)):
            return "none"
        if did.text == round.prompt:
            return "pasted"
        if round.is_in_time(did.at):
            return self.act_in_time(round, member, did)
        if round.state == "closed":
            return self.bring_back(round, member, did)
        return self.act_late(round, member, did)

    def act_in_time(self, round: Played, member: str, did: Did) -> str:
        given = round.answers.get(member)
        before = given if given and not given.late else None
        self.learn(round, member, did)
        have = self.in_force(round, member)
        if did.text:
            return self.give(round, member, did, before, have)
        if have:
            return "older"
        if before:
            round.taken_back[member] = before.did.text
            late = round.newest_late.get(member)
            self.put(round, member, self.late(round, member, late, "late") if late and late.text else None)
        return "withdrawn" if member in round.taken_back else "nothing"

    @staticmethod
    def learn(round: Played, member: str, did: Did) -> None:
        """Keep an act: the newest one in a form, and each reply as it stands."""
        replies = round.written[member]
        if not did.source:
            known = round.newest.get(member)
            round.newest[member] = did if not known or did.at > known.at else known
        elif not did.text:
            replies[did.source].gone = did.at
        elif did.source in replies:
            replies[did.source].newest = did
        else:
            replies[did.source] = Written(did.at, did)

    @staticmethod
    def in_force(round: Played, member: str) -> Did | None:
        """The answer in time that all acts of a member come to.

        A reply counts where there is no answer when it is written; while it stands only a form replaces it.
        """
        form = round.newest.get(member)
        have, talk = form if form and form.text else None, set[str]()
        replies = {id: one for id, one in round.written[member].items() if not form or one.created > form.at}
        events = [(*event, id) for id, one in replies.items() for event in one.events()]
        for _, _, what, id in sorted(events):
            mine = have is not None and have.source == id
            if what == "written" and have:
                talk.add(id)
            elif what == "edited" and (mine or not (have or id in talk)):
                have = replies[id].newest
            elif what == "deleted" and mine:
                have = None
        return have

    def give(self, round: Played, member: str, did: Did, before: Given | None, have: Did | None) -> str:
        """Put what was said in force, if it is that."""
        if have != did:
            return "talk" if did.source else "older"
        same = before and (before.did.text, before.did.source) == (did.text, did.source)
        status = "same" if same else "replaced" if before else "saved"
        self.put(round, member, Given(did, status))
        return status

    def act_late(self, round: Played, member: str, did: Did) -> str:
        given = round.answers.get(member)
        is_old = member in round.newest_late and did.at < round.newest_late[member].at
        if not is_old:
            round.newest_late[member] = did
        if given and not given.late:
            return "kept" if did.text else "revealed"
        if is_old and (did.text or given):
            return "older"
        if not did.text:
            return self.take_back_late(round, member)
        status = "late_replaced" if given else "late"
        self.put(round, member, self.late(round, member, did, status))
        return status

    @staticmethod
    def late(round: Played, member: str, did: Did, status: str) -> Given:
        return Given(did, status, late=True, read=member in round.readers)

    def take_back_late(self, round: Played, member: str) -> str:
        if given := round.answers.get(member):
            round.taken_back[member] = given.did.text
            self.put(round, member, None)
        return "withdrawn" if member in round.taken_back else "nothing"

    def bring_back(self, round: Played, member: str, did: Did) -> str:
        """A day that ended a streak counts as answered by an answer soon after its end."""
        assert round.closed
        lost = self.figures(member, round.channel).lost_day == round.day
        if not did.text or not lost or did.at > round.closed + RESTORE_WITHIN:
            return "over"
        round.answers[member] = Given(did, "restored", late=True)
        return "restored"

    def put(self, round: Played, member: str, given: Given | None) -> None:
        """Put an answer in force; one question earns points once in a while."""
        has_a_message = any(one and one.late for one in (given, round.answers.get(member)))
        if round.state == "revealed" and (has_a_message or member not in round.told):
            round.to_post.add(member)
        key = (member, round.question)
        earner = self.earners.get(key, round)
        too_soon = earner is not round and abs(round.day - earner.day) < EARNS_AGAIN_AFTER
        points = 0
        if given and given.did.worth and not too_soon:
            points = LATE if given.late else IN_TIME
        if points:
            self.earners[key] = round
        elif earner is round:
            self.earners.pop(key, None)
        round.answers.pop(member, None)
        if given:
            round.answers[member] = replace(given, points=points)

    def practise(self, member: str, channel: str, day: int, *, worth: bool) -> int:
        """Count a practice answer; returns the points it earned."""
        self.practised_in_all[member] += 1
        mine = [(known, earned) for (who, _, known), earned in self.practised.items() if who == member]
        day = max([day, *(known for known, _ in mine)])
        is_left = sum(earned for known, earned in mine if known == day) < PRACTICE_A_DAY
        earned = PRACTICE if worth and is_left else 0
        self.practised[member, channel, day] += earned
        return earned

    def be_away(self, member: str, first: int, last: int | None) -> None:
        kept = {day for day in self.away[member] if day < first}
        self.away[member] = kept | set(range(first, last + 1) if last is not None else ())

    # Excuses

    def is_given_back(self, channel: str, day: int) -> bool:
        """Whether it is the same to excuse a day before its end and long after it.

        After it only what the day took is given back: a freeze, but not the days that it would have bridged.
        """
        places = [(member, self.figures(member, channel)) for member in self.members()]
        self.excused.add((channel, day))
        same = all(before.without(day) == self.figures(member, channel) for member, before in places)
        self.excused.discard((channel, day))
        return same

    # The reveal and its regulars

    def regulars(self, channel: str, day: int) -> frozenset[str]:
        """Who has answered some of a channel's last rounds, and is not away."""
        times = Counter(member for one in self.rounds_of(channel)[-REGULAR_ROUNDS:] for member in one.answers)
        often = (member for member, count in times.items() if count >= REGULAR_ANSWERS)
        return frozenset(member for member in often if day not in self.away[member])

    # What follows from it

    def answered(self, member: str) -> int:
        given = [round.answers[member] for round in self.rounds.values() if member in round.answers]
        return sum(one.status != "restored" for one in given) + self.practised_in_all[member]

    def members(self) -> set[str]:
        return {member for round in self.rounds.values() for member in round.answers} | {
            member for member, _, _ in self.practised
        }

    def mark(self, round: Played, member: str) -> str:
        given = round.answers.get(member)
        if given:
            return "r" if given.status == "restored" else "l" if given.late else "a"
        if round.state != "closed":
            return "o"
        if round.was_down:
            return "d"
        if (round.channel, round.day) in self.excused:
            return "x"
        return "w" if round.day in self.away[member] else "m"

    def figures(self, member: str, channel: str) -> Figures:
        """Streak, best and freezes, from the day of the member's first answer on."""
        streak = best = freezes = 0
        ledger: list[tuple[int, str]] = []
        for round in self.rounds_of(channel):
            mark = self.mark(round, member)
            if mark in "alr":
                streak += 1
                best = max(best, streak)
                freezes = min(MOST_FREEZES, freezes + (streak % DAYS_FOR_A_FREEZE == 0))
            elif mark == "m" and freezes:
                mark, freezes = "f", freezes - 1
            elif mark == "m":
                streak = 0
            if ledger or mark in "alr":
                ledger.append((round.day, mark))
        return Figures(streak, best, freezes, tuple(ledger))

    def channels(self) -> set[str]:
        return {round.channel for round in self.rounds.values()}

    def earned(self, member: str, channel: str) -> Iterator[tuple[int, int]]:
        """The (day, points) of a channel, or of the team, where a date counts one round."""
        rounds: Counter[int] = Counter()
        for round in self.rounds.values():
            if member in round.answers and channel in ("", round.channel):
                rounds[round.day] = max(rounds[round.day], round.answers[member].points)
        yield from rounds.items()
        for (who, place, day), points in self.practised.items():
            if who == member and channel in ("", place):
                yield day, points

    def score(self, member: str, channel: str, today: int, board: Board) -> int:
        """What a member has on a board of a channel, or of the team, on a day."""
        if board == "streak":
            places: Iterable[str] = {channel} if channel else self.channels()
            return max((self.figures(member, place).streak for place in places), default=0)
        earned = self.earned(member, channel)
        return sum(points for day, points in earned if same_period(day, today, board))

    def shown(self, channel: str, today: int, board: Board) -> dict[str, int]:
        """The board as all may see it."""
        there = self.members() - self.hidden
        scores = {member: self.score(member, channel, today, board) for member in there}
        return {member: score for member, score in scores.items() if score}


def same_period(day: int, today: int, board: Board) -> bool:
    """Whether two days are in the same week (from Monday) or month; anything is in all time."""
    one, other = from_day(day), from_day(today)
    if board == "week":
        return one.isocalendar()[:2] == other.isocalendar()[:2]
    return board == "all" or (one.year, one.month) == (other.year, other.month)


def rank_of(member: str, scores: dict[str, int]) -> int:
    """One more than those who have more: equal scores share a rank."""
    return 1 + sum(score > scores[member] for score in scores.values())
