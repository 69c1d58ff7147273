"""Dialogues at the terminal, typed line by line, with a small game behind it."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.console.game import CHANNEL
from adapters.console.platform import ConsolePlatform
from adapters.console.run import open_screen, run_console
from adapters.console.talk import SIGN, with_calendar
from bot.game.answers import text_form
from bot.messages import (
    TEXT,
    Button,
    Buttons,
    Footnote,
    Form,
    Heading,
    Input,
    Markdown,
    Quote,
    Reply,
    announce,
    say,
)
from bot.requests import Member, Request

ASK = Buttons((Button("Answer", "answer", primary=True), Button("Skip", "skip")))
QUESTION = announce(Heading("Why RAG?"), Footnote("0 answers"), ASK)
YOU = Member("you", "you")
FLAG = Form(
    "Flag this question",
    "Why **RAG**?",
    "flag",
    (
        Input("reason", "It", "choice", "error", (("error", "has an error"), ("same", "is a copy"))),
        Input("source", "Where is it said?", "line", optional=True),
        Input(TEXT, "What did you notice?"),
    ),
)


class Echo:
    """A game that remembers each request and says what it heard."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.moment = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        self.settled = 0
        self.platform: ConsolePlatform | None = None

    async def handle(self, request: Request) -> Reply:
        self.requests.append(request)
        match request.text, request.body:
            case "answer", None:
                return text_form("Your answer", "Why **RAG**?", "answer", "a draft")
            case "flag", None:
                return FLAG
            case "private", _:
                return say(Markdown("Between us."), Buttons((Button("More", "more"),)))
            case text, body:
                return announce(Footnote(f"Heard {text}."), Quote(request.member.name, body or "nothing"))

    async def forward(self, by: timedelta) -> None:
        self.moment += by

    async def settle(self) -> None:
        self.settled += 1
        if self.platform:
            await self.platform.post(CHANNEL, QUESTION, "round-1")

    def now(self) -> datetime:
        return self.moment

    def zone(self) -> ZoneInfo:
        return ZoneInfo("Europe/Berlin")

    def heard(self, id: str, member: Member, text: str, body: str | None = None, **inputs: str) -> Request:
        """What a line makes: it carries the moment at which it was typed."""
        return Request(id, CHANNEL, member, text, body, self.moment, inputs=inputs)

    def complete(self, words: str) -> Sequence[str]:
        return ["leaderboard", "private"]


def piped(typed: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8")


async def play(*lines: str, game: Echo | None = None, posts: bool = False) -> tuple[Echo, str]:
    """Type the lines; the game afterwards and what the terminal showed."""
    game, stdin, out = game or Echo(), piped("\n".join(lines).encode()), io.StringIO()
    platform = ConsolePlatform(open_screen(stdin, out), lambda: game.now().astimezone(game.zone()))
    game.platform = platform if posts else None
    assert await run_console(game, platform, None, stdin, out, "run") == 0
    return game, out.getvalue().replace(SIGN, ">")


async def test_text_answers_and_a_command_is_passed_on() -> None:
    game, _ = await play("when facts change", "/llmq leaderboard week")
    first, second = game.requests
    assert first == game.heard("run-1", YOU, "answer", "when facts change")
    assert second == game.heard("run-2", YOU, "leaderboard week")


async def test_a_transcript_reads_as_a_conversation() -> None:
    _, shown = await play("", "when facts change", "   ", "/llmq private", posts=True)
    assert (
        shown
        == """\
llmq  09:00 Mon 23 Nov
  Why RAG?

  0 answers

  [1] Answer  [2] Skip

#practice you 09:00 Mon 23 Nov > when facts change

llmq
  Heard answer.

  │ you
  │ when facts change

#practice you 09:00 Mon 23 Nov > /llmq private

llmq  only you see this
  Between us.

  [3] More

"""
    )


async def test_the_game_settles_at_the_start_and_after_each_request() -> None:
    game, _ = await play("one", "/help", "two")
    assert game.settled == 3


async def test_another_member_speaks_and_you_come_back() -> None:
    game, shown = await play("/as Ana", "hello", "/as you", "again")
    assert [request.member for request in game.requests] == [Member("ana", "Ana"), YOU]
    assert "#practice Ana 09:00 Mon 23 Nov > hello" in shown


async def test_forward_moves_the_clock_and_says_so() -> None:
    game, shown = await play("/forward 1d 8h")
    assert game.moment == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert shown.endswith("It is now 17:00 Tue 24 Nov.\n\n")


async def test_a_number_presses_its_button() -> None:
    game, _ = await play("2", posts=True)
    assert game.requests == [game.heard("run-1", YOU, "skip")]


async def test_a_number_without_a_button_gets_a_sentence() -> None:
    game, shown = await play("7")
    assert game.requests == []
    assert "No button has the number 7 now." in shown


async def test_only_the_member_who_sees_a_button_can_press_it() -> None:
    game, shown = await play("/llmq private", "/as ana", "1", "/as you", "1")
    assert [request.text for request in game.requests] == ["private", "more"]
    assert "Only you can press button 1. Type `/as you` first." in shown


async def test_the_line_after_a_form_is_its_text() -> None:
    game, shown = await play("/llmq answer", "42", "/llmq leaderboard")
    assert game.requests[1] == game.heard("run-2", YOU, "answer", "42", answer="42")
    assert game.requests[2].text == "leaderboard"
    assert "It holds: a draft" in shown
    assert "#practice you In your own words > 42" in shown
    assert "nothing was sent" not in shown


async def test_a_form_of_several_inputs_asks_for_each_in_turn_and_is_sent_with_the_last() -> None:
    game, shown = await play("/llmq flag", "2", "page 3", "It is there twice.")
    sent = {"reason": "same", "source": "page 3", "answer": "It is there twice."}
    assert game.requests[1:] == [game.heard("run-2", YOU, "flag", "It is there twice.", **sent)]
    assert "It is sent when all is filled in." in shown
    assert "#practice you It > 2" in shown
    assert "#practice you Where is it said? (optional) > page 3" in shown
    assert "#practice you What did you notice? > It is there twice." in shown


async def test_a_choice_is_made_by_its_number_or_its_words() -> None:
    for typed in ("2", "is a copy", "IS A COPY"):
        game, _ = await play("/llmq flag", typed, "page 3", "twice")
        assert game.requests[1].inputs["reason"] == "same"


async def test_what_is_no_choice_is_asked_again_and_loses_nothing() -> None:
    game, shown = await play("/llmq flag", "7", "maybe", "1", "page 3", "twice")
    assert shown.count("Type a number from 1 to 2.") == 2
    assert game.requests[1].inputs == {"reason": "error", "source": "page 3", "answer": "twice"}


async def test_an_empty_line_keeps_a_choice_and_leaves_out_what_need_not_be_said() -> None:
    game, _ = await play("/llmq flag", "", "", "", "twice")
    assert game.requests[1].inputs == {"reason": "error", "source": "", "answer": "twice"}


async def test_a_choice_that_is_made_already_is_marked() -> None:
    _, shown = await play("/llmq flag")
    assert "1 has an error (now)" in shown
    assert "2 is a copy" in shown


async def test_a_form_that_is_left_half_filled_in_is_not_sent() -> None:
    game, shown = await play("/llmq flag", "2", "/cancel", "/llmq flag", "1", "page 9", "wrong")
    assert "The form is closed and nothing was sent." in shown
    assert game.requests[-1].inputs == {"reason": "error", "source": "page 9", "answer": "wrong"}


async def test_a_path_may_be_typed_into_a_form() -> None:
    game, _ = await play("/llmq answer", "/etc/hosts is where it stands")
    assert game.requests[1].body == "/etc/hosts is where it stands"


async def test_cancel_leaves_the_form() -> None:
    game, shown = await play("/llmq answer", "/cancel", "/cancel")
    assert len(game.requests) == 1
    assert "The form is closed and nothing was sent." in shown
    assert "No form is open" in shown


async def test_another_member_does_not_inherit_a_form() -> None:
    game, shown = await play("/llmq answer", "/as ana", "hello")
    assert "The form is closed and nothing was sent." in shown
    assert game.requests[1] == game.heard("run-2", Member("ana", "ana"), "answer", "hello")


async def test_a_command_leaves_the_form_without_sending_it() -> None:
    game, shown = await play("/llmq answer", "/llmq leaderboard", "/llmq answer", "/forward 1h")
    assert [request.body for request in game.requests] == [None, None, None]
    assert shown.count("The form is closed and nothing was sent.") == 2


async def test_help_keeps_the_form_open() -> None:
    game, shown = await play("/llmq answer", "/help", "my answer")
    assert game.requests[-1].body == "my answer"
    assert "/llmq help lists them" in shown
    assert "you administer #practice; whoever else you speak as is a member" in shown


async def test_a_mistyped_command_is_not_sent_as_an_answer() -> None:
    game, shown = await play("/leaderbord")
    assert game.requests == []
    assert "Did you mean `/llmq leaderboard`?" in shown


async def test_quit_leaves_and_reads_no_further() -> None:
    game, _ = await play("one", "/quit", "two")
    assert [request.body for request in game.requests] == ["one"]


async def test_request_ids_are_never_alike() -> None:
    game, _ = await play("same", "same", "same")
    assert [request.id for request in game.requests] == ["run-1", "run-2", "run-3"]


async def test_bytes_that_are_no_utf8_are_replaced() -> None:
    game, out = Echo(), io.StringIO()
    stdin = piped(b"caf\xe9 is served\r\n")
    await run_console(game, ConsolePlatform(open_screen(stdin, out), game.now), None, stdin, out, "run")
    assert game.requests[0].body == "caf\ufffd is served"


async def test_a_line_of_a_hundred_kilobytes_arrives_whole() -> None:
    line = "word " * 20_000 + "end"
    game, shown = await play(line, "7" * 100_000)
    assert [request.body for request in game.requests] == [line, "7" * 100_000]
    assert shown.count("word") == 40_000


async def test_a_reader_who_has_gone_ends_the_talk_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    game, stdin = Echo(), piped(b"one\ntwo\nthree\n")
    with os.fdopen(writer, "w", encoding="utf-8") as out:
        platform = ConsolePlatform(open_screen(stdin, out), game.now)
        assert await run_console(game, platform, None, stdin, out, "run") == 0
    assert len(game.requests) == 1


def test_a_calendar_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "free days.ics"
    file.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert with_calendar(f"daily free {file}") == "daily free BEGIN:VCALENDAR\nEND:VCALENDAR\n"
    assert with_calendar(f'daily free "{file}"').endswith("END:VCALENDAR\n")
    for other in (f"daily free {tmp_path}/none.ics", "daily free 2026-12-24", f"answer {file}"):
        assert with_calendar(other) == other
