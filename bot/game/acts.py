"""Acts of admins, as they are kept: who, what, when, and what was before and is now."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.game.schedule import Moment


@dataclass(frozen=True, slots=True)
class AdminAct:
    """One act. `id` is that of its request; `about` is a member whom it concerned.

    Who did it, and whom it concerned, is an id alone, or nothing once they had everything erased.
    """

    id: str
    member: str
    at: Moment
    what: str
    before: str
    after: str
    about: str = ""


STORED = TypeAdapter(AdminAct)


def read_act(stored: str) -> AdminAct:
    return STORED.validate_json(stored)


def write_act(act: AdminAct) -> str:
    return STORED.dump_json(act).decode()
