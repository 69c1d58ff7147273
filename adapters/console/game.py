"""What the terminal needs from the rest of llmq, and the one channel that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from bot.messages import Reply
from bot.requests import Channel, Member, Request

CHANNEL = Channel("console:local", "practice")
FIRST = "you"


class ConsolePort(Protocol):
    """The whole game behind one entry, with a clock that can be moved."""

    async def handle(self, request: Request) -> Reply:
        """Answer one request. Bad input gets an answer too, never an exception."""

    async def forward(self, by: timedelta) -> None:
        """Move the clock; what falls due on the way is posted."""

    async def settle(self) -> None:
        """Do all that is due at this moment."""

    def now(self) -> datetime:
        """The moment of the game's clock, aware and in UTC."""

    def zone(self) -> tzinfo:
        """The zone in which the prompt tells the time."""

    def complete(self, words: str) -> Sequence[str]:
        """What the last word of a command, typed after `/llmq`, may become."""


def member(name: str) -> Member:
    """The member of this name; capitals make no other person."""
    return Member(name.lower(), name)


def clock(moment: datetime) -> str:
    """A local moment as the prompt and the posts show it."""
    return f"{moment:%H:%M %a} {moment.day} {moment:%b}"
