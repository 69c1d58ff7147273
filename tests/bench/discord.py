"""`/llmq random` from the gateway's event to the answer, beside a discord.py app that does the least."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands, ui
from redis.asyncio import Redis

from adapters.discord.addresses import team_of
from adapters.discord.app import INTENTS, Discord
from adapters.discord.components import parts_of
from adapters.discord.leases import Leases
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import connected, log_in, make_commands_known, posting_client
from bot.messages import Message
from bot.requests import Channel, Member
from tests.bench import stand_ins
from tests.bench.commands import game_of
from tests.bench.floors import StoreCall, store_calls
from tests.bench.measure import Compared, Rate, in_turn
from tests.dialogue import Dialogue

IN_FLIGHT, COMMANDS = 64, 300
FLOOR = (
    "discord.py with one batched EVALSHA, the command's own call of the store, and the same view again. "
    "Discord and its members run in another process; a second is one of this process's own time."
)


class Bare(discord.AutoShardedClient):
    """The floor: a command that asks the store, and says the same whatever that answers."""

    def __init__(self, call: StoreCall, view: ui.LayoutView) -> None:
        super().__init__(intents=INTENTS, max_messages=None, chunk_guilds_at_startup=False)
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(name="bare", description="Says the same each time")
        async def bare(interaction: discord.Interaction[Any]) -> None:
            channel = Channel(team_of(interaction.guild_id or 0), str(interaction.channel_id))
            await call(channel, Member(str(interaction.user.id), interaction.user.display_name), "")
            await interaction.response.send_message(view=view, ephemeral=True)


async def discord_commands(redis: Redis) -> Compared:
    """Commands a second of ours and of the floor, each with a Discord of its own."""
    game = game_of(redis)
    async with (
        stand_ins.discord() as one,
        ours(game, redis, one),
        stand_ins.discord() as other,
        floor(game, other),
    ):
        return await in_turn(rate_of(one, "llmq random"), rate_of(other, "bare"))


def rate_of(stand_in: stand_ins.Discord, command: str) -> Rate:
    async def rate() -> float:
        begun = time.process_time()
        await stand_in.commands(command, IN_FLIGHT, COMMANDS)
        return COMMANDS / (time.process_time() - begun)

    return rate


@asynccontextmanager
async def ours(game: Dialogue, redis: Redis, stand_in: stand_ins.Discord) -> AsyncIterator[None]:
    stand_in.use()
    async with posting_client() as poster:
        await log_in(poster, stand_in.token)
        client = Discord(game.bot, DiscordPlatform(poster, frozenset()))
        await make_commands_known(poster, Leases(redis, str(poster.application_id)), None)
        await log_in(client, stand_in.token)
        async with connected(client):
            await stand_in.commands("llmq random", 1, 1)
            yield


@asynccontextmanager
async def floor(game: Dialogue, stand_in: stand_ins.Discord) -> AsyncIterator[None]:
    stand_in.use()
    reply = await game.says("ana", "random")
    assert isinstance(reply, Message)
    client = Bare(store_calls(game)["random"], parts_of(reply)[0])
    await client.login(stand_in.token)
    await client.tree.sync()
    connection = asyncio.create_task(client.connect())
    await stand_in.commands("bare", 1, 1)
    yield
    await client.close()
    await asyncio.gather(connection, return_exceptions=True)
