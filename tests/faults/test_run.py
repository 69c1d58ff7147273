"""Real `llmq run` processes on stand-ins of both platforms: side by side, stopped, and killed."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from adapters.slack.platform import key_of
from adapters.slack.serve import PATH
from adapters.slack.workspaces import NOT_INSTALLED
from bot.commands.leaderboard import EMPTY
from bot.game.rounds import Round
from bot.requests import Channel
from bot.store.store import Store
from tests.adapters.slack_workspaces import KEY, Browser
from tests.fakes.discord import Channel as DiscordChannel
from tests.fakes.discord import DiscordStandIn, Hang
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.slack import Channel as SlackChannel
from tests.fakes.slack import Hang as slack_hangs
from tests.fakes.slack import Message as SlackMessage
from tests.fakes.slack import SlackStandIn
from tests.faults.processes import llmq_run, started
from tests.faults.test_topologies import free_port

PATIENCE = 30.0
ANSWER = "An answer that says something."


async def served(stand_in: DiscordStandIn | SlackStandIn) -> None:
    """Wait until a process is connected. Its start takes long where many share a machine."""
    match stand_in:
        case DiscordStandIn():
            await until(lambda: stand_in.gateway.live)
        case SlackStandIn():
            await until(lambda: stand_in.socket.connections)


def in_discord(discord: DiscordStandIn) -> dict[str, str]:
    return {
        "discord_token": discord.token,
        "discord_api_url": discord.api_url,
        "discord_gateway_url": f"{discord.world.url.replace('http', 'ws', 1)}/gateway",
    }


def in_slack(slack: SlackStandIn) -> dict[str, str]:
    return {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
    }


def over_http(slack: SlackStandIn, port: int) -> dict[str, str]:
    slack.over_http(f"http://127.0.0.1:{port}{PATH}")
    return {
        "slack_bot_token": slack.bot_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
        "http_port": str(port),
    }


def for_all(slack: SlackStandIn, port: int) -> dict[str, str]:
    """The settings of a process that serves every workspace."""
    slack.over_http(f"http://127.0.0.1:{port}{PATH}")
    return {
        "slack_client_id": slack.world.app.client_id,
        "slack_client_secret": slack.world.app.client_secret,
        "slack_signing_secret": slack.signing_secret,
        "secret_key": KEY,
        "slack_api_url": slack.api_url,
        "http_port": str(port),
    }


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def until(look: Callable[[], Any]) -> Any:
    """What `look` gives, once that is true; it looks while another process does its work."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await found_by(look)):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.02)
        return found


async def found_by(look: Callable[[], Any]) -> Any:
    found = look()
    return await found if asyncio.iscoroutine(found) else found


async def round_of(redis: Redis, channel: Channel) -> Round | None:
    return (await Store(redis).channel(channel)).round


async def test_slack_and_discord_are_served_side_by_side_and_apart(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as discord, SlackStandIn(ack_limit=PATIENCE) as slack:
        boss, chief = discord.user("boss", admin=True), slack.user("chief", admin=True)
        server, workspace = discord.channel("practice"), slack.channel("practice", (chief,))
        async with llmq_run(tmp_path, redis_url, **in_discord(discord), **in_slack(slack)) as process:
            await served(discord)
            await served(slack)
            await boss.slash(server, "llmq-admin", "daily", "on", time="09:00", days="daily")
            await chief.command("/llmq", "daily on 09:00 daily", workspace)
            await boss.slash(server, "llmq-admin", "daily", "now")
            await chief.command("/llmq", "daily now", workspace)
            await until(lambda: server.posts and workspace.posts)
            await boss.slash(server, "llmq", "answer", text=ANSWER)
            board = await (await chief.command("/llmq", "leaderboard", workspace)).shown()
            assert EMPTY["week"] in str(board.blocks)
        assert process.returncode == 0
        assert discord.complaints == []
        assert slack.complaints == []


async def test_a_discord_process_killed_between_post_and_record_posts_once(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as discord:
        boss, ana, channel = (
            discord.user("boss", admin=True),
            discord.user("ana"),
            discord.channel("practice"),
        )
        place = Channel(f"discord:{discord.guild.id}", channel.id)
        async with llmq_run(tmp_path, redis_url, **in_discord(discord)) as process:
            await served(discord)
            await boss.slash(channel, "llmq-admin", "daily", "on", time="09:00", days="daily")
            discord.faults.add("create_message", Hang(asyncio.Event(), after=True))
            await boss.slash(channel, "llmq-admin", "daily", "now")
            await until(lambda: channel.posts)
            process.send_signal(signal.SIGKILL)
        # Discord has forgotten the nonce when the next process looks.
        discord.clock.advance(3600)
        async with llmq_run(tmp_path, redis_url, **in_discord(discord)) as process:
            await until(lambda: is_in(redis, place, "open"))
            assert len(asked(channel)) == 1
            await served(discord)
            await ana.slash(channel, "llmq", "answer", text=ANSWER)
            discord.faults.add("create_message", Hang(asyncio.Event(), after=True))
            await boss.slash(channel, "llmq-admin", "reveal")
            await until(lambda: channel.threads and channel.threads[0].posts)
            process.send_signal(signal.SIGKILL)
        async with llmq_run(tmp_path, redis_url, **in_discord(discord)):
            await until(lambda: is_told(redis, place))
        (thread,) = channel.threads
        assert sum("Reference answer" in post.text for post in thread.posts) == 1
        assert sum(ANSWER.rstrip(".") in post.text for post in thread.posts) == 1
        assert len(asked(channel)) == 1
        assert sum("Revealed:" in post.text for post in channel.posts) == 1


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_slack_process_killed_between_post_and_record_posts_once(
    redis: Redis, redis_url: str, tmp_path: Path, mode: str
) -> None:
    async with SlackStandIn(now=time.time, ack_limit=PATIENCE) as slack:
        boss, ana = slack.user("boss", admin=True), slack.user("ana")
        channel = slack.channel("practice", (boss, ana))
        place = Channel(f"slack:{slack.workspace.id}", channel.id)
        port = free_port()
        settings = in_slack(slack) if mode == "socket" else over_http(slack, port)

        async def serves() -> None:
            await (served(slack) if mode == "socket" else until(lambda: is_taken(port)))

        async with llmq_run(tmp_path, redis_url, **settings) as process:
            await serves()
            await boss.command("/llmq", "daily on 09:00 daily", channel)
            slack.faults.add("chat.postMessage", slack_hangs(after=True))
            await boss.command("/llmq", "daily now", channel)
            await until(lambda: posted(channel, ""))
            process.send_signal(signal.SIGKILL)
        async with llmq_run(tmp_path, redis_url, **settings) as process:
            await until(lambda: is_in(redis, place, "open"))
            await serves()
            await ana.command("/llmq", f"answer {ANSWER}", channel)
            slack.faults.add("chat.postMessage", slack_hangs(after=True))
            await boss.command("/llmq", "reveal", channel)
            await until(lambda: posted(channel, "reveal"))
            process.send_signal(signal.SIGKILL)
        async with llmq_run(tmp_path, redis_url, **settings):
            await until(lambda: is_told(redis, place))
        (question,), (reveal,) = posted(channel, ""), posted(channel, "reveal")
        (answers,), (line,) = posted(channel, "answers:0"), posted(channel, "revealed")
        assert reveal.thread_ts == answers.thread_ts == question.ts
        assert line.thread_ts is None
        assert str(answers.blocks).count(ANSWER) == 1


def asked(channel: DiscordChannel) -> list[DiscordMessage]:
    """The questions in a channel, which announce no reveal."""
    return [one for one in channel.posts if "Revealed:" not in one.text]


def posted(channel: SlackChannel, part: str) -> list[SlackMessage]:
    """The messages of one part of a round in a channel and its threads, by the key that travels with them."""
    return [one for one in channel.messages if part_of(key_of(one.wire()) or "") == part]


def part_of(key: str) -> str | None:
    """Of `CHANNEL:DAY:answers:0#2` it is `answers:0`; of a question's key nothing."""
    _, *rest = key.partition("#")[0].split(":", 2)
    return ":".join(rest[1:]) if rest else None


async def is_in(redis: Redis, channel: Channel, state: str) -> bool:
    round = await round_of(redis, channel)
    return round is not None and round.state == state


async def is_told(redis: Redis, channel: Channel) -> bool:
    round = await round_of(redis, channel)
    return round is not None and round.reveal_posted


async def test_an_installation_outlives_its_process_and_is_known_to_the_other(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with SlackStandIn(ack_limit=PATIENCE) as slack, aiohttp.ClientSession() as http:
        chief, first, second = slack.user("chief", admin=True), free_port(), free_port()
        place, workspace = slack.channel("practice", (chief,)), slack.workspace
        async with (
            llmq_run(tmp_path, redis_url, **for_all(slack, second)),
            llmq_run(tmp_path, redis_url, **for_all(slack, first)) as killed,
        ):
            await until(lambda: is_taken(first) and is_taken(second))
            browser = Browser(http, f"http://127.0.0.1:{first}", slack)
            refused = await (await chief.command("/llmq", "today", place)).shown()
            assert refused.text == NOT_INSTALLED
            await browser.install(workspace)
            await chief.command("/llmq", "daily on 09:00 daily", place)
            killed.kill()
            await killed.wait()
            slack.over_http(f"http://127.0.0.1:{second}{PATH}")
            await chief.command("/llmq", "daily now", place)
            await until(lambda: place.posts)
        said = (tmp_path / "log").read_text()
        assert not [secret for secret in (KEY, "xoxb", "code-", "client-secret") if secret in said]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_a_stopped_process_ends_well(redis_url: str, tmp_path: Path, stop: signal.Signals) -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as discord:
        async with llmq_run(tmp_path, redis_url, **in_discord(discord)) as process:
            await served(discord)
            process.send_signal(stop)
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0
        assert "Traceback" not in (tmp_path / "log").read_text()


async def test_a_token_that_is_not_taken_ends_the_process_with_a_sentence(
    redis_url: str, tmp_path: Path
) -> None:
    async with DiscordStandIn() as discord:
        settings = in_discord(discord) | {"discord_token": "MTA.wrong.token"}
        process = started(tmp_path / "log", redis_url, settings)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 1
        assert "LLMQ_DISCORD_TOKEN" in (tmp_path / "log").read_text()
        assert "wrong" not in (tmp_path / "log").read_text()
