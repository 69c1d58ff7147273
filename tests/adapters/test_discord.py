"""Discord end to end: the real discord.py between a strict stand-in and the real store."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from adapters.discord import shards
from adapters.discord.app import Discord
from adapters.discord.doctor import examine
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import connect, connected, log_in, make_commands_known, posting_client
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.errors import Refusal
from bot.requests import Channel as Place
from bot.store.store import Store
from bot.text import clean, is_long_enough
from llmq.redis.clients import client_of
from scheduler.clockwork import Clockwork
from tests.adapters.discord_process import leases_of, posting
from tests.dialogue import START, ten_questions
from tests.fakes.discord import (
    Acted,
    App,
    Channel,
    DiscordStandIn,
    Dropped,
    Member,
    Message,
    RateLimited,
    without_waiting,
)
from tests.fakes.discord.components import walk

ANSWER = "Because **it** says so, <@1> and @everyone."
PROMPT = "What is subject number 0 good for?"


# That a thread is there already, and that there may be none, is found out by trying.
EXPECTED = ("160004", "50013")
Kind = Literal["text", "announcement", "forum"]


@pytest.fixture(autouse=True)
def without_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions may follow each other at once."""
    monkeypatch.setattr(shards, "IDENTIFY_EVERY", timedelta())


@dataclass
class Hands:
    """A clock that is moved by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Server:
    """A Discord server with the bot in it."""

    discord: DiscordStandIn
    client: Discord
    clockwork: Clockwork
    boss: Member
    ana: Member
    bob: Member
    channel: Channel
    clock: Hands

    async def says(self, who: Member, command: str, /, **options: Any) -> Message:
        """What the bot shows in answer to a command."""
        acted = await who.slash(self.channel, "llmq", *command.split(), **options)
        return shown(acted)

    async def work(self) -> None:
        await self.clockwork.work()
        await self.discord.settled()

    async def question(self) -> Message:
        """Set a schedule, ask at once, and return the post."""
        await self.says(self.boss, "daily on", time="09:00", days="daily")
        await self.says(self.boss, "daily now")
        await self.work()
        return self.channel.posts[-1]

    async def reveal(self) -> Channel:
        """Reveal the question, and return the thread that says so."""
        await self.says(self.boss, "reveal")
        await self.work()
        return self.channel.threads[-1]


def shown(acted: Acted) -> Message:
    assert acted.failure is None
    assert acted.message is not None
    return acted.message


@asynccontextmanager
async def playing(redis: Redis, kind: Kind = "text") -> AsyncIterator[Server]:
    async with (
        DiscordStandIn(answer_limit=30.0) as discord,
        connection(redis, discord) as (client, clockwork, clock),
    ):
        boss, ana, bob = discord.user("boss", admin=True), discord.user("ana"), discord.user("bob")
        channel = discord.channel("practice", kind)
        yield Server(discord, client, clockwork, boss, ana, bob, channel, clock)
        await discord.settled()
        assert [one for one in discord.complaints if not any(code in one for code in EXPECTED)] == []


@asynccontextmanager
async def connection(
    redis: Redis, discord: DiscordStandIn
) -> AsyncIterator[tuple[Discord, Clockwork, Hands]]:
    """The bot as `llmq run` connects it."""
    store, catalogue, clock = Store(redis), ten_questions(), Hands()
    async with posting(discord) as platform:
        platforms, leases = {"discord": platform}, leases_of(platform, redis)
        bot = Bot(Game(store, catalogue, clock, random.Random(1), platforms, lambda: None))
        client = Discord(bot, platform, leases, replica="this process")
        await make_commands_known(platform.client, leases, None)
        await log_in(client, discord.token)
        async with connected(client):
            await discord.gateway.connected(1)
            await discord.settled()
            yield client, Clockwork(store, catalogue, platforms, clock), clock


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


async def test_a_round_from_the_question_to_the_reveal(server: Server) -> None:
    question = await server.question()
    assert PROMPT in question.text
    acted = await server.ana.press(question, "Answer")
    assert acted.modal is not None
    sent = shown(await server.ana.submit(acted.modal, {"answer": ANSWER}))
    assert "Your answer is in." in sent.text
    assert sent in server.ana.ephemerals(server.channel)
    assert "secret0" not in (await server.says(server.bob, "today")).text
    thread = await server.reveal()
    said = "\n".join(post.text for post in thread.posts)
    assert "secret0" in said
    assert "ana" in said
    assert all(post.pings == () for post in thread.posts)
    assert "Revealed with 1 answer" in question.text
    assert "secret0" in (await server.says(server.bob, "today")).text
    assert "10" in (await server.says(server.ana, "leaderboard")).text


async def answered(server: Server, who: Member, text: str = ANSWER) -> Message:
    """What somebody sees who answers with the button."""
    acted = await who.press(server.channel.posts[-1], "Answer")
    return shown(await who.submit(acted.modal, {"answer": text}))


@pytest.mark.parametrize("kind", ["text", "announcement"])
async def test_the_reveal_stands_in_a_thread_of_the_question(redis: Redis, kind: Kind) -> None:
    async with playing(redis, kind) as server:
        question = await server.question()
        thread = await server.reveal()
        assert thread.id == question.id
        assert "Nobody answered in time" in thread.posts[-1].text


async def test_in_a_forum_each_question_is_a_post_and_the_reveal_stands_in_it(redis: Redis) -> None:
    async with playing(redis) as server:
        server.channel = server.discord.channel("questions", "forum", tags={"1": "daily"}, requires_tag=True)
        # A command cannot be typed in the forum itself, so it is typed in any post of it.
        forum, talk = server.channel, server.discord.thread(server.channel, "talk", owner=server.boss)
        server.channel = talk
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        await server.says(server.boss, "daily now")
        await server.work()
        post = next(one for one in forum.threads if one is not talk)
        question = post.posts[0]
        assert PROMPT in question.text
        assert (
            "Your answer is in."
            in shown(
                await server.ana.submit(
                    (await server.ana.press(question, "Answer")).modal, {"answer": ANSWER}
                )
            ).text
        )
        await server.says(server.boss, "reveal")
        await server.work()
        assert "Revealed with 1 answer" in question.text
        assert "secret0" in post.posts[-1].text


async def test_where_nobody_may_make_threads_the_reveal_replies_to_the_question(server: Server) -> None:
    question = await server.question()
    server.discord.admin.deny(server.channel, "create_public_threads")
    await server.says(server.boss, "reveal")
    await server.work()
    assert server.channel.threads == []
    assert server.channel.posts[-1].reply_to is question
    assert "secret0" in server.channel.posts[-1].text


async def test_a_reply_that_mentions_the_bot_answers_and_its_edit_replaces(server: Server) -> None:
    question = await server.question()
    reply = server.ana.say(server.channel, "A reply that says *something*.", question)
    await server.discord.until(lambda: "✅" in reply.reactions)
    assert "something" in (await server.says(server.ana, "today")).text
    server.ana.edit(reply, "A reply that was edited.")
    await server.discord.settled()
    await server.discord.until(lambda: server.discord.calls("create_reaction")[1:])
    assert "was edited" in (await server.says(server.ana, "today")).text


async def test_what_is_no_answer_gets_its_reason_in_a_direct_message(server: Server) -> None:
    question = await server.question()
    server.ana.say(server.channel, "No.", question)
    await server.discord.until(lambda: server.ana.dm.posts)
    assert "too short" in server.ana.dm.posts[-1].text
    assert "No\\." in str(server.ana.dm.posts[-1].components) or "No." in server.ana.dm.posts[-1].text


async def test_other_messages_and_other_bots_never_count(server: Server) -> None:
    question = await server.question()
    robot = server.discord.user("robot", bot=True)
    robot.say(server.channel, "An answer by a machine.", question)
    server.ana.say(server.channel, "A reply without a ping at all.", question, ping=False)
    server.ana.say(server.channel, f"{server.client.user.mention if server.client.user else ''} what is up?")
    other = server.bob.say(server.channel, "Something of my own.")
    server.ana.say(server.channel, "A reply to another message.", other)
    await server.discord.settled()
    assert "No answers" in (await server.says(server.ana, "today")).text


async def test_buttons_and_forms_work_after_a_restart(redis: Redis) -> None:
    async with DiscordStandIn(answer_limit=30.0) as discord:
        boss, ana = discord.user("boss", admin=True), discord.user("ana")
        channel = discord.channel("practice")
        async with connection(redis, discord) as (client, clockwork, clock):
            before = Server(discord, client, clockwork, boss, ana, ana, channel, clock)
            question = await before.question()
            form = (await ana.press(question, "Answer")).modal
            practice = await before.says(ana, "random")
        async with connection(redis, discord) as (client, clockwork, clock):
            assert "Your answer is in." in shown(await ana.submit(form, {"answer": ANSWER})).text
            assert "**Yours:** in time" in shown(await ana.press(question, "Status")).text
            assert "Reference answer" in shown(await ana.press(practice, "Show answer")).text
        assert len(discord.calls("put_global_commands")) == 1
        assert discord.complaints == []


async def test_a_command_goes_to_one_server_at_once_when_it_is_named(redis: Redis) -> None:
    async with DiscordStandIn() as discord, posting(discord) as platform:
        client, leases = platform.client, leases_of(platform, redis)
        await make_commands_known(client, leases, discord.guild.id)
        await make_commands_known(client, leases, discord.guild.id)
        assert len(discord.calls("put_guild_commands")) == 1
        with pytest.raises(Refusal, match="not in the server"):
            await make_commands_known(client, leases, "123")


async def test_what_is_typed_is_completed(server: Server) -> None:
    offered = await server.boss.autocomplete(server.channel, "llmq", "daily", "on", time="9:00", zone="berl")
    assert [choice["value"] for choice in offered.choices] == ["Europe/Berlin"]
    offered = await server.ana.autocomplete(server.channel, "llmq", "random", topic="pro")
    assert [choice["value"] for choice in offered.choices] == ["prompting"]


async def test_only_those_who_may_manage_the_server_set_the_schedule(redis: Redis) -> None:
    async with playing(redis) as server:
        assert "Only an admin" in (await server.says(server.ana, "daily on", time="09:00")).text
        admin, guild = server.discord.admin, server.discord.guild
        admin.give_role(guild, server.ana.user, admin.add_role(guild, "lead", "manage_guild"))
        assert "Daily question is on" in (await server.says(server.ana, "daily on", time="09:00")).text


async def test_who_the_settings_name_is_an_admin(redis: Redis) -> None:
    async with playing(redis) as server:
        server.client.platform = DiscordPlatform(server.client, frozenset({server.bob.id}))
        server.client.bot.game.platforms["discord"] = server.client.platform  # type: ignore[index]
        assert "Daily question is on" in (await server.says(server.bob, "daily on", time="09:00")).text


async def test_a_post_whose_answer_was_lost_is_not_posted_again(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    server.discord.faults.add("create_message", Dropped(after=True))
    await server.work()
    assert len(server.channel.posts) == 1
    # Long after Discord has forgotten the nonce, the channel itself is asked.
    server.discord.clock.advance(3600)
    server.clock.now += timedelta(minutes=20)
    await server.work()
    assert len(server.channel.posts) == 1
    assert "Your answer is in." in (await answered(server, server.ana)).text


async def test_a_reveal_whose_answer_was_lost_is_told_once(server: Server) -> None:
    await server.question()
    await answered(server, server.ana)
    server.discord.faults.add("create_message", Dropped(after=True))
    thread = await server.reveal()
    for _ in range(3):
        server.clock.now += timedelta(minutes=20)
        await server.work()
    assert sum("secret0" in post.text for post in thread.posts) == 1


@pytest.mark.parametrize("gone", ["deleted", "hidden", "removed"])
async def test_a_channel_that_cannot_be_used_pauses_its_schedule(redis: Redis, gone: str) -> None:
    async with (
        DiscordStandIn(answer_limit=30.0) as discord,
        connection(redis, discord) as (client, clockwork, clock),
    ):
        boss, channel = discord.user("boss", admin=True), discord.channel("practice")
        server = Server(discord, client, clockwork, boss, boss, boss, channel, clock)
        await server.says(boss, "daily on", time="09:00", days="daily")
        if gone == "deleted":
            discord.admin.delete_channel(channel)
        elif gone == "hidden":
            discord.admin.deny(channel, "send_messages", "view_channel")
        else:
            discord.admin.remove_bot(discord.guild)
        clock.now += timedelta(hours=1)
        await clockwork.work()
        state = await clockwork.store.channel(Place(f"discord:{discord.guild.id}", channel.id))
        assert state.schedule is not None
        assert state.schedule.paused
        assert state.note
        calls = len(discord.calls())
        clock.now += timedelta(days=2)
        await clockwork.work()
        assert len(discord.calls()) == calls


async def test_a_long_reveal_is_split_and_complete(server: Server) -> None:
    await server.question()
    crowd = [server.discord.user(f"member{n}") for n in range(30)]
    for n, one in enumerate(crowd):
        server.clock.now += timedelta(seconds=1)
        await answered(server, one, f"Answer number {n}. " + "Many words. " * 60)
    thread = await server.reveal()
    said = "\n".join(post.text for post in thread.posts)
    assert all(f"Answer number {n}." in said for n in range(30))
    places = [said.index(f"Answer number {n}.") for n in range(30)]
    assert places == sorted(places)
    assert len(thread.posts) > 5


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=10, max_size=300)
BACKSLASH = re.compile(r"\\([^0-9A-Za-z\s])")


@given(TYPED.filter(lambda text: is_long_enough(clean(text))))
@settings(max_examples=15)
async def test_what_is_typed_in_the_form_comes_out_as_typed(redis: Redis, typed: str) -> None:
    await redis.flushall()
    async with playing(redis) as server:
        await server.question()
        await answered(server, server.ana, typed)
        thread = await server.reveal()
        lines = [line for post in thread.posts for line in texts_of(post.components)]
        quoted = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
        assert BACKSLASH.sub(r"\1", "\n".join(quoted)) == clean(typed)
        assert all(post.pings == () for post in thread.posts)


def texts_of(native: Any) -> list[str]:
    """The lines of all texts of a message, as they travel."""
    if isinstance(native, list):
        return [line for one in native for line in texts_of(one)]
    own = str(native["content"]).split("\n") if "content" in native else []
    return own + texts_of(native.get("components", []))


async def test_a_button_pressed_from_another_server_is_refused(server: Server) -> None:
    question = await server.question()
    elsewhere = server.discord.add_guild("elsewhere")
    eve = server.discord.user("eve", guild=elsewhere)
    there = server.discord.channel("talk", guild=elsewhere)
    await server.discord.settled()
    copied = shown(await eve.slash(there, "llmq", "random"))
    button = next(one for one, _ in walk(copied.components) if one.get("label") == "Show answer")
    command = next(one for one, _ in walk(question.components) if one.get("label") == "Status")["custom_id"]
    button["custom_id"] = command
    assert "subject number 0" not in shown(await eve.press(copied, "Show answer")).text


@pytest.mark.parametrize("cut", ["drop", "reconnect", "resume", "invalid"])
async def test_a_gateway_that_is_cut_loses_nothing(server: Server, cut: str) -> None:
    question, gateway = await server.question(), server.discord.gateway
    with without_waiting():
        match cut:
            case "drop":
                gateway.drop()
            case "reconnect":
                gateway.ask_to_reconnect()
            case "resume":
                gateway.invalidate(resumable=True)
            case _:
                # What is said before the new session is lost on Discord's side.
                gateway.invalidate(resumable=False)
                await server.discord.until(lambda: len(gateway.identifies) == 2)
        await gateway.connected(1)
        reply = server.ana.say(server.channel, "A reply while it was cut.", question)
        await server.discord.until(lambda: "✅" in reply.reactions)
        assert "**Yours:** in time" in (await server.says(server.ana, "today")).text


async def test_an_event_that_comes_twice_counts_once(server: Server) -> None:
    question = await server.question()
    server.discord.gateway.copies = 2
    reply = server.ana.say(server.channel, "A reply that comes twice.", question)
    await server.discord.until(lambda: "✅" in reply.reactions)
    await server.discord.settled()
    server.discord.gateway.copies = 1
    assert "**Answers:** 1 answer" in (await server.says(server.bob, "today")).text


async def test_a_rate_limit_is_waited_out(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    await server.says(server.boss, "daily now")
    server.discord.faults.add("create_message", RateLimited(1.5))
    with without_waiting() as waits:
        await server.work()
    assert 1.5 in [round(wait, 1) for wait in waits]
    assert len(server.channel.posts) == 1


async def test_a_board_is_shown_to_the_channel_on_purpose_only(server: Server) -> None:
    await server.question()
    await answered(server, server.ana)
    board = await server.says(server.ana, "leaderboard")
    assert board.ephemeral_to is server.ana.user
    public = shown(await server.ana.press(board, "Show to channel"))
    assert public.ephemeral_to is None
    assert public.pings == ()
    assert "Shown by ana" in public.text


async def test_a_token_that_discord_does_not_take_is_refused_with_a_sentence(redis: Redis) -> None:
    async with DiscordStandIn(), posting_client() as client:
        with pytest.raises(Refusal, match="LLMQ_DISCORD_TOKEN"):
            await log_in(client, "MTA.wrong.token")


async def test_the_doctor_names_what_is_missing(redis: Redis) -> None:
    async with playing(redis) as server:
        await server.says(server.boss, "daily on", time="09:00")
        server.discord.admin.deny(server.channel, "add_reactions", "create_public_threads")
        async with posting_client() as client:
            scheduled = Store(redis).scheduled
            findings = [str(one) async for one in examine(client, server.discord.token, scheduled)]
    said = "\n".join(findings)
    assert "logged in as" in said
    assert "lacks" in said
    assert "add reactions" in said
    assert "create public threads" in said


async def test_an_answer_that_cannot_be_stored_comes_back_to_its_author(server: Server) -> None:
    question = await server.question()
    form = (await server.ana.press(question, "Answer")).modal
    away = Store(client_of("unix:///nowhere/to/be/found"))
    server.client.bot = Bot(replace(server.client.bot.game, store=away))
    said = shown(await server.ana.submit(form, {"answer": "A text that took an hour."}))
    assert said.ephemeral_to is server.ana.user
    assert "cannot reach its memory" in said.text
    assert "A text that took an hour." in said.text


async def test_the_admin_hears_of_a_schedule_that_was_paused(server: Server) -> None:
    await server.says(server.boss, "daily on", time="09:00", days="daily")
    server.discord.admin.deny(server.channel, "send_messages")
    server.clock.now += timedelta(hours=1)
    await server.work()
    (note,) = server.boss.dm.posts
    assert f"<#{server.channel.id}> is paused" in note.text
    assert "lacks a permission" in note.text


@pytest.mark.parametrize(("ids", "sessions"), [((), 2), ((1,), 1)])
async def test_each_process_takes_its_shards(redis: Redis, ids: tuple[int, ...], sessions: int) -> None:
    async with DiscordStandIn(app=App(shards=2), answer_limit=30.0) as discord:
        bot = Bot(Game(Store(redis), ten_questions(), Hands(), random.Random(1), {}, lambda: None))
        async with posting(discord) as platform:
            client = Discord(bot, platform, None, 2 if ids else None, ids)
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

    bot = Bot(Game(Store(redis), ten_questions(), Hands(), random.Random(1), {}, lambda: None))
    async with (
        DiscordStandIn(app=App(session_starts=0)) as discord,
        posting(discord) as platform,
        Discord(bot, platform) as client,
    ):
        await log_in(client, discord.token)
        monkeypatch.setattr("adapters.discord.serve.asyncio.sleep", wait)
        connection = asyncio.create_task(connect(client))
        await discord.until(lambda: waits)
        assert waits == [86_400.0]
        monkeypatch.undo()
        connection.cancel()
