"""How llmq waits for one request to Discord: not for ever, and without breaking it off.

discord.py waits as long as Discord asks it to. Broken off while it waits for the whole application, it keeps
all later requests waiting for good; so whoever gives up leaves the request to end by itself. Posted again, it
has the same nonce, and Discord takes it once. Of one kind in a channel it sends one at a time, so one that
Discord never answers ends before it holds up the next for minutes.
"""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from aiohttp import ClientTimeout
from discord.http import HTTPClient, Route

LONGEST_WAIT_SECONDS = 30.0
# For one attempt at a request, once it is its turn. Discord answers within a second, and slow days in a few.
ANSWER_SECONDS = 15.0


class Calls:
    """The requests of one client. Raises TimeoutError for one that takes too long."""

    def __init__(self, http: HTTPClient) -> None:
        self._request = http.request
        self._open: set[asyncio.Task[Any]] = set()

    async def __call__(self, route: Route, **kwargs: Any) -> Any:
        task = asyncio.create_task(self._request(route, timeout=ClientTimeout(ANSWER_SECONDS), **kwargs))
        self._open.add(task)
        task.add_done_callback(self._ended)
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._open.discard(task)
        if not task.cancelled():
            # Whoever waited has heard of it, or has given up.
            task.exception()


def wait_no_longer(client: discord.Client) -> None:
    """Bound the requests of a client that is logged in."""
    if not isinstance(client.http.request, Calls):
        client.http.request = Calls(client.http)  # type: ignore[method-assign]
