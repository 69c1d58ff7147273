"""The game as a newcomer plays it: the real command, its input piped in, on a data folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

Home = dict[str, str]


@pytest.fixture
def home(data_dir: Path, request: pytest.FixtureRequest) -> Home:
    """The settings of a newcomer, who has no server; or those of one who has the server that is named."""
    settings = {"LLMQ_DATA_DIR": str(data_dir), "TZ": "Europe/Berlin", "PYTHONIOENCODING": "utf-8"}
    if servers.NAMED:
        request.getfixturevalue("redis")
        settings["LLMQ_REDIS_URL"] = request.getfixturevalue("redis_url")
    return settings


def play(home: Home, *lines: str) -> str:
    """What `llmq console` prints for these lines."""
    played = subprocess.run(
        [sys.executable, "-m", "llmq", "console"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("LLMQ_")} | home,
        timeout=60,
    )
    assert played.stderr == ""
    assert played.returncode == 0
    return " ".join(played.stdout.split())


def test_a_day_from_the_question_to_the_leaderboard(home: Home) -> None:
    shown = play(
        home,
        "A first answer that is long enough.",
        "/as ana",
        "A second answer that is long enough.",
        "/forward 8h",
        "/llmq leaderboard",
    )
    question, reveal = shown.index("Answer is private;"), shown.index("Reference answer")
    assert question < shown.index("+10 points") < reveal < shown.index("2 answers │ you")
    assert "Revealed: 2 answered." in shown
    assert "1 you 10 1 ana (you) 10" in shown


def test_the_reference_answer_is_nowhere_before_the_reveal(home: Home) -> None:
    shown = play(home, "/llmq today", "/llmq answer", "An answer through the form.", "/llmq today")
    assert "Your answer is in." in shown
    assert "Reference answer" not in shown


def test_a_second_visit_remembers_everything(home: Home) -> None:
    first = play(home, "An answer on the first visit.", "/forward 25h", "/llmq me")
    second = play(home, "/llmq streak", "/as ana", "/llmq daily off", "/quit", "never read")
    assert "Streak in #practice 1 day, best 1" in first
    # The second day's question comes at nine, before the visit or after it.
    assert "1 day in #practice" in second
    assert "answered" in second
    assert "Only admins of this channel can do this." in second
    assert "never read" not in second


def test_a_fortnight_passes_with_a_question_on_each_day(home: Home) -> None:
    shown = play(home, *("An answer of this day.", "/forward 1d") * 14, "/llmq streak")
    assert shown.count("Answer is private;") >= 14
    # In time or late, as the hour is at which the test runs.
    assert shown.count("answer is in") >= 13
    ledger = shown.rpartition("Next freeze")[2]
    assert ledger.count("answered") + ledger.count(" late") >= 13
    assert "no answer " not in ledger


def test_questions_that_nobody_answers_stop_with_a_word_to_the_admin(home: Home) -> None:
    shown = play(home, "/forward 14d", "/llmq daily status")
    assert shown.count("Answer is private;") == shown.count("Revealed.") == 5
    assert "only you see this The daily question in #practice is paused." in shown
    assert "Daily question Paused." in shown


def test_whatever_is_typed_gets_an_answer(home: Home) -> None:
    lines = ("x" * 100_000, "\x1b[2J\x07 control", "שלום עולם זה מבחן", "👩‍🔬 " * 20, "/llmq " + "é" * 500)
    shown = play(home, *(typed for line in lines for typed in (line, "/llmq today")))
    assert "went wrong" not in shown
    assert len(re.findall(r"Answered \d", shown)) == len(lines)


@pytest.mark.bundled
def test_a_data_folder_in_use_is_refused_with_a_sentence(data_dir: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "llmq", "console"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"LLMQ_DATA_DIR": str(data_dir)},
    )
    with first:
        assert first.stdout
        assert first.stdin
        first.stdout.readline()
        second = subprocess.run(
            [sys.executable, "-m", "llmq", "console"],
            input="",
            capture_output=True,
            text=True,
            env=os.environ | {"LLMQ_DATA_DIR": str(data_dir)},
            timeout=60,
        )
        first.stdin.close()
    assert second.returncode == 2
    assert second.stderr.startswith("Another llmq is using the data folder")
