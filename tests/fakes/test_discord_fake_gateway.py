"""How the stand-in's gateway lets in, tells, breaks off and repeats, and what it keeps to itself."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import aiohttp
import discord
import pytest
from discord import Intents

from tests.fakes.discord import App, DiscordStandIn
from tests.fakes.discord.impatience import without_waiting
from tests.fakes.discord.sample import Question, Sample, client_of, running


def contents(client: Sample) -> list[str]:
    return [message.content for message in client.said]


async def test_a_client_finds_its_guilds_channels_and_itself() -> None:
    async with DiscordStandIn() as stand_in:
        channel = stand_in.channel("general")
        async with client_of(stand_in) as client:
            await stand_in.until(lambda: client.get_channel(int(channel.id)))
            (guild,) = client.guilds
            assert (guild.name, guild.me.id) == ("Stand-in", int(stand_in.bot.id))
            permissions = client.channel(channel.id).permissions_for(guild.me)
            assert permissions.send_messages
            assert not permissions.manage_messages
        assert stand_in.complaints == []


async def test_a_plain_client_is_let_in_too() -> None:
    async with DiscordStandIn() as stand_in:
        client = discord.Client(intents=Intents.default(), guild_ready_timeout=0)
        async with client_of(stand_in, client):
            assert [one["intents"] for one in stand_in.gateway.identifies] == [Intents.default().value]
            assert stand_in.calls("get_gateway_bot") == []


async def test_a_wrong_token_is_refused_at_login() -> None:
    async with DiscordStandIn() as stand_in:
        client = Sample()
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
        await client.close()
        assert "401" in stand_in.violations[0]


async def test_a_token_that_ends_in_between_is_refused_at_the_gateway() -> None:
    async with DiscordStandIn() as stand_in:
        client = Sample()
        await client.login(stand_in.token)
        assert client.http.token
        client.http.token = "wrong"
        with pytest.raises(discord.GatewayNotFound):
            await client.connect()
        client.shard_count = 1
        with pytest.raises(discord.ConnectionClosed) as closed:
            await client.connect()
        assert closed.value.code == 4004
        await client.close()


async def test_an_intent_that_was_not_granted_is_refused() -> None:
    async with DiscordStandIn() as stand_in:
        client = Sample(Intents(guilds=True, message_content=True))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(stand_in.token)


@pytest.mark.parametrize("granted", [False, True])
async def test_what_people_write_stays_empty_without_the_intent(granted: bool) -> None:
    intents = Intents.default()
    intents.message_content = granted
    app = App(privileged=Intents(message_content=True).value if granted else 0)
    async with running(intents, app=app) as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        one.say(channel, "to nobody")
        one.say(channel, f"to <@{stand_in.bot.id}>")
        await stand_in.until(lambda: len(client.said) == 2)
        assert contents(client)[1] == f"to <@{stand_in.bot.id}>"
        assert contents(client)[0] == ("to nobody" if granted else "")
        mine = await client.channel(channel.id).send("mine")
        assert mine.content == "mine"
        one.say(channel, "back", channel.posts[-1])
        one.say(channel, "back, silently", channel.posts[2], ping=False)
        await stand_in.until(lambda: len(client.said) == 5)
        assert contents(client)[3:] == ["back", "back, silently" if granted else ""]
        assert client.said[3].reference


async def test_edits_and_deletions_are_told() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        message = one.say(channel, "x")
        one.edit(message, "y")
        one.react(message, "👍")
        one.delete(message)
        await stand_in.until(lambda: "MESSAGE_DELETE" in client.seen)
        assert client.seen[-4:] == [
            "MESSAGE_CREATE",
            "MESSAGE_UPDATE",
            "MESSAGE_REACTION_ADD",
            "MESSAGE_DELETE",
        ]


async def test_after_a_drop_the_client_resumes_and_hears_what_it_missed() -> None:
    async with running() as (stand_in, client):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        stand_in.gateway.drop()
        one.say(one.dm, "missed")
        one.say(channel, "x")
        await stand_in.until(lambda: "RESUMED" in client.seen)
        assert contents(client) == ["missed", ""]
        assert len(stand_in.gateway.identifies) == 1
        assert stand_in.gateway.resumes[0]["session_id"] == stand_in.gateway.sessions[0].id
        said = await one.slash(channel, "quiz", "do", what="still here")
        assert said.text == "heard: still here"


async def test_a_command_waits_for_a_client_that_comes_back() -> None:
    async with running() as (stand_in, _):
        one, channel = stand_in.user("one"), stand_in.channel("general")
        stand_in.gateway.drop()
        assert (await one.slash(channel, "quiz", "do", what="late")).text == "heard: late"


async def test_a_request_to_reconnect_is_followed() -> None:
    async with running() as (stand_in, client):
        stand_in.gateway.ask_to_reconnect()
        await stand_in.until(lambda: "RESUMED" in client.seen)
        assert len(stand_in.gateway.identifies) == 1


async def test_a_connection_that_is_closed_with_a_code_is_resumed() -> None:
    async with running() as (stand_in, client):
        await stand_in.gateway.close_all(4000)
        await stand_in.until(lambda: "RESUMED" in client.seen)
        assert stand_in.complaints == []


async def test_an_event_may_come_again_much_later() -> None:
    async with running() as (stand_in, client):
        one = stand_in.user("one")
        said = await one.slash(one.dm, "quiz", "do", what="x")
        stand_in.gateway.repeat("INTERACTION_CREATE")
        await stand_in.until(lambda: stand_in.violations)
        assert "40060" in stand_in.violations[0]
        assert client.seen.count("INTERACTION_CREATE") == 2
        assert len(said.messages) == 1


async def test_a_button_outlives_the_client_that_showed_it() -> None:
    async with DiscordStandIn() as stand_in:
        one, channel = stand_in.user("one"), stand_in.channel("general")
        async with client_of(stand_in) as first:
            await stand_in.settled()
            await first.channel(channel.id).send(view=Question("What?"))
        assert stand_in.gateway.live == []
        async with client_of(stand_in):
            pressed = await one.press(channel.posts[0], "ask:q1")
            assert pressed.modal.title == "Answer"
        assert stand_in.complaints == []


async def test_two_clients_with_one_token_hear_the_same_and_one_answers() -> None:
    async with running() as (stand_in, first), client_of(stand_in) as second:
        one = stand_in.user("one")
        assert (await one.slash(one.dm, "quiz", "do", what="x")).text == "heard: x"
        await stand_in.until(lambda: stand_in.violations)
        assert ["INTERACTION_CREATE" in client.seen for client in (first, second)] == [True, True]


async def test_an_invalid_session_is_begun_anew() -> None:
    with without_waiting() as waits:
        async with running() as (stand_in, client):
            stand_in.gateway.invalidate()
            await stand_in.until(lambda: len(stand_in.gateway.identifies) == 2 and stand_in.gateway.live)
            assert stand_in.gateway.resumes == []
            assert 5.0 in waits
            one = stand_in.user("one")
            assert (await one.slash(one.dm, "quiz", "do", what="x")).text == "heard: x"
            assert client.seen.count("READY") == 2


async def test_a_resume_that_is_refused_is_followed_by_a_new_session() -> None:
    with without_waiting():
        async with running() as (stand_in, client):
            one = stand_in.user("one")
            stand_in.gateway.forget_sessions()
            stand_in.gateway.drop()
            one.say(one.dm, "lost")
            await stand_in.until(lambda: len(stand_in.gateway.identifies) == 2 and stand_in.gateway.live)
            one.say(one.dm, "heard")
            await stand_in.until(lambda: client.said)
            assert contents(client) == ["heard"]


async def test_a_closed_gateway_is_tried_until_it_opens() -> None:
    with without_waiting() as waits:
        async with running() as (stand_in, _):
            stand_in.gateway.down = True
            stand_in.gateway.drop()
            await stand_in.until(lambda: len(waits) > 3)
            stand_in.gateway.down = False
            await stand_in.gateway.connected()
            one = stand_in.user("one")
            assert (await one.slash(one.dm, "quiz", "do", what="x")).text == "heard: x"


async def test_events_may_come_twice_and_out_of_order() -> None:
    async with running() as (stand_in, client):
        one = stand_in.user("one")
        stand_in.gateway.hold()
        for text in ("first", "second", "third"):
            one.say(one.dm, text)
        stand_in.gateway.release(lambda held: held[::-1])
        await stand_in.until(lambda: len(client.said) == 3)
        assert contents(client) == ["third", "second", "first"]
        stand_in.gateway.copies = 2
        one.say(one.dm, "twice")
        await stand_in.until(lambda: len(client.said) == 5)
        assert client.said[-1].id == client.said[-2].id


async def test_an_interaction_that_comes_twice_can_be_answered_once() -> None:
    async with running() as (stand_in, _):
        one = stand_in.user("one")
        stand_in.gateway.copies = 2
        said = await one.slash(one.dm, "quiz", "do", what="x")
        await stand_in.until(lambda: stand_in.violations)
        assert [message.text for message in said.messages] == ["heard: x"]
        assert "40060" in stand_in.violations[0]


async def test_each_shard_hears_of_its_own_guilds() -> None:
    with without_waiting():
        async with DiscordStandIn(app=App(shards=2)) as stand_in:
            other = stand_in.add_guild("Other")
            async with client_of(stand_in) as client:
                shards = [one["shard"] for one in stand_in.gateway.identifies]
                assert shards == [[0, 2], [1, 2]]
                await stand_in.until(lambda: all(not guild.unavailable for guild in client.guilds))
                by_shard = {guild.name: guild.shard_id for guild in client.guilds}
                assert sorted(by_shard.values()) == [0, 1]
                one = stand_in.user("one", guild=other)
                channel = stand_in.channel("general", guild=other)
                assert (await one.slash(channel, "quiz", "do", what="x")).text == "heard: x"


async def test_starts_of_sessions_are_counted() -> None:
    async with running() as (_, client):
        limits = await client.fetch_session_start_limits()
        assert (limits.total, limits.remaining, limits.max_concurrency) == (1000, 999, 1)


@pytest.mark.parametrize("compress", [None, "zlib-stream"])
async def test_frames_come_compressed_if_asked_for(compress: str | None) -> None:
    async with DiscordStandIn() as stand_in, aiohttp.ClientSession() as session:
        query = f"?v=10&encoding=json{f'&compress={compress}' if compress else ''}"
        async with session.ws_connect(stand_in.gateway.url + query) as socket:
            frame = await socket.receive()
            if compress:
                assert frame.data.endswith(b"\x00\x00\xff\xff")
                assert b"heartbeat_interval" in zlib.decompressobj().decompress(frame.data)
            else:
                assert '"op": 10' in frame.data


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", 4002),
        ('{"op": 99}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "wrong", "intents": 1}}', 4004),
        ('{"op": 2, "d": {"token": "MTA.stand-in.token"}}', 4013),
        ('{"op": 2, "d": {"token": "MTA.stand-in.token", "intents": 2}}', 4014),
        ('{"op": 2, "d": {"token": "MTA.stand-in.token", "intents": 1, "shard": [2, 2]}}', 4010),
        ('{"op": 6, "d": {"token": "wrong", "session_id": "1", "seq": 1}}', 4004),
    ],
)
async def test_wrong_words_end_the_connection(sent: str, code: int) -> None:
    async with DiscordStandIn() as stand_in, aiohttp.ClientSession() as session:
        async with session.ws_connect(stand_in.gateway.url) as socket:
            await socket.receive()
            await socket.send_str(sent)
            frame: Any = await asyncio.wait_for(socket.receive(), 5)
            assert (frame.type, frame.data) == (aiohttp.WSMsgType.CLOSE, code)
        assert str(code) in stand_in.violations[0]
