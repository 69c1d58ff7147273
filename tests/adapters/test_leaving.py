"""How llmq hears that it was taken out of a workspace or a server, and that it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.adapters import slack_team
from tests.adapters.discord_server import Server, playing
from tests.adapters.slack_team import Team


@pytest.fixture
async def team(redis: Redis) -> AsyncIterator[Team]:
    async with slack_team.playing(redis, "http") as team:
        yield team


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


async def told(team: Team, event: dict[str, object]) -> bool:
    """Whether llmq takes itself for gone once Slack told it something."""
    team.slack.world.emit(team.slack.workspace, event)
    await team.work()
    return await team.bot.game.store.teams.left(f"slack:{team.slack.workspace.id}") is not None


async def test_an_app_that_is_uninstalled_has_left_its_workspace(team: Team) -> None:
    assert await told(team, {"type": "app_uninstalled"})


async def test_a_bots_token_that_is_revoked_is_as_good_as_gone(team: Team) -> None:
    assert await told(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U1"]}})


async def test_a_members_token_is_none_of_ours(team: Team) -> None:
    assert not await told(team, {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}})


async def left(server: Server) -> bool:
    await server.heard()
    return await server.client.bot.game.store.teams.left(server.place.team) is not None


async def test_a_bot_that_is_removed_from_a_server_has_left_it_until_it_is_invited_again(
    server: Server,
) -> None:
    guild = server.discord.guild
    server.discord.admin.remove_bot(guild)
    assert await left(server)
    server.discord.admin.invite(guild)
    assert not await left(server)


async def test_an_outage_of_a_server_takes_nothing_away(server: Server) -> None:
    server.discord.admin.outage(server.discord.guild)
    assert not await left(server)
    server.discord.admin.recover(server.discord.guild)
    assert not await left(server)


async def test_a_server_that_the_bot_is_in_at_its_start_has_not_been_left(server: Server) -> None:
    await server.client.bot.left(server.place.team)
    server.discord.admin.outage(server.discord.guild)
    await server.heard()
    server.discord.admin.recover(server.discord.guild)
    assert not await left(server)
