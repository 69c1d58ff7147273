"""What the bot posts in Discord: each part once and in order, whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from adapters.discord import calls
from adapters.discord.platform import DiscordPlatform
from bot.bot import Bot
from bot.messages import Heading, Markdown, Quote, announce, say
from bot.platform import ChannelRefused
from bot.requests import Channel as Place
from tests.adapters.discord_server import PROMPT, Hands, Server, connection, playing, posting
from tests.fakes.discord import (
    Channel,
    DiscordStandIn,
    Dropped,
    Hang,
    Lacking,
    Pass,
    RateLimited,
    Refused,
    without_waiting,
)

LONG = "word " * 700
# So long that Discord has forgotten the nonces it had.
MINUTES = 3600
TITLE = f"Mon 23 Nov · {PROMPT}"


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn() as discord:
        yield discord


@pytest.fixture
async def platform(discord: DiscordStandIn) -> AsyncIterator[DiscordPlatform]:
    async with posting(discord) as platform:
        yield platform


def placed(channel: Channel) -> Place:
    assert channel.guild
    return Place(f"discord:{channel.guild.id}", channel.id)


def page(n: int) -> tuple[Quote, ...]:
    """Ten answers, of which each fills a Discord message."""
    return tuple(Quote(f"member{n}{m}", f"Answer {n}{m}. {LONG}") for m in range(10))


async def asked(platform: DiscordPlatform, channel: Channel) -> str:
    return await platform.post(placed(channel), announce(Markdown(f"**{PROMPT}**")), "q")


# A reply, part by part


async def test_pages_of_answers_end_in_order_each_once_with_a_crowd_talking_between(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel, ana = discord.channel("practice"), discord.user("ana")
    question = await asked(platform, channel)
    opening = announce(Heading("Reference answer"))
    end = await platform.reply(placed(channel), question, opening, "q:reveal", title=TITLE)
    (thread,) = channel.threads
    for n in range(3):
        for _ in range(130):
            ana.say(thread, "A remark.")
        message, key = announce(*page(n)), f"q:answers:{n}"
        # A process dies in the middle of the page, and another takes it up much later.
        discord.faults.add("create_message", *[Pass()] * 4, Dropped(after=True))
        with pytest.raises(Exception, match="disconnected"):
            await platform.reply(placed(channel), question, message, key, after=end)
        for _ in range(130):
            ana.say(thread, "Another remark.")
        discord.clock.advance(MINUTES)
        before, end = end, await platform.reply(placed(channel), question, message, key, after=end)
        assert end == await platform.reply(placed(channel), question, message, key, after=before)
    own = [one for one in thread.posts if one.author is discord.bot]
    assert [one.text.partition("\n")[0] for one in own] == [
        "### Reference answer",
        *(f"**member{n}{m}**" for n in range(3) for m in range(10)),
    ]
    assert end == own[-1].id


async def test_the_same_answer_of_two_people_of_one_name_is_posted_twice(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel = discord.channel("practice")
    question = await asked(platform, channel)
    message = announce(Quote("ana", LONG), Quote("ana", LONG))
    for _ in range(2):
        await platform.reply(placed(channel), question, message, "q:answers:0", title=TITLE)
        discord.clock.advance(MINUTES)
    assert len(channel.threads[0].posts) == 2


async def test_what_a_reveal_says_is_not_said_again_though_its_words_have_changed(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel = discord.channel("practice")
    question = await asked(platform, channel)
    for words in ("1 of 3", "2 of 3"):
        message = announce(Markdown(words))
        await platform.reply(placed(channel), question, message, "q:reveal", title=TITLE)
        discord.clock.advance(MINUTES)
    assert [post.text for post in channel.threads[0].posts] == ["1 of 3"]


async def test_a_thread_that_somebody_began_before_is_gone_on_with(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel, ana = discord.channel("practice"), discord.user("ana")
    question = await asked(platform, channel)
    thread = discord.thread(channel, "talk", owner=ana, message=channel.posts[0])
    await platform.reply(placed(channel), question, announce(Markdown("x")), "q:reveal", title=TITLE)
    assert [post.text for post in thread.posts] == ["x"]


async def test_a_long_question_is_cut_in_the_threads_name(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel = discord.channel("practice")
    question = await asked(platform, channel)
    await platform.reply(placed(channel), question, announce(Markdown("x")), "q:reveal", title="why " * 50)
    name = channel.threads[0].name
    assert len(name) <= 100
    assert name.endswith("why…")


@pytest.mark.parametrize("why", ["deleted", "forbidden"])
async def test_without_a_thread_the_reveal_stands_in_the_channel_with_its_question(
    discord: DiscordStandIn, platform: DiscordPlatform, why: str
) -> None:
    channel, ana = discord.channel("practice"), discord.user("ana", admin=True)
    question = await asked(platform, channel)
    if why == "deleted":
        ana.delete(channel.posts[0])
    else:
        discord.admin.deny(channel, "create_public_threads")
    place, end = placed(channel), ""
    for _ in range(2):
        reveal = announce(Heading("Reference answer"))
        end = await platform.reply(place, question, reveal, "q:reveal", title=TITLE)
        for _ in range(130):
            ana.say(channel, "A remark.")
        end = await platform.reply(place, question, announce(*page(0)), "q:answers:0", after=end)
        discord.clock.advance(MINUTES)
    own = [one for one in channel.posts if one.author is discord.bot and one.id != question]
    assert own[0].text == f"### {TITLE}\n### Reference answer"
    assert len(own) == 11
    assert end == own[-1].id
    assert channel.threads == []
    if why == "forbidden":
        assert all(one.reply_to and one.reply_to.id == question for one in own)


async def test_a_post_is_found_again_behind_a_long_talk(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    channel, ana = discord.channel("practice"), discord.user("ana")
    question = await asked(platform, channel)
    for _ in range(250):
        ana.say(channel, "A remark.")
    assert await platform.find(placed(channel), "q") == question
    assert await platform.find(placed(channel), "another") is None


async def test_a_forums_post_is_found_again(discord: DiscordStandIn, platform: DiscordPlatform) -> None:
    forum = discord.channel("questions", "forum")
    question = await asked(platform, forum)
    await platform.post(placed(forum), announce(Markdown("Another one.")), "q2")
    discord.thread(forum, "talk", owner=discord.user("ana"))
    assert await platform.find(placed(forum), "q") == question
    assert await platform.find(placed(forum), "another") is None


async def test_a_note_can_be_sent_without_a_sound(discord: DiscordStandIn, platform: DiscordPlatform) -> None:
    ana = discord.user("ana")
    for quietly in (True, False):
        await platform.tell("discord:1", ana.id, say(Markdown("A freeze was used.")), quietly=quietly)
    assert [post.silent for post in ana.dm.posts] == [True, False]


async def test_who_cannot_be_told_is_refused(discord: DiscordStandIn, platform: DiscordPlatform) -> None:
    shy = discord.user("shy", dms_open=False)
    with pytest.raises(ChannelRefused, match="no direct messages"):
        await platform.tell("discord:1", shy.id, say(Markdown("Hello.")))


# What goes wrong


async def test_a_post_whose_answer_was_lost_is_not_posted_again(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    server.discord.faults.add("create_message", Dropped(after=True))
    await server.work()
    assert len(server.channel.posts) == 1
    # Long after Discord has forgotten the nonce, the channel itself is asked.
    server.clock.forward(hours=1)
    await server.work()
    assert len(server.channel.posts) == 1
    assert "Your answer is in." in (await server.answer(server.ana)).text


@pytest.mark.parametrize("call", range(4))
async def test_a_reveal_is_told_once_whichever_answer_was_lost(server: Server, call: int) -> None:
    question = await server.question()
    await server.answer(server.ana)
    server.discord.faults.add("create_message", *[Pass()] * call, Dropped(after=True))
    await server.says(server.boss, "reveal")
    for _ in range(4):
        await server.work()
        server.clock.forward(minutes=4)
    (thread,) = server.channel.threads
    assert sum("secret0" in post.text for post in thread.posts) == 1
    assert sum("Because" in post.text for post in thread.posts) == 1
    lines = [post for post in server.channel.posts if post is not question]
    assert [line.text for line in lines] == [f"**Revealed:** 1 answered. <#{question.id}>"]


async def test_a_long_reveal_is_split_and_complete(server: Server) -> None:
    question = await server.question()
    crowd = [server.discord.user(f"member{n}") for n in range(30)]
    for n, one in enumerate(crowd):
        await server.answer(one, f"Answer number {n}. " + "Many words. " * 60, question)
    thread = await server.reveal()
    said = "\n".join(post.text for post in thread.posts)
    places = [said.index(f"Answer number {n}.") for n in range(30)]
    assert places == sorted(places)
    assert said.count("Answer number") == 30
    assert len(thread.posts) > 5


async def test_a_rate_limit_is_waited_out(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    server.discord.faults.add("create_message", RateLimited(1.5))
    with without_waiting() as waits:
        await server.work()
    assert 1.5 in [round(wait, 1) for wait in waits]
    assert len(server.channel.posts) == 1


async def test_a_limit_that_resets_in_minutes_holds_nothing_up_while_there_is_quota(
    discord: DiscordStandIn, platform: DiscordPlatform
) -> None:
    discord.rest.reset_after = 600.0
    channel = discord.channel("practice")
    with without_waiting() as waits:
        for n in range(3):
            await platform.post(placed(channel), announce(Markdown("x")), str(n))
    assert len(channel.posts) == 3
    assert waits == []


async def test_who_gives_up_waiting_leaves_the_rest_to_go_on(
    discord: DiscordStandIn, platform: DiscordPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 0.1)
    channel = discord.channel("practice")
    # The whole application is to wait, and whoever waits is cancelled.
    discord.faults.add("create_message", RateLimited(0.5, everywhere=True))
    message = announce(Markdown("x"))
    with pytest.raises(TimeoutError):
        await platform.post(placed(channel), message, "q")
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 30.0)
    async with asyncio.timeout(20):
        await platform.post(placed(channel), message, "q")
        await platform.post(placed(channel), message, "another")
    assert len(channel.posts) == 2


async def test_an_edit_that_is_never_answered_holds_up_no_later_one(
    discord: DiscordStandIn, platform: DiscordPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = discord.channel("practice")
    post = await platform.post(placed(channel), announce(Markdown("x")), "q")
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    discord.faults.add("edit_message", Hang(after=True))
    with pytest.raises(TimeoutError):
        await platform.edit(placed(channel), post, announce(Markdown("y")))
    async with asyncio.timeout(5):
        await platform.edit(placed(channel), post, announce(Markdown("z")))
    assert channel.posts[0].text == "z"


async def test_a_request_without_an_answer_is_given_up_and_made_again_later(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    hang = Hang(after=True)
    server.discord.faults.add("create_message", hang)
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 0.1)
    await server.work()
    monkeypatch.setattr(calls, "LONGEST_WAIT_SECONDS", 30.0)
    server.clock.forward(minutes=1)
    await server.work()
    hang.release.set()
    assert len(server.channel.posts) == 1
    assert "Your answer is in." in (await server.answer(server.ana)).text


@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        ("create_message", "type"),
        ("create_message", "id"),
        ("get_channel", "type"),
        ("edit_message", "id"),
    ],
)
async def test_an_answer_that_lacks_something_is_asked_for_again(
    server: Server, caplog: pytest.LogCaptureFixture, endpoint: str, field: str
) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    server.discord.faults.add(endpoint, Lacking((field,)))
    for _ in range(2):
        await server.work()
        server.clock.forward(minutes=1)
    await server.says(server.boss, "reveal")
    for _ in range(2):
        await server.work()
        server.clock.forward(minutes=5)
    question, line = server.channel.posts
    assert PROMPT in question.text
    assert line.text.startswith("**Revealed.**")
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("gone", ["deleted", "hidden", "removed"])
async def test_a_channel_that_cannot_be_used_pauses_its_schedule(redis: Redis, gone: str) -> None:
    async with DiscordStandIn(answer_limit=30.0) as discord:
        clock = Hands(discord)
        async with connection(redis, discord, clock) as (client, clockwork):
            boss, channel = discord.user("boss", admin=True), discord.channel("practice")
            server = Server(discord, client, clockwork, boss, boss, boss, channel, clock)
            await server.says(boss, "daily on", time="09:00", days="daily")
            if gone == "deleted":
                discord.admin.delete_channel(channel)
            elif gone == "hidden":
                discord.admin.deny(channel, "send_messages", "view_channel")
            else:
                discord.admin.remove_bot(discord.guild)
            clock.forward(hours=1)
            await clockwork.work()
            state = await clockwork.store.channel(server.place)
            assert state.schedule is not None
            assert state.schedule.paused
            assert state.note
            made = len(discord.calls())
            clock.forward(days=2)
            await clockwork.work()
            assert len(discord.calls()) == made


@pytest.mark.parametrize("refusal", [Refused(401, 0), Refused(403, 40333)])
async def test_a_refused_token_pauses_no_channel(server: Server, refusal: Refused) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    server.discord.faults.always("create_message", refusal)
    server.clock.forward(hours=1)
    await server.work()
    assert not server.clockwork.is_accepted("discord")
    server.discord.faults.always("create_message", None)
    server.clock.forward(minutes=1)
    await server.work()
    assert PROMPT in server.channel.posts[-1].text


async def test_the_admin_hears_of_a_schedule_that_was_paused(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    server.discord.admin.deny(server.channel, "send_messages")
    server.clock.forward(hours=1)
    await server.work()
    (note,) = server.boss.dm.posts
    assert f"<#{server.channel.id}> is paused" in note.text
    assert "lacks a permission" in note.text


async def test_a_mark_that_cannot_be_set_fails_nothing(server: Server) -> None:
    question = await server.question()
    server.discord.faults.add("create_reaction", Refused(403, 90001))
    server.ana.say(server.channel, "A reply that says something.", question)
    await server.heard()
    assert "in time" in await server.today(server.ana)


# What comes in


@pytest.mark.parametrize(
    ("event", "field"),
    [("MESSAGE_CREATE", "author"), ("CHANNEL_UPDATE", "id"), ("INTERACTION_CREATE", "id")],
)
async def test_an_event_that_lacks_something_is_skipped_with_a_line(
    server: Server, caplog: pytest.LogCaptureFixture, event: str, field: str
) -> None:
    question = await server.question()
    server.discord.gateway.leave_out(event, field)
    match event:
        case "MESSAGE_CREATE":
            server.ana.say(server.channel, "A reply that is lost.", question)
        case "CHANNEL_UPDATE":
            server.discord.admin.deny(server.channel, "pin_messages")
        case _:
            server.ana.world.failures.clear()
            asking = asyncio.create_task(server.ana.slash(server.channel, "llmq", "today"))
            await server.discord.until(lambda: "INTERACTION_CREATE cannot be read" in caplog.text)
            asking.cancel()
    await server.heard()
    assert f"Discord's {event} cannot be read" in caplog.text
    assert "Traceback" not in caplog.text
    assert "not yet" in await server.today(server.ana)
    assert len(server.discord.gateway.identifies) == 1


@pytest.mark.parametrize("field", ["session_id", "resume_gateway_url", "user"])
async def test_a_session_that_cannot_be_read_is_begun_anew(
    server: Server, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    gateway = server.discord.gateway
    with without_waiting():
        gateway.leave_out("READY", field)
        gateway.invalidate(resumable=False)
        await server.discord.until(lambda: len(gateway.identifies) == 3)
        await gateway.connected(1)
        assert "not yet" not in await server.today(server.ana)
    assert "Discord's READY cannot be read" in caplog.text


async def test_what_a_command_did_is_done_though_its_reply_cannot_be_shown(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = await server.question()
    reply = server.ana.say(server.channel, "A reply that says something.", question)
    await server.heard()
    assert reply.reactions
    server.discord.faults.add("create_response", Refused(404, 10062))
    asking = asyncio.create_task(server.ana.slash(server.channel, "llmq", "answer", text="withdraw"))
    await server.discord.until(lambda: not reply.reactions)
    asking.cancel()
    assert isinstance(server.client.bot, Bot)
