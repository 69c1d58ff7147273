"""What a task works on, so that the lines it logs can name it."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from bot.requests import Channel

SUBJECT = ("team", "channel", "round")

_about: ContextVar[dict[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place


def about(channel: Channel | None = None, round: str = "") -> None:
    """What this task works on from now on; the lines that it and its own tasks log name it."""
    subject = (channel.team, channel.id, round) if channel else ()
    _about.set({field: value for field, value in zip(SUBJECT, subject, strict=False) if value})


def subject() -> Mapping[str, str]:
    """What this task works on, by the names of SUBJECT."""
    return _about.get()
