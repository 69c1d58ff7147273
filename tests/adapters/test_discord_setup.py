"""How llmq comes into Discord: the login, its commands, its permissions, its shards, and the doctor."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from adapters.discord import shards
from adapters.discord.app import Discord
from adapters.discord.doctor import examine
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import connect, connected, log_in, make_commands_known, posting_client
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.errors import Refusal
from bot.requests import Member
from bot.store.store import Store
from tests.adapters.discord_server import Hands, Server, leases_of, playing, posting, shown
from tests.dialogue import ten_questions
from tests.fakes.discord import (
    App,
    DiscordStandIn,
    Dropped,
    Fault,
    Lacking,
    NotPossible,
    RateLimited,
    ServerError,
    without_waiting,
)


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


def bot_of(redis: Redis, discord: DiscordStandIn) -> Bot:
    return Bot(Game(Store(redis), ten_questions(), Hands(discord), random.Random(1), {}, lambda: None))


# The login


async def test_a_token_that_discord_does_not_take_is_refused_with_a_sentence() -> None:
    async with DiscordStandIn(), posting_client() as client:
        with pytest.raises(Refusal, match="LLMQ_DISCORD_TOKEN"):
            await log_in(client, "MTA.wrong.token")


@pytest.mark.parametrize("fault", [ServerError(503), Lacking(("id",)), Lacking(("username",))])
async def test_a_discord_that_does_not_answer_rightly_is_said_in_a_sentence(fault: Fault) -> None:
    async with DiscordStandIn() as discord, posting_client() as client:
        discord.faults.add("get_current_user", fault)
        with pytest.raises(Refusal, match="Start it again later"):
            await log_in(client, discord.token)


async def test_a_start_waits_for_no_limit_that_has_quota_left(redis: Redis) -> None:
    async with DiscordStandIn() as discord:
        discord.rest.reset_after = 600.0
        with without_waiting() as waits:
            async with posting(discord) as platform:
                await make_commands_known(platform.client, leases_of(platform, redis), None)
                client = Discord(bot_of(redis, discord), platform, leases_of(platform, redis))
                await log_in(client, discord.token)
                async with connected(client):
                    await discord.gateway.connected(1)
        assert [wait for wait in waits if wait > 2] == []


# The commands


COMMANDS = ["llmq", "llmq-admin"]


def names(discord: DiscordStandIn, guild: str | None) -> list[str]:
    return [command["name"] for command in discord.world.commands.get(guild) or []]


async def test_a_command_stands_in_one_place_wherever_it_stood_before(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting(discord) as platform:
        client, leases, other = platform.client, leases_of(platform, redis), discord.add_guild("other")
        for wanted in (None, discord.guild.id, other.id, None):
            await make_commands_known(client, leases, wanted)
            made = len(discord.calls())
            # A start that changes nothing asks for nothing.
            await make_commands_known(client, leases, wanted)
            assert len(discord.calls()) == made
            places = (None, discord.guild.id, other.id)
            assert [names(discord, one) for one in places] == [
                COMMANDS if one == wanted else [] for one in places
            ]


async def test_a_server_that_llmq_left_needs_no_commands_taken_back(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting(discord) as platform:
        client, leases = platform.client, leases_of(platform, redis)
        await make_commands_known(client, leases, discord.guild.id)
        discord.admin.remove_bot(discord.guild)
        for _ in range(2):
            await make_commands_known(client, leases, None)
        assert names(discord, None) == COMMANDS
        assert len(discord.calls("put_guild_commands")) == 2


async def test_a_server_without_llmq_is_refused_with_a_sentence(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting(discord) as platform:
        with pytest.raises(Refusal, match="not in the server"):
            await make_commands_known(platform.client, leases_of(platform, redis), "123")


async def test_commands_that_discord_does_not_take_now_are_sent_at_the_next_start(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting(discord) as platform:
        discord.faults.add("put_global_commands", ServerError(503))
        leases = leases_of(platform, redis)
        await make_commands_known(platform.client, leases, None)
        assert names(discord, None) == []
        await make_commands_known(platform.client, leases, None)
        assert names(discord, None) == COMMANDS


async def test_what_is_typed_is_completed(server: Server) -> None:
    offered = await server.boss.autocomplete(
        server.channel, "llmq-admin", "daily", "on", time="9:00", zone="new york"
    )
    assert offered.choices[0]["value"] == "America/New_York"
    offered = await server.boss.autocomplete(server.channel, "llmq-admin", "daily", "on", holidays="bavaria")
    assert [choice["value"] for choice in offered.choices] == ["Bavaria"]
    offered = await server.ana.autocomplete(server.channel, "llmq", "random", topic="pro")
    assert [choice["value"] for choice in offered.choices] == ["prompting"]


async def test_whom_a_command_names_is_known_by_name(server: Server) -> None:
    server.discord.admin.nick(server.discord.guild, server.ana.user, "Ana B.")
    said = await server.says(server.boss, "away", when=f"{server.ana.mention} tomorrow")
    assert "Ana B\\. is away" in said.text or "Ana B. is away" in said.text
    server.discord.faults.add("get_member", ServerError(503))
    said = await server.says(server.boss, "away", when=f"{server.bob.mention} tomorrow")
    assert f"{server.bob.id} is away" in said.text


# Permissions


async def test_only_those_who_may_manage_the_server_set_the_schedule(server: Server) -> None:
    admin, guild = server.discord.admin, server.discord.guild
    with pytest.raises(NotPossible, match="offers ana no command"):
        await server.says(server.ana, "daily on", time="09:00")
    # A server may show the command to more people than may use it.
    admin.show_command(guild, "llmq-admin", server.ana.user)
    assert "Only admins" in (await server.says(server.ana, "daily on", time="09:00")).text
    admin.give_role(guild, server.ana.user, admin.add_role(guild, "lead", "manage_guild"))
    assert "The daily question is on" in (await server.says(server.ana, "daily on", time="09:00")).text


async def test_who_the_settings_name_is_an_admin(redis: Redis) -> None:
    async with playing(redis) as server:
        server.client.platform = DiscordPlatform(server.client, frozenset({server.bob.id}))
        server.client.bot.game.platforms["discord"] = server.client.platform  # type: ignore[index]
        server.discord.admin.show_command(server.discord.guild, "llmq-admin", server.bob.user)
        assert "The daily question is on" in (await server.says(server.bob, "daily on", time="09:00")).text


async def test_nobody_is_taken_for_a_member_of_whom_discord_said_nothing(server: Server) -> None:
    platform, ana = server.client.platform, Member(server.ana.id, "ana")
    assert await platform.admin_status(server.place, ana) == "unknown"
    await server.today(server.ana)
    assert await platform.admin_status(server.place, ana) == "member"


async def test_a_schedule_waits_until_llmq_may_post_and_says_what_to_allow(server: Server) -> None:
    admin, channel = server.discord.admin, server.channel
    admin.deny(channel, "send_messages", "create_public_threads")
    said = await server.says(server.boss, "daily on", time="09:00")
    assert "Not on yet" in said.text
    assert "Allow llmq Send Messages and Create Public Threads in this channel." in said.text
    admin.allow(channel, "send_messages", "create_public_threads")
    again = shown(await server.boss.press(said, "Check again"))
    assert "The daily question goes on" in again.text
    assert "llmq can post, make threads and read replies here." in again.text
    assert server.discord.calls("get_member") == []


async def test_the_doctor_names_what_is_missing(server: Server, redis: Redis) -> None:
    await server.says(server.boss, "daily on", time="09:00")
    server.discord.admin.deny(server.channel, "add_reactions", "create_public_threads")
    async with posting_client() as client:
        scheduled = Store(redis).scheduled
        findings = [str(one) async for one in examine(client, server.discord.token, scheduled)]
    said = "\n".join(findings)
    assert "logged in as" in said
    assert "Allow llmq Create Public Threads and Add Reactions in this channel." in said


async def test_the_doctor_says_that_discord_cannot_be_read(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting_client() as client:
        discord.faults.add("get_current_guilds", ServerError(503))
        findings = [str(one) async for one in examine(client, discord.token, Store(redis).scheduled)]
        assert findings[-1].startswith("fault Discord does not answer")


# Shards


@pytest.mark.parametrize(("ids", "sessions"), [((), 2), ((1,), 1)])
async def test_each_process_takes_its_shards(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, ids: tuple[int, ...], sessions: int
) -> None:
    monkeypatch.setattr(shards, "IDENTIFY_EVERY", timedelta())
    async with DiscordStandIn(app=App(shards=2), answer_limit=30.0) as discord, posting(discord) as platform:
        client = Discord(bot_of(redis, discord), platform, None, 2 if ids else None, ids)
        await log_in(client, discord.token)
        with without_waiting():
            async with connected(client):
                await discord.gateway.connected(sessions)
                assert sorted(client.shards) == [*(ids or (0, 1))]


async def test_no_session_is_started_beyond_what_discord_allows(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with (
        DiscordStandIn(app=App(session_starts=0)) as discord,
        posting(discord) as platform,
        Discord(bot_of(redis, discord), platform) as client,
    ):
        await log_in(client, discord.token)
        monkeypatch.setattr("adapters.discord.serve.asyncio.sleep", wait)
        connection = asyncio.create_task(connect(client))
        await discord.until(lambda: waits)
        assert waits == [86_400.0]
        monkeypatch.undo()
        connection.cancel()


@pytest.mark.parametrize(
    "fault", [Lacking(("session_start_limit",)), Lacking(("shards",)), Dropped(), RateLimited(0.0)]
)
async def test_discord_is_asked_again_how_many_sessions_may_start(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(shards, "IDENTIFY_EVERY", timedelta())
    async with DiscordStandIn(answer_limit=30.0) as discord, posting(discord) as platform:
        discord.faults.add("get_gateway_bot", fault, fault)
        client = Discord(bot_of(redis, discord), platform, leases_of(platform, redis), replica="a")
        await log_in(client, discord.token)
        async with connected(client) as connection:
            await discord.gateway.connected(1)
            assert not connection.done()
