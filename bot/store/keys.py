"""The names of all keys of the core: each is here once, with what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from bot.requests import Channel

DUE_SLOTS = 8
CLOCK = "llmq:{console:local}:clock"


def team_prefix(team: str) -> str:
    """What every key of a team starts with."""
    return f"llmq:{{{team}}}"


def due_key(platform: str, slot: int) -> str:
    """The part of a platform's due queue that a slot holds."""
    return f"llmq:{{due:{platform}:{slot}}}"


def due_member(channel: Channel) -> str:
    return f"{channel.team} {channel.id}"


def channel_of(member: str) -> Channel:
    """The channel that `due_member` named."""
    team, _, id = member.partition(" ")
    return Channel(team, id)


def due_slot(channel: Channel) -> str:
    return due_key(channel.platform, crc32(due_member(channel).encode()) % DUE_SLOTS)


def due_keys(platforms: Iterable[str]) -> list[str]:
    return [due_key(platform, slot) for platform in platforms for slot in range(DUE_SLOTS)]


def deck_key(deck: str) -> str:
    return f"llmq:{{deck:{deck}}}"
