"""What a pin comes to on Slack and on Discord: the open question alone; a refusal says what to do."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from adapters.slack.manifest import OPTIONAL, SCOPES
from bot.messages import Markdown, announce
from bot.platform import ChannelRefused, TokenRefused
from bot.requests import Channel
from tests.adapters import discord_server, slack_team
from tests.adapters.discord_server import Server
from tests.adapters.slack_team import Team, words
from tests.fakes.slack.faults import Refused


async def test_the_question_and_no_other_is_pinned_on_slack(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team:
        await team.says(team.boss, "daily on 09:00 daily")
        said = words(await team.says(team.boss, "daily pin on"))
        assert "The question is pinned" in said
        assert "scopes" not in said
        await team.says(team.boss, "daily now")
        await team.clockwork.work()
        (question,) = (one for one in team.channel.posts if one.metadata)
        assert team.channel.pins == [question.ts]
        await team.says(team.boss, "daily pin off")
        await team.clockwork.work()
        assert team.channel.pins == []


async def test_slack_without_the_scope_goes_on_and_says_what_to_do(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team:
        team.slack.world.app.scopes = frozenset(SCOPES)
        await team.says(team.boss, "daily on 09:00 daily")
        assert "slack-manifest.yaml" in words(await team.says(team.boss, "daily pin on"))
        await team.says(team.boss, "daily now")
        await team.clockwork.work()
        assert team.channel.pins == []
        assert "could not be pinned. The app may not pin" in words(team.boss.dm[-1])
        await team.says(team.ana, "answer My answer is about weights.")
        assert await team.reveal()
        assert len(team.boss.dm) == 1
        team.slack.world.app.scopes = frozenset(SCOPES | OPTIONAL)
        await team.says(team.boss, "daily pin on")
        await team.clockwork.work()
        assert len(team.channel.pins) == 1


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ("already_pinned", None),
        ("message_not_found", None),
        ("too_many_pins", ChannelRefused),
        ("not_pinnable", ChannelRefused),
        ("restricted_action", ChannelRefused),
        ("missing_scope", ChannelRefused),
        ("token_revoked", TokenRefused),
    ],
)
async def test_what_slack_says_to_a_pin(redis: Redis, error: str, raised: type[Exception] | None) -> None:
    async with slack_team.playing(redis, "http") as team:
        team.slack.faults.add("pins.add", Refused(error))
        if raised is None:
            await pinned_on_slack(team)
        else:
            with pytest.raises(raised):
                await pinned_on_slack(team)


def place_of(team: Team) -> Channel:
    return Channel(f"slack:{team.channel.team}", team.channel.id)


async def pinned_on_slack(team: Team) -> None:
    platform = team.bot.game.platforms["slack"]
    posted = await platform.post(place_of(team), announce(Markdown("A question?")), "key")
    await platform.pin(place_of(team), posted)


async def test_a_pin_is_set_and_taken_off_twice_on_both(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team, discord_server.playing(redis) as server:
        server.discord.admin.grant(server.discord.guild, "pin_messages")
        slack, discord = team.bot.game.platforms["slack"], server.clockwork.platforms["discord"]
        for platform, place in ((slack, place_of(team)), (discord, server.place)):
            posted = await platform.post(place, announce(Markdown("A question?")), "key")
            for _ in range(2):
                await platform.pin(place, posted)
            assert (len(team.channel.pins), pins_of(server)).count(1 if platform is slack else [posted]) == 1
            for _ in range(2):
                await platform.unpin(place, posted)
        assert (team.channel.pins, pins_of(server)) == ([], [])


def pins_of(server: Server) -> list[str]:
    return [message.id for message in server.channel.posts if message.pinned]


async def test_the_question_and_no_other_is_pinned_on_discord(redis: Redis) -> None:
    async with discord_server.playing(redis) as server:
        server.discord.admin.grant(server.discord.guild, "pin_messages")
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        assert "Allow llmq" not in (await server.says(server.boss, "daily pin", switch="on")).text
        await server.says(server.boss, "daily now")
        await server.work()
        assert len(pins_of(server)) == 1
        question, told = server.channel.posts
        assert (question.id, told.reply_to) == (pins_of(server)[0], question)
        # What Discord itself says of the pin, in our name and as a reply to the question, is no answer.
        assert "Answered: 0" in (await server.today(server.ana)).replace("*", "")
        await server.answer(server.ana, question=question)
        await server.reveal()
        await server.says(server.boss, "daily pin", switch="off")
        await server.work()
        assert pins_of(server) == []


async def test_discord_without_the_permission_goes_on_and_says_what_to_do(redis: Redis) -> None:
    async with discord_server.playing(redis) as server:
        server.discord.admin.grant(server.discord.guild, "manage_messages")
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        assert "Allow llmq Pin Messages" in (await server.says(server.boss, "daily pin", switch="on")).text
        await server.says(server.boss, "daily now")
        await server.work()
        assert pins_of(server) == []
        await server.answer(server.ana)
        assert await server.reveal()
