"""What typed lines mean, and what Tab offers for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.console.completion import candidates
from adapters.console.lines import Cancel, Forward, Help, Line, Press, Quit, Say, SpeakAs, understand
from bot.errors import Refusal

MEANINGS: list[tuple[str, Line]] = [
    ("when facts change", Say("answer", "when facts change")),
    ("  kept as typed ", Say("answer", "  kept as typed ")),
    (" /etc/hosts is a file", Say("answer", " /etc/hosts is a file")),
    ("/llmq leaderboard  week", Say("leaderboard  week")),
    ("/LLMQ me", Say("me")),
    ("/llmq", Say("")),
    ("/llmq answer one\ntwo", Say("answer one\ntwo")),
    ("3", Press(3)),
    (" 12 ", Press(12)),
    ("/as ana", SpeakAs("ana")),
    ("/as Zoë.b-c_1", SpeakAs("Zoë.b-c_1")),
    ("/help", Help()),
    ("/cancel", Cancel()),
    ("/quit", Quit()),
]


@pytest.mark.parametrize(("line", "meant"), MEANINGS)
def test_a_line_means_one_thing(line: str, meant: Line) -> None:
    assert understand(line) == meant


DURATIONS = [
    ("8h", timedelta(hours=8)),
    ("90m", timedelta(minutes=90)),
    ("1d", timedelta(days=1)),
    ("2d3h", timedelta(days=2, hours=3)),
    ("2D 3H", timedelta(days=2, hours=3)),
    ("1.5h", timedelta(minutes=90)),
    ("400d", timedelta(days=400)),
]


@pytest.mark.parametrize(("text", "by"), DURATIONS)
def test_forward_takes_a_length_of_time(text: str, by: timedelta) -> None:
    assert understand(f"/forward {text}") == Forward(by)


REFUSED = [
    ("/forward", "/forward 8h"),
    ("/forward soon", "`soon` is not a length of time"),
    ("/forward 8", "/forward 8h"),
    ("/forward 8h??2m", "/forward 8h"),
    ("/forward 1.2.3h", "/forward 8h"),
    ("/forward " + "9" * 400 + "y", "/forward 8h"),
    ("/forward -8h", "only moves forward"),
    ("/forward 0h", "only moves forward"),
    ("/forward 401d", "at most 400 days"),
    ("/as", "`/as ana`"),
    ("/as two words", "no spaces"),
    ("/as " + "x" * 33, "32"),
    ("/as \x1b[31m", "`/as ana`"),
    ("/quti", "Did you mean `/quit`?"),
    ("/leaderbord", "Did you mean `/llmq leaderboard`?"),
    ("/xyzzy", "Type `/help`"),
    ("/etc/hosts says so", "put a space before it"),
]


@pytest.mark.parametrize(("line", "advice"), REFUSED)
def test_a_line_that_cannot_be_read_gets_advice(line: str, advice: str) -> None:
    with pytest.raises(Refusal) as refused:
        understand(line, ["leaderboard", "me"])
    assert advice in str(refused.value)


@given(st.text() | st.text("/asforwdhmquit0123456789 .-\n").map("/".__add__))
@example("7" * 100_000)
@example("/")
@example("/\n")
def test_any_line_is_understood_or_gets_advice(line: str) -> None:
    try:
        meant: Line | Refusal = understand(line)
    except Refusal as refused:
        meant = refused
    assert isinstance(meant, Line) or line.startswith("/")


@given(st.text().filter(lambda text: not text.startswith("/") and not text.strip().isdigit()))
def test_any_other_text_is_an_answer_and_stays_as_typed(text: str) -> None:
    assert understand(text) == Say("answer", text)


def game(words: str) -> list[str]:
    """Completions of a game with two commands."""
    known = {"": ["leaderboard", "me"], "l": ["leaderboard"], "leaderboard ": ["week", "month"]}
    return known.get(words, [])


OFFERS = [
    ("", []),
    ("when", []),
    ("/", ["/llmq", "/as", "/forward", "/cancel", "/help", "/quit"]),
    ("/F", ["/forward"]),
    ("/llmq ", ["leaderboard", "me"]),
    ("/llmq l", ["leaderboard"]),
    ("/llmq leaderboard ", ["week", "month"]),
    ("/as ", ["you", "ana"]),
    ("/as a", ["ana"]),
    ("/forward ", ["1h", "8h", "1d"]),
    ("/quit ", []),
    ("/nonsense ", []),
]


@pytest.mark.parametrize(("line", "offered"), OFFERS)
def test_tab_offers_what_the_last_word_may_become(line: str, offered: list[str]) -> None:
    assert candidates(line, game, ["you", "ana"]) == offered
