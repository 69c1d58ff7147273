"""Which question of a channel is pinned, and what is still to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter

from bot.game.rounds import Round
from bot.game.schedule import Moment, Schedule

PinState = Literal["", "pinning", "pinned", "refused", "unpinning"]
# A platform is asked so often for the same, and then not again.
MOST_TRIES = 3
TRY_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pin:
    """What is known of the one post that may be pinned; kept before the platform is asked, lest it be lost.

    After so many `tries` the next comes `again`. `told`: an admin knows that the platform does not allow it.
    """

    message: str = ""
    state: PinState = ""
    tries: int = 0
    again: Moment | None = None
    told: bool = False

    def tried(self, state: PinState, message: str, now: datetime) -> Pin:
        """One more try of the same, or the first of something else."""
        tries = self.tries if (state, message) == (self.state, self.message) else 0
        return Pin(message, state, tries + 1, now + TRY_AGAIN, self.told)

    @property
    def is_in_vain(self) -> bool:
        return self.state in ("pinning", "unpinning") and self.tries >= MOST_TRIES

    def to_json(self) -> str:
        return "" if self == Pin() else STORED.dump_json(self).decode()


STORED = TypeAdapter(Pin)


def read_pin(stored: str) -> Pin:
    """The pin that `Pin.to_json` wrote."""
    return STORED.validate_json(stored) if stored else Pin()


def to_pin(schedule: Schedule | None, round: Round | None) -> str:
    """The post that should be pinned: the question's, as long as it takes answers."""
    wished = schedule is not None and schedule.pin
    return round.message if wished and round and round.state in ("open", "revealed") else ""


def pin_moment(pin: Pin, wanted: str, now: datetime) -> datetime | None:
    """When something is to be pinned or taken down; None when all is as it should be."""
    if pin.message and pin.message != wanted:
        return pin.again if pin.again and pin.state == "unpinning" else now
    if not wanted or pin.state in ("pinned", "refused"):
        return None
    if pin.message == wanted and pin.state == "pinning":
        return None if pin.is_in_vain else pin.again
    return now
