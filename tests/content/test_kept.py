"""Decks as they were read are kept, and read anew as soon as anything about them changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import kept
from content.checking import checked, load_decks, read_checked
from content.deck import Deck, Fault
from content.kept import KeptReadings
from content.reading import SHIPPED

DECK = "# Memory\n\n## What is a cache?\n\n**Answer:**\nIt keeps what was computed.\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "memory.md"
    path.write_text(DECK)
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were parsed."""
    found: list[Path] = []

    def parse(text: str, path: Path) -> tuple[Deck, tuple[Fault, ...]]:
        found.append(path)
        return checked(text, path)

    monkeypatch.setattr(kept, "checked", parse)
    return found


def test_what_is_kept_of_the_shipped_decks_is_what_was_read(tmp_path: Path) -> None:
    readings = KeptReadings(tmp_path / "cache")
    read = load_decks([SHIPPED])
    assert load_decks([SHIPPED], readings.read) == read
    assert load_decks([SHIPPED], readings.read) == read


def test_an_unchanged_file_is_parsed_once(deck: Path, tmp_path: Path, parsed: list[Path]) -> None:
    for _ in range(3):
        assert KeptReadings(tmp_path / "cache").read(deck) == read_checked(deck)
    assert parsed == [deck]


def test_a_changed_file_and_another_parser_are_read_anew(
    deck: Path, tmp_path: Path, parsed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = KeptReadings(tmp_path / "cache")
    readings.read(deck)
    deck.write_text(DECK.replace("computed", "worked out"))
    assert readings.read(deck) == read_checked(deck)
    monkeypatch.setattr(kept, "code", lambda: "newer")
    readings.read(deck)
    assert len(parsed) == 3
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("content", ["", "nonsense", '{"key": "x"}', "[" * 10_000])
def test_a_spoilt_file_is_replaced(deck: Path, tmp_path: Path, content: str) -> None:
    readings = KeptReadings(tmp_path / "cache")
    readings.read(deck)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_text(content)
    assert readings.read(deck) == read_checked(deck)
    assert file.read_text() != content


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert KeptReadings(tmp_path / "cache").read(deck) == read_checked(deck)


def test_a_file_that_is_gone_is_a_fault_although_it_was_read(deck: Path, tmp_path: Path) -> None:
    readings = KeptReadings(tmp_path / "cache")
    readings.read(deck)
    deck.unlink()
    assert readings.read(deck) == read_checked(deck)
