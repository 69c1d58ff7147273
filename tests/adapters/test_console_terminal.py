"""The keys of a person at a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.platform import ConsolePlatform
from adapters.console.run import AGAIN, FIRST_VISIT, open_screen, run_console
from adapters.console.terminal import Tab, TerminalLines
from tests.adapters.test_console_talk import Echo

ENTER, ALT_ENTER, CTRL_C, CTRL_D, UP = "\r", "\x1b\r", "\x03", "\x04", "\x1b[A"


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        yield typed


def prompt() -> str:
    return "#practice you 09:00 Mon 23 Nov > "


def terminal(history: Path | None = None) -> TerminalLines:
    return TerminalLines(history, lambda line: [], colour=True)


async def test_enter_sends_the_line(keyboard: PipeInput) -> None:
    keyboard.send_text("when facts change" + ENTER)
    assert await terminal().read(prompt) == "when facts change"


async def test_alt_enter_starts_a_new_line(keyboard: PipeInput) -> None:
    keyboard.send_text("one" + ALT_ENTER + "two" + ENTER)
    assert await terminal().read(prompt) == "one\ntwo"


async def test_a_form_starts_with_its_text(keyboard: PipeInput) -> None:
    keyboard.send_text(" and more" + ENTER)
    assert await terminal().read(prompt, "a draft") == "a draft and more"


async def test_control_c_clears_the_line_and_says_how_to_leave(
    keyboard: PipeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard.send_text("wrong" + CTRL_C)
    keyboard.send_text("right" + ENTER)
    written: list[str] = []
    monkeypatch.setattr(DummyOutput, "write_raw", lambda self, text: written.append(text))
    assert await terminal().read(prompt) == "right"
    assert "/quit leaves" in "".join(written)


async def test_control_d_is_the_end(keyboard: PipeInput) -> None:
    keyboard.send_text(CTRL_D)
    assert await terminal().read(prompt) is None


def test_tab_completes_the_last_word() -> None:
    tab = Tab(lambda line: ["leaderboard"] if line == "/llmq l" else [])
    [offer] = tab.get_completions(Document("/llmq l and more", cursor_position=7), CompleteEvent())
    assert (offer.text, offer.start_position) == ("leaderboard", -1)


async def test_the_arrow_recalls_a_line_of_an_earlier_run(keyboard: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "new" / "history"
    keyboard.send_text("remember me" + ENTER)
    await terminal(history).read(prompt)
    keyboard.send_text(UP + ENTER)
    assert await terminal(history).read(prompt) == "remember me"


class Terminal(io.StringIO):
    """A stream with a person behind it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def seen(keyboard: PipeInput, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], Awaitable[str]]:
    async def visit(history: Path) -> str:
        game, screen = Echo(), open_screen(Terminal(), Terminal())
        keyboard.send_text("hello" + ENTER)
        keyboard.send_text(CTRL_D)
        platform = ConsolePlatform(screen, game.now)
        assert await run_console(game, platform, history, Terminal(), Terminal(), "run") == 0
        assert [request.body for request in game.requests] == ["hello"]
        shown = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out)
        return shown.partition("\n\n")[0].strip()

    return visit


async def test_a_person_is_told_in_three_lines_how_to_begin_and_later_in_one(
    seen: Callable[[Path], Awaitable[str]], tmp_path: Path
) -> None:
    first = await seen(tmp_path / "history")
    assert first == FIRST_VISIT
    assert len(first.splitlines()) == 3
    assert "You are the admin" in first
    assert (await seen(tmp_path / "history")) == AGAIN
