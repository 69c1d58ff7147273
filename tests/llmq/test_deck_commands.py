"""The commands on decks' files: what they print, and their exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.errors import Refusal
from llmq.cli import llmq

DECK = """# Memory

- id: memory-of-long-conversations

## What is a key-value cache?

- source checked: no

**Answer:**
It keeps the keys and values of earlier tokens.
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("memory.md").write_text(DECK)
    return tmp_path


def say(*words: str) -> Result:
    return CliRunner().invoke(llmq, ["content", *words])


def test_a_report_names_what_is_outside_and_ends_with_status_1() -> None:
    result = say("report", "memory.md")
    assert "memory-of-long-conversations 1 " in result.stdout
    assert "memory.md:5: `what-is-a-key-value-cache`: source checked: no" in result.stdout
    assert "memory.md:5: `what-is-a-key-value-cache`: 9 words in the answer; 80 to 140" in result.stdout
    assert result.exit_code == 1


def test_a_report_compares_with_a_seed() -> None:
    Path("seed.md").write_text("x It keeps the keys and values of earlier tokens y")
    assert "keeps the keys and values of earlier tokens" not in say("report", "memory.md").stdout
    result = say("report", "memory.md", "--seed", "seed.md")
    assert "the words `it keeps the keys and values of earlier`" in result.stdout


def test_a_report_goes_on_without_a_deck_that_cannot_be_read() -> None:
    result = say("report", "none.md", "memory.md")
    assert "memory.md:5" in result.stdout
    assert "none.md:1: cannot be read" in result.stderr


def test_a_report_on_no_deck_is_refused() -> None:
    result = say("report", "none.md")
    assert isinstance(result.exception, Refusal)
    assert str(result.exception).startswith("No deck could be read.")
