"""The rules of the game in plain Python: it keeps what happened and works everything else out from that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.game.schedule import from_day, to_day

IN_TIME, LATE, PRACTICE = 10, 4, 1
PRACTICE_A_DAY = 5
DAYS_FOR_A_FREEZE, MOST_FREEZES = 7, 2
BY_WORTH = ("", "o", "l", "a")


@dataclass(frozen=True)
class Given:
    """An answer as it stands."""

    text: str
    late: bool


@dataclass
class Played:
    """A round that was begun: in a channel, on a local date."""

    channel: str
    day: int
    prompt: str
    state: str = "open"
    answers: dict[str, Given] = field(default_factory=dict)

    @property
    def in_time(self) -> dict[str, str]:
        return {member: given.text for member, given in self.answers.items() if not given.late}


@dataclass(frozen=True)
class Figures:
    """A member's streak after all round days so far; the ledger is (day, status), oldest first."""

    streak: int
    best: int
    freezes: int
    ledger: tuple[tuple[int, str], ...]


@dataclass
class Model:
    """A team's game. `utc_offset` is the one of the channel that began a round last."""

    rounds: dict[str, Played] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    practised: Counter[tuple[str, int]] = field(default_factory=Counter)
    practised_in_all: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str]] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    utc_offset: timedelta = timedelta()

    def today(self, now: datetime) -> int:
        return to_day((now + self.utc_offset).date())

    # What happens

    def begin(self, channel: str, day: int, prompt: str, utc_offset: timedelta) -> str:
        """Open a round; returns its name."""
        name = f"{channel}:{day}"
        assert name not in self.rounds, "a channel has one round on a local date"
        self.rounds[name] = Played(channel, day, prompt)
        self.newest[channel], self.utc_offset = name, utc_offset
        return name

    def answer(self, name: str, member: str, text: str) -> str:
        """Take, replace or refuse an answer; returns what became of it."""
        round = self.rounds.get(name)
        if round is None:
            return "none"
        if round.state == "closed":
            return "over"
        if text == round.prompt:
            return "pasted"
        before, late = round.answers.get(member), round.state == "revealed"
        if late and before and not before.late:
            return "kept"
        round.answers[member] = Given(text, late)
        self.seen.add((member, round.channel))
        if before is None:
            return "late" if late else "saved"
        if before.text == text:
            return "same"
        return "late_replaced" if late else "replaced"

    def may_name(self, name: str, channel: str, member: str) -> bool:
        """Whether a member may name a round from a channel: one of its own, or where they have answered."""
        place = self.rounds[name].channel
        return place == channel or (member, place) in self.seen

    def withdraw(self, name: str, member: str) -> str:
        """Take an answer back until the reveal."""
        round = self.rounds.get(name)
        if round is None:
            return "none"
        if member not in round.answers:
            return "nothing"
        if round.state != "open":
            return "revealed"
        del round.answers[member]
        return "withdrawn"

    def practise(self, member: str, day: int) -> int:
        """Count a practice answer; returns the points it earned."""
        self.practised_in_all[member] += 1
        day = max([day, *(known for who, known in self.practised if who == member)])
        earned = PRACTICE if self.practised[member, day] < PRACTICE_A_DAY else 0
        self.practised[member, day] += earned
        return earned

    # What follows from it

    def answers_of(self, member: str) -> Iterator[tuple[int, bool]]:
        """The (day, late) of each answer."""
        for round in self.rounds.values():
            if member in round.answers:
                yield round.day, round.answers[member].late

    def answered(self, member: str) -> int:
        return len(list(self.answers_of(member))) + self.practised_in_all[member]

    def members(self) -> set[str]:
        return {member for round in self.rounds.values() for member in round.answers} | {
            member for member, _ in self.practised
        }

    def days(self, member: str) -> dict[int, str]:
        """The team's round days: answered or late by the best answer in any channel, else open or nothing."""
        days: dict[int, str] = {}
        for round in self.rounds.values():
            given = round.answers.get(member)
            status = ("l" if given.late else "a") if given else "" if round.state == "closed" else "o"
            days[round.day] = max(days.get(round.day, ""), status, key=BY_WORTH.index)
        return days

    def figures(self, member: str) -> Figures:
        """Streak, best and freezes, from the day of the member's first answer on."""
        streak = best = freezes = 0
        ledger: list[tuple[int, str]] = []
        for day, status in sorted(self.days(member).items()):
            if not ledger and status not in ("a", "l"):
                continue
            if status in ("a", "l"):
                streak += 1
                best = max(best, streak)
                freezes = min(MOST_FREEZES, freezes + (streak % DAYS_FOR_A_FREEZE == 0))
            elif status == "" and streak and freezes:
                status, freezes = "f", freezes - 1
            elif status == "":
                status, streak = "m", 0
            ledger.append((day, status))
        return Figures(streak, best, freezes, tuple(ledger))

    def points(self, member: str, today: int, board: str) -> int:
        """Points on the week's, the month's or the all-time board of a day."""
        earned = [(day, LATE if late else IN_TIME) for day, late in self.answers_of(member)]
        earned += [(day, points) for (who, day), points in self.practised.items() if who == member]
        return sum(points for day, points in earned if same_period(day, today, board))

    def scores(self, today: int, board: str) -> dict[str, int]:
        """Everyone's score above nothing, those who left the boards included."""
        scored = {
            member: self.figures(member).streak if board == "streak" else self.points(member, today, board)
            for member in self.members()
        }
        return {member: score for member, score in scored.items() if score}

    def shown(self, today: int, board: str) -> dict[str, int]:
        """The board as all may see it."""
        scores = self.scores(today, board)
        return {member: score for member, score in scores.items() if member not in self.hidden}


def same_period(day: int, today: int, board: str) -> bool:
    """Whether two days are in the same week (from Monday) or month; anything is in all time."""
    one, other = from_day(day), from_day(today)
    if board == "week":
        return one.isocalendar()[:2] == other.isocalendar()[:2]
    return board == "all" or (one.year, one.month) == (other.year, other.month)


def rank_of(member: str, scores: dict[str, int]) -> int:
    """One more than those who have more: equal scores share a rank."""
    return 1 + sum(score > scores[member] for score in scores.values())
