"""What to know of a Discord application, and what to fix."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import discord

from adapters.discord.addresses import team_of
from adapters.discord.permissions import PERMISSIONS, missing_in, sentence_for
from adapters.discord.reading import understood, words_for
from adapters.discord.serve import NO_ANSWER, log_in
from bot.errors import Refusal
from bot.platform import Finding


async def examine(
    client: discord.Client, token: str, scheduled: Callable[[str], Awaitable[list[str]]]
) -> AsyncIterator[Finding]:
    """Look at the token, the servers, and the permissions in each channel that has a schedule."""
    try:
        await log_in(client, token)
    except Refusal as refusal:
        yield Finding("fault", str(refusal))
        return
    yield Finding("ok", f"Discord: logged in as {client.user}")
    try:
        with understood("the doctor"):
            async for finding in examine_guilds(client, scheduled):
                yield finding
    except (*NO_ANSWER, discord.DiscordException) as fault:
        yield Finding("fault", f"Discord does not answer ({words_for(fault)}). Try again later")


async def examine_guilds(
    client: discord.Client, scheduled: Callable[[str], Awaitable[list[str]]]
) -> AsyncIterator[Finding]:
    """Look at each server that llmq is in."""
    invite = discord.utils.oauth_url(
        client.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
    guilds = [guild async for guild in client.fetch_guilds()]
    if not guilds:
        yield Finding("warn", f"llmq is in no server yet. Invite it with {invite}")
    for guild in guilds:
        try:
            channels = await scheduled(team_of(guild.id))
        except Refusal:
            channels = []
        async for finding in examine_guild(client, guild.id, channels):
            yield finding


async def examine_guild(client: discord.Client, id: int, channels: list[str]) -> AsyncIterator[Finding]:
    """Whether the bot may do its work in a server's channels."""
    guild = await client.fetch_guild(id)
    yield Finding("ok", f"server: {guild.name}, channels with a schedule: {len(channels)}")
    if not channels:
        return
    assert client.user is not None
    me, places = await guild.fetch_member(client.user.id), await guild.fetch_channels()
    for channel in channels:
        place = next((one for one in places if str(one.id) == channel), None)
        if place is None:
            yield Finding("fault", f"channel {channel} of {guild.name} is gone or hidden from llmq")
            continue
        missing = missing_in(place.permissions_for(me))
        if missing:
            yield Finding("fault", f"channel #{place.name}: {sentence_for(missing)}")
        else:
            yield Finding("ok", f"channel #{place.name}: all permissions are there")
