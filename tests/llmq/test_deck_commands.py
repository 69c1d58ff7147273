"""The commands on decks' files: what they print, and their exit status."""

from __future__ import annotations

import os
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

## What does it cost?

**Answer:**
Memory, for each token.

**References:**
- [A read one (A, 2020)](https://a.org)
- [An unread one (B, 2021)](https://b.org) (source checked: no)
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
    assert "memory-of-long-conversations 2 " in result.stdout
    assert "memory.md:5: `what-is-a-key-value-cache`: source checked: no" in result.stdout
    assert "memory.md:12: `what-does-it-cost`: source checked: no, https://b.org\n" in result.stdout
    assert "https://a.org" not in result.stdout
    assert "\n2 of 3 sources not checked\n" in result.stdout
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


def test_a_list_becomes_a_deck_whose_file_is_counted() -> None:
    Path("list.txt").write_text("1. Why?\nSo.\n2. How?\nThus.\n")
    result = say("import", "list.txt", "-o", "list.md")
    assert (result.exit_code, result.stdout) == (0, "list.md: 2 questions\n")
    assert "## How?" in Path("list.md").read_text()


def test_what_an_import_cannot_read_is_said_beside_the_deck() -> None:
    Path("table.csv").write_text("question,answer,colour\nWhy?,So.,red\n")
    result = say("import", "table.csv")
    assert result.stderr.startswith("table.csv:1: the column `colour` is not read; ")
    assert (result.exit_code, result.stdout.startswith("# table\n")) == (0, True)


@pytest.mark.parametrize(
    ("name", "text"), [("a.md", "Just text.\n"), ("a.csv", ""), ("a.txt", "#html:true\n")]
)
def test_an_import_that_finds_nothing_is_refused(name: str, text: str) -> None:
    Path(name).write_text(text)
    result = say("import", name, "-o", "b.md")
    assert isinstance(result.exception, Refusal)
    assert str(result.exception).startswith(f"No question was found in {name}.")
    assert not Path("b.md").exists()


def test_the_form_of_an_import_can_be_said() -> None:
    Path("a.txt").write_text("Why?;So.\n")
    assert "\nSo.\n" in say("import", "a.txt", "--form", "csv").stdout


def test_an_export_is_a_table_unless_notes_are_asked_for() -> None:
    assert say("export", "memory.md").stdout.startswith("deck,id,question,answer,")
    result = say("export", "memory.md", "--form", "anki", "-o", "notes.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path("notes.txt").read_text().startswith("#separator:tab\n")


def test_an_export_goes_on_without_a_deck_that_cannot_be_read() -> None:
    result = say("export", "none.md", "memory.md")
    assert "What is a key-value cache?" in result.stdout
    assert (result.exit_code, "none.md:1" in result.stderr) == (1, True)


def test_the_list_shows_ids_whole_however_narrow_it_is_and_a_bad_deck_keeps_only_itself_out(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LLMQ_DATA_DIR", str(data_dir))
    monkeypatch.setenv("LLMQ_DECKS", os.pathsep.join(("missing.md", "memory.md")))
    monkeypatch.setenv("COLUMNS", "60")
    assert "memory-of-long-conversations" in say("list").stdout
    assert "a deck is not loaded: missing.md:1: cannot be read" in caplog.text


def test_a_site_is_written_into_a_folder() -> None:
    result = say("site", "out/pages", "memory.md", "--title", "Mine")
    assert (result.exit_code, result.stdout) == (0, "out/pages/index.html: 4 pages\n")
    assert "What is a key-value cache?" in Path("out/pages/level-medium.html").read_text()


def test_a_site_of_no_deck_named_has_those_that_come_with_llmq() -> None:
    say("site", "out")
    assert Path("out/deck-rag.html").exists()


def test_a_site_is_not_written_into_a_folder_that_holds_something_unless_forced() -> None:
    result = say("site", ".", "memory.md")
    assert isinstance(result.exception, Refusal)
    assert not Path("index.html").exists()
    assert say("site", ".", "memory.md", "--force").exit_code == 0
    assert Path("index.html").exists()


def test_a_site_that_cannot_be_written_is_refused() -> None:
    result = say("site", "memory.md", "memory.md")
    assert isinstance(result.exception, Refusal)
    assert "cannot be written" in str(result.exception)
