"""A file that somebody gave to a command, read from Discord's own servers and no farther than wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from yarl import URL

from bot.errors import Refusal
from bot.requests import Attachment

log = logging.getLogger(__name__)

# The reply has to come within three seconds.
READ_WITHIN_SECONDS = 1.5
NOT_THERE = "Discord did not hand the file over. Nothing was changed; try again."
TOO_LONG = "That file is longer than Discord said."


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as Discord tells of it."""

    name: str
    size: int
    url: str

    async def read(self, most: int) -> bytes:
        """What stands in it. Raises a refusal where it has more bytes, or is not handed over in time."""
        try:
            async with asyncio.timeout(READ_WITHIN_SECONDS):
                return await fetched(self.url, most)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            # The address is signed, so it is not for the log.
            log.warning("a file cannot be had from Discord: %s", type(fault).__name__)
            raise Refusal(NOT_THERE) from None


async def fetched(url: str, most: int) -> bytes:
    """What stands at an address of Discord's; no other is asked, nor one that it leads to."""
    # Signed as it stands.
    address = URL(url, encoded=True)
    if address.origin() != URL(discord.Asset.BASE).origin():
        raise ValueError("not an address of Discord's")
    async with aiohttp.ClientSession() as session, session.get(address, allow_redirects=False) as answer:
        if answer.status != 200:
            raise aiohttp.ClientPayloadError(f"status {answer.status}")
        return await at_most(answer.content, most)


async def at_most(stream: aiohttp.StreamReader, most: int) -> bytes:
    """All that comes. Raises a refusal for more, of which no more is read."""
    try:
        await stream.readexactly(most + 1)
    except asyncio.IncompleteReadError as end:
        return end.partial
    raise Refusal(TOO_LONG)


def file_of(told: Mapping[str, Any] | None) -> Attachment | None:
    """The file that Discord tells of, if it does."""
    return GivenFile(str(told["filename"]), int(told["size"]), str(told["url"])) if told else None
