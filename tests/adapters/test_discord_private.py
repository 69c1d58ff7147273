"""Buttons in direct messages: they act in the server they are of, for nobody but its members."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from adapters.discord.addresses import address, addressed, read_address
from bot.game.answers import text_form
from bot.messages import LONGEST_COMMAND, Button, Buttons, Markdown, Message, Quote, say
from bot.requests import Member as Person
from content.names import DECK_ID_LENGTH, QUESTION_ID_LENGTH
from tests.adapters.discord_server import PROMPT, Server, playing, shown
from tests.fakes.discord import Hang, NotPossible, ServerError
from tests.fakes.discord import Message as Posted
from tests.fakes.discord.components import walk

LONGEST_CUSTOM_ID = 100
ANSWER = "It is good for secret0 and for more."
BACK = "Nothing was done."


@pytest.fixture
async def server(redis: Redis) -> AsyncIterator[Server]:
    async with playing(redis) as server:
        yield server


async def tell(server: Server, *buttons: Button, team: str = "") -> Posted:
    """What ana finds in her direct messages."""
    note = say(Markdown("A note."), Buttons(buttons))
    await server.client.platform.tell(team or server.place.team, server.ana.id, note)
    return server.ana.dm.posts[-1]


async def answer_of_ana(server: Server) -> str:
    """What llmq has for ana's answer to the question."""
    seen = await server.client.bot.game.store.today(server.place, Person(server.ana.id, ""), server.clock())
    return seen.own.text if seen.own else ""


def command_in(server: Server, question: Posted, label: str) -> str:
    return str(next(one for one, _ in walk(question.components) if one.get("label") == label)["custom_id"])


# A member


async def test_a_question_is_answered_from_a_direct_message(server: Server) -> None:
    question = await server.question()
    note = await tell(server, Button("Answer", command_in(server, question, "Answer")))
    # A round is named by who plays in its channel.
    await server.answer(server.ana, "An answer in the channel.")
    acted = await server.ana.press(note, "Answer")
    assert PROMPT in str(acted.modal.components)
    receipt = shown(await server.ana.submit(acted.modal, {"answer": ANSWER}))
    assert "Your new answer is in." in receipt.text
    assert await answer_of_ana(server) == ANSWER
    assert "Taken back" in shown(await server.ana.press(receipt, "Take back")).text
    assert await answer_of_ana(server) == ""


async def test_a_flow_in_a_direct_message_stays_there_and_edits_its_message(server: Server) -> None:
    note = await tell(server, Button("Begin", "interview"))
    begun = await server.ana.press(note, "Begin")
    assert not begun.ephemeral
    asked = await server.ana.press(begun.message, "Begin")
    assert asked.updated
    assert "Question 1 of" in asked.text
    acted = await server.ana.press(asked.message, "Answer")
    after = await server.ana.submit(acted.modal, {"answer": ANSWER})
    assert "Question 2 of" in after.text
    assert server.ana.ephemerals(server.ana.dm) == []
    assert server.ana.dm.posts == [note, begun.message]


async def test_a_reminder_is_turned_off_where_it_stands(server: Server) -> None:
    await server.says(server.ana, "remind reveal", switch="on")
    await server.question()
    await server.answer(server.ana)
    await server.reveal()
    await server.work()
    (note,) = server.ana.dm.posts
    assert "Found 0 of 1 key point" in shown(await server.ana.press(note, "Compare mine")).text
    off = shown(await server.ana.press(note, "Turn off"))
    assert "Off: no note at the reveal." in off.text
    assert "**Note at the reveal:** off" in shown(await server.ana.press(off, "Settings")).text


async def test_a_review_reminder_keeps_its_zone_when_it_is_changed_in_a_direct_message(
    server: Server,
) -> None:
    await server.question()
    await server.says(server.boss, "daily on", zone="Europe/Berlin")
    await server.answer(server.ana)
    await server.says(server.ana, "remind review", time="08:30")
    form = (await server.ana.press(await tell(server, Button("Change", "settings edit")), "Change")).modal
    said = shown(await server.ana.submit(form, {"review": "07:15"}))
    assert "07:15 (Europe/Berlin)" in said.text


async def test_a_member_has_the_name_there_that_they_have_in_the_server(server: Server) -> None:
    server.discord.admin.nick(server.discord.guild, server.ana.user, "Ana B")
    note = await tell(server, Button("Me", "me"))
    assert "Ana B" in shown(await server.ana.press(note, "Me")).text


async def test_a_direct_message_is_no_channel_to_have_boards_of_or_to_show_them_in(server: Server) -> None:
    await server.question()
    await server.answer(server.ana)
    board = shown(await server.ana.press(await tell(server, Button("Board", "leaderboard")), "Board"))
    assert "This week in the team" in board.text
    assert "ana (you)" in board.text
    assert "Show to channel" not in str(board.components)


# Two servers


async def test_a_button_acts_in_the_server_it_is_of(server: Server) -> None:
    other = server.discord.add_guild("Another")
    server.discord.world.join(other, server.ana.user)
    teams = server.place.team, f"discord:{other.id}"
    for team in teams:
        note = await tell(server, Button("On", "remind reveal on"), team=team)
    shown(await server.ana.press(note, "On"))
    notes = server.client.bot.game.store.notes
    assert [(await notes.reminders(team, server.ana.id)).reveal for team in teams] == [False, True]


@pytest.mark.parametrize("reason", ["she left", "the bot was removed", "no such server"])
async def test_nobody_reaches_a_server_that_they_are_not_in(redis: Redis, reason: str) -> None:
    async with playing(redis, expected=("10004", "10007")) as server:
        team, guild = server.place.team, server.discord.guild
        note = await tell(
            server, Button("On", "remind reveal on"), team="discord:1" if reason == "no such server" else team
        )
        if reason == "she left":
            del guild.members[server.ana.id]
        elif reason == "the bot was removed":
            server.discord.admin.remove_bot(guild)
        said = shown(await server.ana.press(note, "On"))
        assert said.text == f"Either you or llmq are no longer in the server that this is about. {BACK}"
        assert not (await server.client.bot.game.store.notes.reminders(team, server.ana.id)).reveal


async def test_who_has_left_gets_the_text_of_a_form_back(redis: Redis) -> None:
    async with playing(redis, expected=("10007",)) as server:
        await server.question()
        await server.answer(server.ana, "An answer in the channel.")
        note = await tell(server, Button("Answer", command_in(server, server.channel.posts[0], "Answer")))
        form = (await server.ana.press(note, "Answer")).modal
        del server.discord.guild.members[server.ana.id]
        said = shown(await server.ana.submit(form, {"answer": ANSWER}))
        assert ANSWER in said.text
        assert BACK in said.text
        assert await answer_of_ana(server) == "An answer in the channel."


async def test_an_admin_of_a_server_is_none_in_a_direct_message(server: Server) -> None:
    await server.question()
    await server.says(server.boss, "daily status")
    note = say(Markdown("A note."), Buttons((Button("Off", "daily off"),)))
    await server.client.platform.tell(server.place.team, server.boss.id, note)
    said = shown(await server.boss.press(server.boss.dm.posts[-1], "Off"))
    assert "did not say whether you are an admin" in said.text


# What goes wrong


@pytest.mark.parametrize("fault", [ServerError(503), Hang()], ids=["refused", "silent"])
async def test_without_a_word_from_discord_nothing_is_done_and_it_can_be_tried_again(
    server: Server, monkeypatch: pytest.MonkeyPatch, fault: ServerError | Hang
) -> None:
    monkeypatch.setattr("adapters.discord.app.ASK_MEMBER_SECONDS", 0.2)
    note = await tell(server, Button("On", "remind reveal on"))
    server.discord.faults.add("get_member", fault)
    said = shown(await server.ana.press(note, "On"))
    assert "Discord did not say whether you are still in the server" in said.text
    server.discord.faults.release_all()
    assert "On: you are told" in shown(await server.ana.press(said, "Try again")).text


async def test_a_button_that_names_no_server_is_refused(server: Server) -> None:
    note = await tell(server, Button("Me", "me"))
    for one, _ in walk(note.components):
        if "custom_id" in one:
            one["custom_id"] = "me"
    said = shown(await server.ana.press(note, "Me"))
    assert said.text == "llmq works in the channels of a server. Use it there."


async def test_nobody_else_sees_the_note(server: Server) -> None:
    note = await tell(server, Button("Me", "me"))
    with pytest.raises(NotPossible):
        await server.bob.press(note, "Me")


# Addresses


@pytest.mark.parametrize("guild", [0, 1, 255, 256, 41771983423143937, 1456210339430400000, 2**64 - 1])
def test_a_server_is_read_from_a_button_as_it_was_written(guild: int) -> None:
    custom_id = f"{address(guild)}review"
    assert read_address(custom_id) == (guild, "review")
    assert custom_id.isprintable()


@pytest.mark.parametrize("command", ["", "me", "random answer basics/q0", "daily on", "一", "一" * 7])
def test_a_command_without_an_address_names_no_server(command: str) -> None:
    assert read_address(command) == (None, command)


def test_everything_to_press_or_to_send_in_a_message_is_addressed() -> None:
    said = say(Buttons((Button("A", "a"), Button("B", "b"))), Quote("Ana", "x", Button("C", "c")))
    there = addressed(said, 5)
    assert isinstance(there, Message)
    first, second = there.blocks
    assert isinstance(first, Buttons)
    assert isinstance(second, Quote)
    assert second.button
    commands = [*(one.command for one in first.buttons), second.button.command]
    assert commands == [f"{address(5)}{letter}" for letter in "abc"]
    form = addressed(text_form("Title", "What?", "review answer d/q"), 5)
    assert form == text_form("Title", "What?", f"{address(5)}review answer d/q")


def test_the_longest_command_fits_beside_its_server() -> None:
    question = f"{'d' * DECK_ID_LENGTH}/{'q' * QUESTION_ID_LENGTH}"
    for command in (f"review grade {question} again", f"interview answer {question}"):
        assert len(command) <= LONGEST_COMMAND
    assert len(address(2**64 - 1)) + LONGEST_COMMAND <= LONGEST_CUSTOM_ID
