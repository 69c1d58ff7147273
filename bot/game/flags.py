"""What a member finds amiss with a question, and what an admin made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from typing import Literal

from pydantic import TypeAdapter

from bot.game.schedule import Moment


class Reason(StrEnum):
    """Why a question is flagged."""

    ERROR = "error"
    AMBIGUOUS = "ambiguous"
    OUTDATED = "outdated"
    DUPLICATE = "duplicate"


REASONS = {
    Reason.ERROR: "has an error",
    Reason.AMBIGUOUS: "can be read in two ways",
    Reason.OUTDATED: "out of date",
    Reason.DUPLICATE: "same as another",
}
Outcome = Literal["kept", "retired"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A member's word on a question; outcome and reply are an admin's.

    `by` is that admin where there is a reply.
    """

    question: str
    prompt: str
    member: str
    name: str
    reason: Reason
    text: str
    at: Moment
    outcome: Outcome | Literal[""] = ""
    reply: str = ""
    by: str = ""

    @property
    def id(self) -> str:
        """One flag a member and question. Nothing secret hangs on it."""
        return sha1(f"{self.member} {self.question}".encode(), usedforsecurity=False).hexdigest()[:12]


STORED = TypeAdapter(Flag)


def read_flag(stored: str) -> Flag:
    return STORED.validate_json(stored)


def write_flag(flag: Flag) -> str:
    return STORED.dump_json(flag).decode()
