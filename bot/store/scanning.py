"""A walk over all keys of a team."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from redis.asyncio import Redis

from bot.store.keys import team_prefix

# So many keys of the server are looked at in one go, and so many of the team's by one script.
SCANNED, PAGE = 1000, 100


def literally(words: str) -> str:
    """A pattern of Redis that means just these words."""
    return "".join(f"\\{sign}" if sign in "*?[]\\" else sign for sign in words)


async def pages_of(redis: Redis, team: str) -> AsyncIterator[list[str]]:
    """The team's keys without its prefix, some at a time. A key may come twice."""
    prefix, page = f"{team_prefix(team)}:", list[str]()
    async for key in redis.scan_iter(match=f"{literally(prefix)}*", count=SCANNED):
        page.append(cast(str, key).removeprefix(prefix))
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
