"""What Discord tells, read even where something is missing in it: that is said in a line, and llmq goes on.

discord.py takes each field for granted, and ends the whole connection where one is not there.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import discord
import discord.shard
from discord.gateway import DiscordWebSocket

log = logging.getLogger(__name__)

# What discord.py raises where a field is missing, or is of another kind.
MISSING = (KeyError, IndexError, TypeError, ValueError, AttributeError)
# Without what these say there is no session.
SESSION = (None, "READY", "RESUMED")


class Unreadable(discord.DiscordException):
    """An answer that lacks what it should have."""


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Raises Unreadable where the answer to a request lacks something."""
    try:
        yield
    except MISSING as fault:
        raise Unreadable(f"Discord's answer to {what} cannot be read: {words_for(fault)}") from fault


def words_for(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


class Gateway(DiscordWebSocket):
    """A connection that skips an event it cannot read, and begins anew where its session cannot be read."""

    _read: Any = None

    def log_receive(self, data: Any, /) -> None:
        """Keep what is being read, unpacked."""
        self._read = data

    async def received_message(self, msg: Any, /) -> None:
        """Read what has come."""
        try:
            await super().received_message(msg)
        except MISSING as fault:
            event = event_in(self._read)
            log.error("Discord's %s cannot be read: %s", event or "message", words_for(fault))
            if event in SESSION:
                await self.close()
                # discord.py reconnects after this, later and later.
                raise aiohttp.ClientPayloadError("the session cannot be read") from None


def event_in(text: Any) -> str | None:
    """The event that a message of the gateway tells."""
    try:
        event = json.loads(text)["t"]
    except (ValueError, TypeError, KeyError):
        return None
    return event if isinstance(event, str) else None


# The only way to give discord.py another kind of connection.
discord.shard.DiscordWebSocket = Gateway  # type: ignore[misc]
