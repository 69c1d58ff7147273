"""Guilds, channels, threads, permissions and pings of the stand-in, as the library meets them."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import AllowedMentions

from tests.fakes.discord import Channel, DiscordStandIn, NotPossible
from tests.fakes.discord.sample import Sample, running


async def known(stand_in: DiscordStandIn, client: Sample, channel: Channel) -> Any:
    """A channel as the library knows it."""
    await stand_in.gateway.heard()
    return client.get_channel(int(channel.id))


async def test_the_bot_is_removed_and_invited_again() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.admin.remove_bot(stand_in.guild)
        one.say(channel, "unheard")
        await stand_in.gateway.heard()
        assert list(client.guilds) == []
        with pytest.raises(discord.Forbidden) as refused:
            await there.send("x")
        assert refused.value.code == 50001
        with pytest.raises(discord.NotFound):
            await client.fetch_guild(int(stand_in.guild.id))
        with pytest.raises(NotPossible, match="not in this guild"):
            await one.slash(channel, "quiz", "do")
        stand_in.admin.invite(stand_in.guild)
        await stand_in.gateway.heard()
        assert [guild.name for guild in client.guilds] == ["Stand-in"]
        assert client.said == []


async def test_an_outage_passes() -> None:
    async with running() as (stand_in, client):
        await stand_in.gateway.heard()
        stand_in.admin.outage(stand_in.guild)
        await stand_in.gateway.heard()
        assert client.guilds[0].unavailable
        stand_in.admin.recover(stand_in.guild)
        await stand_in.gateway.heard()
        assert not client.guilds[0].unavailable


async def test_a_channel_is_deleted() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.admin.delete_channel(channel)
        await stand_in.gateway.heard()
        assert client.get_channel(there.id) is None
        with pytest.raises(discord.NotFound) as refused:
            await there.send("x")
        assert refused.value.code == 10003
        assert len(stand_in.violations) == 1


@pytest.mark.parametrize(
    ("lost", "code"), [("view_channel", 50001), ("send_messages", 50013), ("embed_links", 50013)]
)
async def test_permissions_are_taken_and_given_back(lost: str, code: int) -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.admin.deny(channel, lost)
        await stand_in.gateway.heard()
        assert not getattr(there.permissions_for(there.guild.me), lost)
        with pytest.raises(discord.Forbidden) as refused:
            await there.send("x", embed=discord.Embed(title="x"))
        assert refused.value.code == code
        stand_in.admin.allow(channel, lost)
        await there.send("x", embed=discord.Embed(title="x"))


async def test_permissions_of_the_whole_guild_count_too() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.admin.revoke(stand_in.guild, "send_messages")
        with pytest.raises(discord.Forbidden):
            await there.send("x")
        stand_in.admin.grant(stand_in.guild, "send_messages")
        await there.send("x")
        await stand_in.gateway.heard()
        assert there.permissions_for(there.guild.me).send_messages


async def test_a_thread_has_the_id_of_its_message_and_there_is_one() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        message = await there.send("x")
        thread = await message.create_thread(name="Discussion")
        assert thread.id == message.id
        assert [one.name for one in channel.threads] == ["Discussion"]
        with pytest.raises(discord.HTTPException) as refused:
            await message.create_thread(name="Another")
        assert refused.value.code == 160004
        await thread.send("y")
        assert [one.text for one in channel.threads[0].posts] == ["y"]
        assert (await there.fetch_message(message.id)).flags.has_thread


async def test_a_thread_takes_permissions_of_its_own() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.thread(channel, "talk", owner=one)
        stand_in.admin.deny(channel, "send_messages_in_threads", "create_public_threads")
        await stand_in.gateway.heard()
        (thread,) = there.guild.threads
        with pytest.raises(discord.Forbidden):
            await thread.send("x")
        message = await there.send("x")
        with pytest.raises(discord.Forbidden):
            await message.create_thread(name="x")


async def test_a_thread_that_was_put_away_is_not_changed_and_comes_back_when_somebody_speaks() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        await known(stand_in, client, channel)
        thread = stand_in.thread(channel, "talk", owner=one)
        there = await known(stand_in, client, thread)
        message = await there.send("x")
        stand_in.admin.archive(thread)
        for change in (message.edit(content="y"), message.add_reaction("👍"), message.delete()):
            with pytest.raises(discord.HTTPException) as refused:
                await change
            assert refused.value.code == 50083
        await there.send("back")
        assert not thread.archived
        stand_in.admin.archive(thread, locked=True)
        with pytest.raises(discord.HTTPException) as refused:
            await there.send("x")
        assert refused.value.code == 50083


async def test_a_thread_of_our_own_is_put_away() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        thread = await there.create_thread(name="talk", type=discord.ChannelType.public_thread)
        await thread.edit(archived=True)
        assert channel.threads[0].archived


async def test_a_forum_takes_posts_and_no_messages() -> None:
    async with running() as (stand_in, client):
        forum = stand_in.channel("forum", "forum", tags={"7": "daily"}, requires_tag=True)
        there: discord.ForumChannel = await known(stand_in, client, forum)
        with pytest.raises(discord.HTTPException) as refused:
            await there.create_thread(name="x", content="y")
        assert refused.value.code == 40067
        made = await there.create_thread(name="Question", content="What?", applied_tags=there.available_tags)
        assert made.message.content == "What?"
        assert made.thread.id == made.message.id
        assert [one.text for one in forum.threads[0].posts] == ["What?"]
        with pytest.raises(discord.HTTPException) as refused:
            await client.http.send_message(there.id, params=discord.http.handle_message_parameters("x"))
        assert refused.value.code == 50008


async def test_an_announcement_channel_is_posted_to() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("news", "announcement")
        there = await known(stand_in, client, channel)
        thread = await (await there.send("x")).create_thread(name="x")
        assert thread.type is discord.ChannelType.news_thread


async def test_a_dm_is_opened_unless_it_is_closed_to_us() -> None:
    async with running() as (stand_in, client):
        one, two = stand_in.user("one"), stand_in.user("two", dms_open=False)
        await (await client.fetch_user(int(one.id))).send("hello")
        assert [message.text for message in one.dm.posts] == ["hello"]
        with pytest.raises(discord.Forbidden) as refused:
            await (await client.fetch_user(int(two.id))).send("hello")
        assert refused.value.code == 50007


async def test_what_was_said_is_read_back() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        for n in range(5):
            await there.send(str(n))
        one.say(channel, "hidden")
        texts = [message.content async for message in there.history(limit=3)]
        assert texts == ["", "4", "3"]
        middle = channel.posts[2]
        later = [message.content async for message in there.history(after=discord.Object(int(middle.id)))]
        assert later == ["3", "4", ""]
        before = [message.content async for message in there.history(before=discord.Object(int(middle.id)))]
        assert before == ["1", "0"]
        stand_in.admin.deny(channel, "read_message_history")
        assert [message async for message in there.history()] == []


async def test_only_what_one_wrote_is_changed_and_others_words_are_deleted_by_moderators() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        said = one.say(channel, "x")
        partial = there.get_partial_message(int(said.id))
        with pytest.raises(discord.Forbidden) as refused:
            await partial.edit(content="y")
        assert refused.value.code == 50005
        with pytest.raises(discord.Forbidden):
            await partial.delete()
        stand_in.admin.grant(stand_in.guild, "manage_messages")
        await partial.delete()
        assert channel.posts == []
        with pytest.raises(discord.NotFound) as gone:
            await partial.delete()
        assert gone.value.code == 10008


async def test_reactions_come_and_go() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        said = one.say(channel, "x")
        partial = there.get_partial_message(int(said.id))
        await partial.add_reaction("👍")
        assert said.reactions == {"👍": [stand_in.bot.id]}
        await partial.remove_reaction("👍", discord.Object(int(stand_in.bot.id)))
        assert said.reactions == {}
        stand_in.admin.deny(channel, "add_reactions")
        with pytest.raises(discord.Forbidden):
            await partial.add_reaction("👍")


async def test_people_and_roles_are_looked_up() -> None:
    async with running() as (stand_in, client):
        one = stand_in.user("one", nick="The One", global_name="First")
        await stand_in.gateway.heard()
        guild = client.guilds[0]
        member = await guild.fetch_member(int(one.id))
        assert (member.display_name, member.global_name) == ("The One", "First")
        with pytest.raises(discord.NotFound) as refused:
            await guild.fetch_member(1)
        assert refused.value.code == 10013
        assert [role.name for role in await guild.fetch_roles()] == ["@everyone", "stand-in"]
        assert await guild.fetch_channels() == []


@pytest.mark.parametrize(
    ("words", "allowed", "pinged"),
    [
        ("<@one>", None, ["one"]),
        ("<@one>", AllowedMentions.none(), []),
        ("`<@one>`", None, []),
        ("<@one> <@two>", "one", ["one"]),
        ("<@&role>", None, ["role"]),
        ("<@&quiet>", None, []),
        ("@everyone @here", None, []),
        ("@everyone", AllowedMentions(everyone=True), []),
        ("<@1>", None, []),
    ],
)
async def test_a_message_pings_whom_it_names_and_may_ping(
    words: str, allowed: Any, pinged: list[str]
) -> None:
    async with running() as (stand_in, client):
        client._connection.allowed_mentions = None
        names = {one: stand_in.user(one).id for one in ("one", "two")}
        names["role"] = stand_in.admin.add_role(stand_in.guild, "role", mentionable=True).id
        names["quiet"] = stand_in.admin.add_role(stand_in.guild, "quiet").id
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        for name, id in names.items():
            words = words.replace(name, id) if "@here" not in words else words
        chosen = AllowedMentions(users=[discord.Object(int(names["one"]))]) if allowed == "one" else allowed
        await there.send(words, allowed_mentions=chosen)
        assert channel.posts[0].pings == tuple(names[name] for name in pinged)


async def test_everyone_is_pinged_by_who_may() -> None:
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        there = await known(stand_in, client, channel)
        stand_in.admin.grant(stand_in.guild, "mention_everyone")
        await there.send("@everyone", allowed_mentions=AllowedMentions(everyone=True))
        await there.send("@everyone")
        assert [message.pings for message in channel.posts] == [("@everyone",), ()]
        assert stand_in.complaints == []


async def test_a_reply_pings_whom_it_answers_unless_told_not_to() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        there = await known(stand_in, client, channel)
        partial = there.get_partial_message(int(one.say(channel, "x").id))
        await partial.reply("loud", mention_author=True)
        await partial.reply("quiet", mention_author=False)
        assert [message.pings for message in channel.posts[1:]] == [(one.id,), ()]
        assert stand_in.complaints == []


async def test_the_addresses_of_the_library_are_put_back() -> None:
    before = discord.http.Route.BASE
    async with DiscordStandIn() as stand_in:
        assert stand_in.api_url == discord.http.Route.BASE
    assert before == discord.http.Route.BASE
