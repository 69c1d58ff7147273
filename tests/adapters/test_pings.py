"""What a ping comes to on Slack and on Discord: one mention, whatever stands in the question beside it."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from adapters.slack.typed import as_typed, with_mentions
from bot.messages import Markdown, Ping, Quote, announce
from bot.requests import Channel
from tests.adapters import slack_team
from tests.adapters.discord_server import playing
from tests.adapters.slack_team import Team

HOSTILE = "@everyone, @here, <@&{role}>, <@{user}>, <!channel>, <!subteam^S1>"


async def test_a_role_is_called_by_the_question_alone(redis: Redis) -> None:
    async with playing(redis) as server:
        role = server.discord.admin.add_role(server.discord.guild, "devs", mentionable=True)
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        said = await server.says(server.boss, "daily ping", who=f"<@&{role.id}>")
        assert "calls @devs from the next one on" in said.text.replace("\\", "")
        assert said.pings == ()
        await server.says(server.boss, "daily now")
        await server.work()
        question = server.channel.posts[-1]
        assert question.pings == (role.id,)
        await server.answer(server.ana)
        thread = await server.reveal()
        assert all(post.pings == () for post in (*thread.posts, *server.channel.posts[1:]))


async def test_the_role_of_everyone_is_not_called(redis: Redis) -> None:
    async with playing(redis) as server:
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        everyone = f"<@&{server.discord.guild.id}>"
        assert "neither everyone" in (await server.says(server.boss, "daily ping", who=everyone)).text


@pytest.mark.parametrize("called", ["here", "role"])
async def test_hostile_words_beside_a_ping_call_nobody_on_discord(redis: Redis, called: str) -> None:
    async with playing(redis) as server:
        guild = server.discord.guild
        role = server.discord.admin.add_role(guild, "devs", mentionable=True)
        other = server.discord.admin.add_role(guild, "others", mentionable=True)
        server.discord.admin.grant(guild, "mention_everyone")
        words = HOSTILE.format(role=other.id, user=server.ana.user.id)
        ping = Ping() if called == "here" else Ping(role.id, "devs")
        message = announce(ping, Markdown(f"**{words}** `{words}`"), Quote("@everyone", words))
        await server.clockwork.platforms["discord"].post(server.place, message, "key")
        assert server.channel.posts[-1].pings == (("@here",) if called == "here" else (role.id,))


@pytest.mark.parametrize("group", ["S0DEVS", "9" * 20, "²"])
async def test_what_is_no_role_is_posted_and_calls_nobody(redis: Redis, group: str) -> None:
    async with playing(redis) as server:
        message = announce(Ping(group), Markdown("A question?"))
        await server.clockwork.platforms["discord"].post(server.place, message, "key")
        assert server.channel.posts[-1].pings == ()


async def test_what_is_missing_for_a_ping_is_said_on_discord(redis: Redis) -> None:
    async with playing(redis) as server:
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        said = (await server.says(server.boss, "daily ping", who="here")).text
        assert "Mention @everyone, @here, and All Roles" in said.replace("\\", "").replace("\u200b", "")


async def test_a_user_group_is_called_by_the_question_alone_on_slack(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team:
        await team.says(team.boss, "daily on 09:00 daily")
        said = slack_team.words(await team.says(team.boss, "daily ping <@&S0DEVS|devs>"))
        assert "calls @devs" in said
        assert await asked(team) == ("<!subteam^S0DEVS>",)
        assert all(post.pings == () for post in await team.reveal())


def test_a_command_of_slack_tells_which_user_group_it_names() -> None:
    typed = "daily ping <!subteam^S0DEVS|@devs>"
    assert with_mentions(typed, {}) == "daily ping <@&S0DEVS|devs>"
    assert with_mentions("<!subteam^S0DEVS>", {}) == "<@&S0DEVS|>"
    assert as_typed(typed, {}) == "daily ping @devs"


async def test_who_is_here_is_called_on_slack(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team:
        await team.says(team.boss, "daily on 09:00 daily")
        await team.says(team.boss, "daily ping @here")
        assert await asked(team) == ("<!here>",)


async def test_hostile_words_beside_a_ping_call_nobody_on_slack(redis: Redis) -> None:
    async with slack_team.playing(redis, "http") as team:
        words = HOSTILE.format(role="S2", user=team.ana.id)
        message = announce(Ping(), Markdown(f"**{words}** `{words}`"), Quote("<!here>", words))
        await team.bot.game.platforms["slack"].post(Channel("slack:T", team.channel.id), message, "key")
        assert team.channel.posts[-1].pings == ("<!here>",)


async def asked(team: Team) -> tuple[str, ...]:
    """Whom the question calls."""
    await team.says(team.boss, "daily now")
    await team.clockwork.work()
    return team.channel.posts[-1].pings
