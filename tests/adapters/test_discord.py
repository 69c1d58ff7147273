"""Discord end to end: the real discord.py between a strict stand-in and the real store."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.bot import Bot
from bot.game.answers import is_long_enough
from bot.store.store import Store
from bot.text import clean
from llmq.redis.clients import client_of
from tests.adapters.discord_server import (
    ANSWER,
    PROMPT,
    Hands,
    Kind,
    Server,
    connection,
    playing,
    shown,
    texts_of,
)
from tests.fakes.discord import DiscordStandIn, without_waiting
from tests.fakes.discord.components import walk


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


async def test_a_round_from_the_question_to_the_reveal(server: Server) -> None:
    question = await server.question()
    assert PROMPT in question.text
    sent = await server.answer(server.ana)
    assert "Your answer is in." in sent.text
    assert sent in server.ana.ephemerals(server.channel)
    assert "secret0" not in await server.today(server.bob)
    thread = await server.reveal()
    said = "\n".join(post.text for post in thread.posts)
    assert "secret0" in said
    assert "ana" in said
    assert all(post.pings == () for post in thread.posts)
    assert "1 answered" in question.text
    assert "secret0" in await server.today(server.ana)
    assert "10" in (await server.says(server.ana, "leaderboard")).text


@pytest.mark.parametrize("kind", ["text", "announcement"])
async def test_the_reveal_stands_in_a_thread_that_is_named_by_day_and_question(
    redis: Redis, kind: Kind
) -> None:
    async with playing(redis, kind) as server:
        question = await server.question()
        thread = await server.reveal()
        assert thread.id == question.id
        assert thread.name == f"Mon 23 Nov · {PROMPT}"
        assert "secret0" in thread.posts[0].text


async def test_the_reveal_is_announced_in_the_channel_with_a_link_to_its_thread(server: Server) -> None:
    question = await server.question()
    await server.answer(server.ana)
    await server.reveal()
    line = server.channel.posts[-1]
    assert line.text == f"**Revealed:** 1 answered. <#{question.id}>"
    assert line.pings == ()


async def test_moments_are_shown_in_the_readers_own_zone(server: Server) -> None:
    question = await server.question()
    closes = int(server.clock().timestamp()) + 8 * 3600
    assert re.search(rf"Reveal: <t:{closes}:t>\.", question.text)
    assert "<t:" in (await server.says(server.boss, "daily status")).text


async def test_in_a_forum_each_question_is_a_post_and_the_reveal_stands_in_it(redis: Redis) -> None:
    async with playing(redis) as server:
        forum = server.discord.channel("questions", "forum", tags={"1": "daily"}, requires_tag=True)
        # A command cannot be typed in the forum itself, so it is typed in any post of it.
        server.channel = talk = server.discord.thread(forum, "talk", owner=server.boss)
        await server.says(server.boss, "daily on", time="09:00", days="daily")
        await server.says(server.boss, "daily now")
        await server.work()
        (post,) = (one for one in forum.threads if one is not talk)
        question = post.posts[0]
        assert post.name == PROMPT
        assert "Your answer is in." in (await server.answer(server.ana, question=question)).text
        await server.says(server.boss, "reveal")
        await server.work()
        assert "1 answered" in question.text
        assert any("secret0" in one.text for one in post.posts)
        assert "Revealed" in post.posts[-1].text
        assert len(forum.threads) == 2


async def test_where_nobody_may_make_threads_the_reveal_replies_to_the_question(server: Server) -> None:
    question = await server.question()
    server.discord.admin.deny(server.channel, "create_public_threads")
    await server.says(server.boss, "reveal")
    await server.work()
    assert server.channel.threads == []
    (reveal,) = (post for post in server.channel.posts if "secret0" in post.text)
    assert reveal.reply_to is question


async def test_buttons_and_forms_work_after_a_restart(redis: Redis) -> None:
    async with DiscordStandIn(answer_limit=30.0) as discord:
        boss, ana, clock = discord.user("boss", admin=True), discord.user("ana"), Hands(discord)
        channel = discord.channel("practice")
        async with connection(redis, discord, clock) as (client, clockwork):
            before = Server(discord, client, clockwork, boss, ana, ana, channel, clock)
            question = await before.question()
            form = (await ana.press(question, "Answer")).modal
            board = await before.says(ana, "leaderboard")
        async with connection(redis, discord, clock) as (client, clockwork):
            assert "Your answer is in." in shown(await ana.submit(form, {"answer": ANSWER})).text
            assert "**You:** in time" in shown(await ana.press(question, "Status")).text
            assert "All time" in shown(await ana.press(board, "All time")).text
        assert len(discord.calls("put_global_commands")) == 1
        assert discord.complaints == []


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=10, max_size=300)
BACKSLASH = re.compile(r"\\([^0-9A-Za-z\s])")


@given(TYPED.filter(lambda text: is_long_enough(clean(text))))
@settings(max_examples=15)
async def test_what_is_typed_in_the_form_comes_out_as_typed(redis: Redis, typed: str) -> None:
    await redis.flushall()
    async with playing(redis) as server:
        await server.question()
        await server.answer(server.ana, typed)
        thread = await server.reveal()
        lines = [line for post in thread.posts for line in texts_of(post.components)]
        quoted = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
        assert BACKSLASH.sub(r"\1", "\n".join(quoted)) == clean(typed)
        assert all(post.pings == () for post in thread.posts)


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
        assert "**You:** in time" in await server.today(server.ana)


async def test_a_board_is_shown_to_the_channel_on_purpose_only(server: Server) -> None:
    await server.question()
    await server.answer(server.ana)
    board = await server.says(server.ana, "leaderboard")
    assert board.ephemeral_to is server.ana.user
    public = shown(await server.ana.press(board, "Show to channel"))
    assert public.ephemeral_to is None
    assert public.pings == ()
    assert "Shown by ana" in public.text


async def test_a_receipt_and_a_card_change_in_their_place_and_the_question_does_not(server: Server) -> None:
    question = await server.question()
    receipt = await server.answer(server.ana, "It is good for secret0 and more.")
    assert PROMPT in question.text
    acted = await server.ana.press(receipt, "Take back")
    assert acted.updated
    assert "Taken back" in receipt.text
    await server.answer(server.ana, "It is good for secret0 and more.", question)
    await server.reveal()
    card = shown(await server.ana.press(question, "Compare mine"))
    assert card.ephemeral_to is server.ana.user
    assert "1 answered" in question.text
    acted = await server.ana.press(card, "Good")
    assert acted.updated
    assert "It comes back on" in card.text


async def test_an_answer_that_cannot_be_stored_comes_back_to_its_author(server: Server) -> None:
    question = await server.question()
    form = (await server.ana.press(question, "Answer")).modal
    away = Store(client_of("unix:///nowhere/to/be/found"))
    server.client.bot = Bot(replace(server.client.bot.game, store=away))
    said = shown(await server.ana.submit(form, {"answer": "A text that took an hour."}))
    assert said.ephemeral_to is server.ana.user
    assert "cannot save or read" in said.text
    assert "A text that took an hour." in said.text
