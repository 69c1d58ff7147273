"""What a test that is a Discord process needs beside the process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from adapters.discord.leases import Leases
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import log_in, posting_client
from tests.fakes.discord import DiscordStandIn


@asynccontextmanager
async def posting(discord: DiscordStandIn) -> AsyncIterator[DiscordPlatform]:
    """The platform over a client that is logged in."""
    async with posting_client() as client:
        await log_in(client, discord.token)
        yield DiscordPlatform(client, frozenset())


def leases_of(platform: DiscordPlatform, redis: Redis) -> Leases:
    return Leases(redis, str(platform.client.application_id))
