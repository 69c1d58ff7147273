"""What is written in reply to a question in Discord, or in its thread: it counts by its moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis

from tests.adapters.discord_server import ANSWER, MARK, Server, playing, shown
from tests.fakes.discord import Event, Message

FIRST, SECOND = "A reply that says *something*.", "Another text, which says more."


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


async def replied(server: Server, question: Message, text: str = FIRST) -> Message:
    """A reply of ana's, heard of and marked."""
    reply = server.ana.say(server.channel, text, question)
    await server.heard()
    assert MARK in reply.reactions
    return reply


async def test_a_reply_that_mentions_the_bot_answers_and_its_edit_replaces(server: Server) -> None:
    question = await server.question()
    reply = await replied(server, question)
    assert "something" in await server.today(server.ana)
    server.ana.edit(reply, SECOND)
    await server.heard()
    said = await server.today(server.ana)
    assert SECOND in said
    assert "in time, by your reply" in said


async def test_an_edit_that_is_heard_of_before_the_reply_counts_all_the_same(server: Server) -> None:
    question = await server.question()
    server.discord.gateway.hold()
    reply = server.ana.say(server.channel, FIRST, question)
    server.ana.edit(reply, SECOND)
    late: list[Event] = []

    def edit_first(held: Sequence[Event]) -> Sequence[Event]:
        late.append(held[0])
        return held[1:]

    server.discord.gateway.release(edit_first)
    await server.heard()
    server.clock.forward(minutes=1)
    server.discord.world.emit(late[0])
    await server.heard()
    assert SECOND in await server.today(server.ana)


async def test_a_message_in_the_questions_thread_that_mentions_the_bot_answers(server: Server) -> None:
    question = await server.question()
    thread = server.discord.thread(server.channel, "talk", owner=server.ana, message=question)
    reply = server.ana.say(thread, f"<@{server.discord.bot.id}> {FIRST}")
    server.bob.say(thread, "A word without a mention.")
    await server.heard()
    assert MARK in reply.reactions
    said = await server.today(server.ana)
    assert "something" in said
    assert server.discord.bot.id not in said
    assert "not yet" in await server.today(server.bob)


async def test_a_deleted_reply_takes_its_answer_back(server: Server) -> None:
    question = await server.question()
    reply = await replied(server, question)
    server.ana.delete(reply)
    await server.heard()
    assert "not yet" in await server.today(server.ana)


async def test_a_deleted_message_of_the_thread_takes_its_answer_back(server: Server) -> None:
    question = await server.question()
    thread = server.discord.thread(server.channel, "talk", owner=server.ana, message=question)
    reply = server.ana.say(thread, f"<@{server.discord.bot.id}> {FIRST}")
    await server.heard()
    assert "in time" in await server.today(server.ana)
    server.ana.delete(reply)
    await server.heard()
    assert "not yet" in await server.today(server.ana)


async def test_replies_that_a_moderator_clears_away_take_their_answers_back(server: Server) -> None:
    question = await server.question()
    replies = [who.say(server.channel, FIRST, question) for who in (server.ana, server.bob)]
    await server.heard()
    assert "in time" in await server.today(server.bob)
    server.discord.admin.clear(server.channel, *replies)
    await server.heard()
    assert "not yet" in await server.today(server.ana)
    assert "not yet" in await server.today(server.bob)


async def test_a_deletion_that_is_heard_of_first_leaves_no_answer(server: Server) -> None:
    question = await server.question()
    await replied(server, question)
    server.discord.gateway.hold()
    later = server.bob.say(server.channel, FIRST, question)
    server.bob.edit(later, SECOND)
    server.bob.delete(later)
    held_order = [1, 2, 0]
    server.discord.gateway.release(lambda held: [held[n] for n in held_order])
    await server.heard()
    assert "not yet" in await server.today(server.bob)
    assert "in time" in await server.today(server.ana)


async def test_a_remark_behind_an_answer_changes_nothing_and_gets_no_mark(server: Server) -> None:
    question = await server.question()
    await server.answer(server.ana)
    remark = server.ana.say(server.channel, "Good one! This took me quite a while.", question)
    await server.heard()
    assert remark.reactions == {}
    said = await server.today(server.ana)
    assert "quite a while" not in said
    assert "in time, by your reply" not in said
    server.ana.delete(remark)
    await server.heard()
    assert "in time" in await server.today(server.ana)


async def test_an_answer_in_the_form_takes_the_place_of_a_reply_and_its_mark(server: Server) -> None:
    question = await server.question()
    reply = await replied(server, question)
    await server.answer(server.ana, SECOND, question)
    await server.heard()
    assert reply.reactions == {}
    assert SECOND in await server.today(server.ana)


async def test_the_mark_is_taken_off_a_reply_in_the_thread_too(server: Server) -> None:
    question = await server.question()
    thread = server.discord.thread(server.channel, "talk", owner=server.ana, message=question)
    reply = server.ana.say(thread, f"<@{server.discord.bot.id}> {FIRST}")
    await server.heard()
    assert MARK in reply.reactions
    shown(await server.ana.press(await server.says(server.ana, "answer", text=SECOND), "Take back"))
    await server.heard()
    assert reply.reactions == {}


async def test_others_marks_on_a_reply_stay(server: Server) -> None:
    question = await server.question()
    reply = await replied(server, question)
    server.bob.react(reply, MARK)
    await server.says(server.ana, "answer", text="withdraw")
    await server.heard()
    assert reply.reactions == {MARK: [server.bob.id]}


async def test_whom_a_reply_names_is_shown_by_name(server: Server) -> None:
    question = await server.question()
    await replied(server, question, f"As {server.bob.mention} says: it forgets.")
    assert "As \\@bob says" in await server.today(server.ana)


async def test_what_is_no_answer_gets_its_reason_in_a_direct_message(server: Server) -> None:
    question = await server.question()
    reply = server.ana.say(server.channel, "No.", question)
    await server.heard()
    said = server.ana.dm.posts[-1].text
    assert "Please write at least 10 characters." in said
    assert "No." in said.replace("\\", "")
    assert reply.reactions == {}


async def test_who_takes_no_direct_messages_breaks_nothing(server: Server) -> None:
    question = await server.question()
    shy = server.discord.user("shy", dms_open=False)
    shy.say(server.channel, "No.", question)
    await server.heard()
    assert "not yet" in await server.today(shy)
    assert server.discord.violations.pop().endswith("'code': 50007}")


async def test_other_messages_and_other_bots_never_count(server: Server) -> None:
    question = await server.question()
    robot = server.discord.user("robot", bot=True)
    robot.say(server.channel, "An answer by a machine.", question)
    server.ana.say(server.channel, "A reply without a ping at all.", question, ping=False)
    server.ana.say(server.channel, f"<@{server.discord.bot.id}> what is up with all of this?")
    other = server.bob.say(server.channel, "Something of my own.")
    server.ana.say(server.channel, f"<@{server.discord.bot.id}> a reply to another message.", other)
    await server.heard()
    assert "**Answered:** 0" in await server.today(server.ana)
    assert server.ana.dm.posts == []


async def test_an_event_that_comes_twice_counts_once(server: Server) -> None:
    question = await server.question()
    server.discord.gateway.copies = 2
    await replied(server, question)
    server.discord.gateway.copies = 1
    assert "**Answered:** 1" in await server.today(server.bob)


async def test_a_reply_after_the_reveal_is_talk(server: Server) -> None:
    question = await server.question()
    thread = await server.reveal()
    reply = server.ana.say(thread, f"<@{server.discord.bot.id}> {ANSWER}")
    again = server.ana.say(server.channel, ANSWER, question)
    await server.heard()
    assert reply.reactions == again.reactions == {}
    assert "not yet" in await server.today(server.ana)


async def test_where_llmq_may_not_react_an_answer_counts_without_a_mark(redis: Redis) -> None:
    async with playing(redis) as server:
        question = await server.question()
        server.discord.admin.deny(server.channel, "add_reactions")
        reply = server.ana.say(server.channel, FIRST, question)
        await server.heard()
        assert reply.reactions == {}
        assert "in time" in await server.today(server.ana)
