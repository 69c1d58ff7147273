"""What the store answers: values as they were at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.game.catalogue import Item
from bot.game.rounds import Answer, Round
from bot.game.schedule import Schedule
from bot.requests import Channel


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an answer."""

    status: str
    round: str = ""
    replies: int = 0
    points: int = 0
    streak: int = 0
    freezes: int = 0
    hurry: int | None = None


@dataclass(frozen=True, slots=True)
class Practised:
    """What became of a practice answer."""

    status: str
    points: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What became of a withdrawal; the text is given back."""

    status: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """A round as one member may see it."""

    schedule: Schedule | None
    note: str
    round: Round | None
    own: Answer | None


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open round in a member's overview."""

    id: str
    prompt: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The top ten as (member, name, score), and the asker's own (rank, score)."""

    top: tuple[tuple[str, str, int], ...]
    size: int
    own: tuple[int, int] | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's own figures. The ledger holds (day, status) of round days, oldest first."""

    streak: int
    best: int
    freezes: int
    answered: int
    today: int
    hidden: bool
    boards: Mapping[str, tuple[int, int]]
    ledger: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What the scheduler knows of a channel.

    `stored` is the schedule as it was read, to be changed only while it is still the same. `warned` says that
    its admin knows how few questions are left. `asked` has the moment at which each question was last asked
    here, `open` the ids and prompt hashes of the questions in any open round of the team.
    """

    schedule: Schedule | None
    note: str
    asked_now: int | None
    round: Round | None
    asked: Mapping[str, float]
    open: frozenset[str] = frozenset()
    stored: str = ""
    warned: bool = False

    def is_free(self, item: Item) -> bool:
        """Whether a question is in no open round of the team."""
        return item.id not in self.open and item.prompt_hash not in self.open

    @property
    def newest_day(self) -> int:
        """The local date of the newest round; no round comes for it or an earlier one."""
        return self.round.day if self.round else 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A channel whose moment `due` has come, held until the lease runs out."""

    channel: Channel
    lease: int
    due: int
