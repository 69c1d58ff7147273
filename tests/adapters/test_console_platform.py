"""What the bot posts unasked at the terminal: once for each key, and only what is new."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from adapters.console.game import CHANNEL
from adapters.console.platform import ConsolePlatform
from adapters.console.screen import Screen
from bot.errors import Refusal
from bot.messages import Footnote, Heading, Message, announce, say
from bot.requests import Member
from tests.adapters.test_console_talk import ASK, QUESTION


def at_terminal() -> tuple[ConsolePlatform, io.StringIO]:
    out = io.StringIO()
    platform = ConsolePlatform(Screen(out, plain=True), lambda: datetime(2026, 11, 3, 9, 5, tzinfo=UTC))
    return platform, out


async def test_the_same_key_is_drawn_once() -> None:
    platform, out = at_terminal()
    first = await platform.post(CHANNEL, QUESTION, "round-1")
    again = await platform.post(CHANNEL, QUESTION, "round-1")
    for _ in range(2):
        await platform.reply(CHANNEL, first, announce(Heading("Reference")), "reveal-1")
    assert first == again == await platform.find(CHANNEL, "round-1")
    assert await platform.find(CHANNEL, "round-2") is None
    assert out.getvalue().count("Why RAG?") == 1
    assert out.getvalue().endswith("  ↳ llmq  09:05 Tue 3 Nov\n    Reference\n\n")


async def test_an_edit_draws_what_is_new_and_takes_old_buttons_away() -> None:
    platform, out = at_terminal()
    await platform.post(CHANNEL, QUESTION, "round-1")
    shown = len(out.getvalue())
    await platform.edit(CHANNEL, "round-1", announce(Heading("Why RAG?"), Footnote("3 answers")))
    assert out.getvalue()[shown:] == "llmq  09:05 Tue 3 Nov · question updated\n  3 answers\n\n"
    with pytest.raises(Refusal, match="No button has the number 1 now"):
        platform.keypad.press(1, "you")


async def test_an_edit_that_keeps_a_button_keeps_its_number() -> None:
    platform, _ = at_terminal()
    await platform.post(CHANNEL, QUESTION, "round-1")
    await platform.edit(CHANNEL, "round-1", announce(Heading("Why RAG?"), Footnote("1 answer"), ASK))
    assert platform.keypad.press(1, "ana") == "answer"


async def test_an_edit_that_changes_nothing_draws_nothing() -> None:
    platform, out = at_terminal()
    await platform.post(CHANNEL, QUESTION, "round-1")
    shown = out.getvalue()
    await platform.edit(CHANNEL, "round-1", QUESTION)
    assert out.getvalue() == shown


async def test_an_edit_of_a_question_from_an_earlier_run_draws_it_whole() -> None:
    platform, out = at_terminal()
    await platform.edit(CHANNEL, "round-0", Message((Heading("Why LoRA?"), Footnote("Revealed."))))
    assert out.getvalue().endswith("  Why LoRA?\n\n  Revealed.\n\n")


async def test_a_word_to_one_member_is_marked() -> None:
    platform, out = at_terminal()
    await platform.tell(CHANNEL.team, "ana", say(Footnote("The deck runs out in a week.")))
    assert out.getvalue() == "llmq  only ana sees this\n  The deck runs out in a week.\n\n"


async def test_only_the_first_member_is_an_admin() -> None:
    platform, _ = at_terminal()
    assert await platform.admin_status(CHANNEL, Member("you", "you")) == "admin"
    assert await platform.admin_status(CHANNEL, Member("ana", "ana")) == "member"
