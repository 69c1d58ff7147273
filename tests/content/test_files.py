"""Decks in files and folders: what is found, what cannot be read, and which decks may be asked from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.checking import check_decks, load_decks
from content.reading import read_deck, read_decks

DECK = "# A deck\n\n- id: {}\n\n## Why?\n\n**Answer:**\nSo.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b", "a"):
        (tmp_path / f"{name}.md").write_text(DECK.format(name))
    (tmp_path / "README.md").write_text("# About these decks\n")
    (tmp_path / "notes.txt").write_text("No deck.")
    return tmp_path


def test_a_folder_gives_its_decks_by_name_and_leaves_its_readme_out(folder: Path) -> None:
    decks, faults = read_decks([folder])
    assert ([deck.id for deck in decks], faults) == (["a", "b"], ())


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    decks, faults = read_decks([folder, folder / "a.md"])
    assert ([deck.id for deck in decks], faults) == (["a", "b"], ())


def test_two_files_may_not_share_a_deck_id(folder: Path) -> None:
    (folder / "c.md").write_text(DECK.format("a"))
    _, (fault,) = read_decks([folder])
    assert (fault.path, fault.fatal) == (folder / "c.md", True)
    assert fault.problem == f"the deck id `a` is that of {folder / 'a.md'} too"


def test_a_file_that_is_not_utf_8_is_a_fault_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes("## Why?\n\n**Answer:**\nDéjà vu.\n".encode("latin-1"))
    deck, (fault,) = read_deck(path)
    assert (deck, fault.line, fault.problem, fault.fatal) == (None, 4, "not UTF-8", True)
    assert "UTF-8" in fault.fix


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    _, (fault,) = read_decks([tmp_path / "none.md"])
    assert (fault.line, fault.problem) == (1, "cannot be read: no such file or directory")


def test_a_folder_without_decks_is_a_fault(tmp_path: Path) -> None:
    _, (fault,) = read_decks([tmp_path])
    assert (fault.problem, fault.fatal) == ("no deck in this folder", True)


def test_the_check_names_the_faults_of_every_file_at_once(folder: Path) -> None:
    (folder / "a.md").write_text("## Say why.\n\n## Why?\n\n- level: steep\n\n**Answer:**\nSo.\n")
    (folder / "b.md").write_bytes(b"\xff")
    faults = check_decks([folder], date(2026, 11, 23))
    found = [(fault.path.name, fault.line, fault.problem) for fault in faults]
    assert sorted(found) == [
        ("a.md", 1, "a heading that is not a question: `Say why.`"),
        ("a.md", 1, "a question without an answer"),
        ("a.md", 5, "unknown level `steep`"),
        ("b.md", 1, "not UTF-8"),
    ]


def test_only_decks_with_fatal_faults_are_kept_from_loading(folder: Path) -> None:
    (folder / "a.md").write_text("## Why?\n\n")
    (folder / "b.md").write_text("## Say why.\n\n**Answer:**\nSo.\n")
    decks, faults = load_decks([folder])
    assert [deck.id for deck in decks] == ["b"]
    assert [(fault.path.name, fault.problem) for fault in faults] == [
        ("a.md", "a question without an answer")
    ]
