"""`/llmq random` from the gateway's event to the interaction's answer, beside an empty discord.py command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import discord
from discord import app_commands
from discord.http import Route
from redis.asyncio import Redis

from adapters.discord.app import INTENTS, Discord
from adapters.discord.serve import connected, log_in, make_commands_known
from tests.adapters.discord_process import leases_of, posting
from tests.bench.measure import Compared, Work, compare
from tests.dialogue import Dialogue, catalogue_of, deck, question
from tests.fakes.discord import DiscordStandIn

IN_FLIGHT, COMMANDS = 64, 300


class Empty(discord.AutoShardedClient):
    """The floor: a command that says one word."""

    def __init__(self) -> None:
        super().__init__(intents=INTENTS, max_messages=None, chunk_guilds_at_startup=False)
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(name="empty", description="Says one word")
        async def empty(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message("Here.", ephemeral=True)


async def discord_commands(redis: Redis) -> Compared:
    """Commands a second of ours and of the empty command, each with its own stand-in."""
    async with ours(redis) as mine, floor() as empty:
        return await compare(mine, empty, IN_FLIGHT, COMMANDS)


@asynccontextmanager
async def ours(redis: Redis) -> AsyncIterator[Work]:
    game = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(60)))))
    async with DiscordStandIn(answer_limit=60) as stand_in, posting(stand_in) as platform:
        client = Discord(game.bot, platform)
        await make_commands_known(platform.client, leases_of(platform, redis), None)
        await log_in(client, stand_in.token)
        async with connected(client):
            await stand_in.gateway.connected(1)
            yield asking(stand_in, "llmq", "random")


@asynccontextmanager
async def floor() -> AsyncIterator[Work]:
    async with DiscordStandIn(answer_limit=60) as stand_in:
        client = Empty()
        await client.login(stand_in.token)
        await client.tree.sync()
        connection = asyncio.create_task(client.connect())
        await stand_in.gateway.connected(1)
        yield asking(stand_in, "empty")
        await client.close()
        await asyncio.gather(connection, return_exceptions=True)


def asking(stand_in: DiscordStandIn, *path: str) -> Work:
    """A command of one of fifty members."""
    members = [stand_in.user(f"member{n}") for n in range(50)]
    channel, numbers = stand_in.channel("practice"), count()

    async def ask(_: int) -> object:
        # discord.py knows one address for the whole process; the two sides are timed in turn, never at once.
        Route.BASE = stand_in.api_url
        acted = await members[next(numbers) % 50].slash(channel, *path)
        assert acted.failure is None
        return acted

    return ask
