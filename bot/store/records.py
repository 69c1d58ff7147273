"""What the store answers: values as they were at one moment."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.game.memory import Grade, Learnt
from bot.game.rounds import Answer, Round
from bot.game.schedule import Schedule
from bot.requests import Channel

ActStatus = Literal[
    "none",
    "over",
    "pasted",
    "copied",
    "kept",
    "talk",
    "older",
    "nothing",
    "revealed",
    "withdrawn",
    "saved",
    "same",
    "replaced",
    "late",
    "late_replaced",
    "restored",
    "erased",
]
PracticeStatus = Literal["erased", "blind", "pasted", "copied", "counted", "same"]
BeginStatus = Literal["begun", "exists", "busy", "open_elsewhere"]
Board = Literal["week", "month", "all", "streak"]
# In time, late, brought back, a freeze was used, open now, excused, llmq was down, away, no answer.
Mark = Literal["a", "l", "r", "f", "o", "x", "d", "w", "m"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an act. `reveal_at` is when the round may be revealed, if the act brought that about.
    `count_at` is when the question's post is to say anew how many answered, if nobody sees to that yet.

    `message` is the question's post. `text` is an answer that was taken back. `tick` and `untick` are
    messages whose mark is to be set or taken off. `points` is what the act changed them by.
    """

    status: ActStatus
    round: str = ""
    message: str = ""
    replies: int = 0
    points: int = 0
    streak: int = 0
    freezes: int = 0
    earned_freeze: bool = False
    worth: int = 1
    reveal_at: datetime | None = None
    count_at: datetime | None = None
    text: str = ""
    tick: str = ""
    untick: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of a round that was to begin. `instead` is a candidate that is open nowhere, if any."""

    status: BeginStatus
    round: Round | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Practised:
    """What became of a practice answer; `left` are the practice points that the day still holds."""

    status: PracticeStatus
    points: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a member answered when the same question was asked before, on a day since 1970."""

    text: str
    day: int


@dataclass(frozen=True, slots=True)
class Today:
    """A round as one member may see it. `blind`: its question is open, here or elsewhere in the team."""

    schedule: Schedule | None
    note: str
    round: Round | None
    own: Answer | None
    earlier: Earlier | None = None
    blind: bool = True
    hinted: bool = False


Became = Literal["no", "late", "time"]


@dataclass(frozen=True, slots=True)
class PastRound:
    """A past question of a channel; `word` is the member's grade, or what became of the answer."""

    id: str
    day: int
    prompt: str
    word: Grade | Became


@dataclass(frozen=True, slots=True)
class Past:
    """A page of past questions, the newest first; whether there are `more`; all rounds by topic."""

    rounds: tuple[PastRound, ...]
    more: bool
    topics: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a member answered last in practice or review; `said` are key points that it has by their word."""

    question: str
    text: str
    said: tuple[str, ...] = ()
    hinted: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What a member has of a question: how well it is remembered, as stored too, and the last attempt."""

    learnt: Learnt | None
    stored: str
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of a grade: `changed` means that another came meanwhile and is to be read first."""

    status: Literal["saved", "same", "changed"]
    points: int = 0


@dataclass(frozen=True, slots=True)
class DueReviews:
    """What is due, the most overdue first; how many were reviewed today; the next moment, its day's count.

    So many more are due and `kept_back`, since they are open in the team or come soon.
    """

    due: tuple[str, ...]
    reviewed: int
    coming: tuple[datetime, int] | None = None
    kept_back: int = 0

    def among(self, known: Container[str]) -> tuple[str, ...]:
        """What is due of these: a question may have left the decks since it was graded."""
        return tuple(question for question in self.due if question in known)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open round in a member's overview."""

    id: str
    channel: str
    prompt: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """The schedule of a channel where nothing is open, and the day of its newest round."""

    channel: str
    schedule: Schedule
    newest: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What is open and what is planned in the channels that a member has answered in."""

    open: tuple[OpenRound, ...]
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A member on a board; `before` is the rank a week ago."""

    member: str
    name: str
    score: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """The asker's own rank and score."""

    rank: int
    score: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The top ten, and the asker's own place."""

    top: tuple[Place, ...]
    size: int
    own: Own | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ChannelStreak:
    """A member's streak in a channel. The ledger holds (day, mark) of its question days, oldest first.

    `lost_day` ended a streak of `lost` days and may be brought back; `restored` is the last day that was.
    """

    streak: int
    best: int
    freezes: int
    ledger: tuple[tuple[int, Mark], ...]
    lost_day: int = 0
    lost: int = 0
    restored: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's own figures. `others` are (channel, streak, best); boards are (score, rank) by name."""

    here: ChannelStreak | None
    others: tuple[tuple[str, int, int], ...]
    today: int
    answered: int
    hidden: bool
    boards: Mapping[Board, tuple[int, int]]
    team_boards: Mapping[Board, tuple[int, int]]
    practice: int
    away: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A channel whose moment `due` has come, held until `lease`."""

    channel: Channel
    lease: datetime
    due: datetime
