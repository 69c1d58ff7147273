"""How a deck's file becomes a Deck, with every fault of its form; it judges no wording."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from content.deck import Deck, Fault, Report
from content.header import read_header
from content.outline import outline
from content.questions import read_questions
from content.words import UNPRINTABLE

SHIPPED = Path(__file__).parent / "decks"

Reading = tuple[Deck | None, tuple[Fault, ...]]


def parse_deck(text: str, path: Path) -> tuple[Deck, tuple[Fault, ...]]:
    """The deck of a text, as much as can be made of it, and what is wrong with its form."""
    report = Report(path)
    found = outline(printable(text, report))
    if found.unclosed is not None:
        fix = "close it with ``` for code, with `-->` for a comment, or with its end tag"
        report.add(found.unclosed + 1, "code or HTML that begins here never ends", fix, fatal=True)
    deck = replace(read_header(found, report), questions=read_questions(found, report))
    return deck, report.in_order()


def printable(text: str, report: Report) -> str:
    """The text with `\\n` at the end of its lines and without what cannot be shown."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not UNPRINTABLE.search(text):
        return text
    for number, line in enumerate(text.split("\n"), 1):
        if found := UNPRINTABLE.search(line):
            problem = f"an invisible control character (U+{ord(found[0]):04X})"
            report.add(number, problem, "delete it, or type the line anew")
    return UNPRINTABLE.sub("", text)


def read_text(path: Path) -> str | Fault:
    """What the file says, or why it cannot be read."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Fault(path, line, "not UTF-8", "save the file with the encoding UTF-8", fatal=True)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        return Fault(path, 1, f"cannot be read: {reason}", "check the path and who may read it", fatal=True)


def read_deck(path: Path) -> Reading:
    """The deck of a file, or none where the file cannot be read at all."""
    text = read_text(path)
    return (None, (text,)) if isinstance(text, Fault) else parse_deck(text, path)


def read_decks(
    paths: Iterable[Path], read: Callable[[Path], Reading] = read_deck
) -> tuple[tuple[Deck, ...], tuple[Fault, ...]]:
    """The decks of files and folders in the order given, and the faults of all of them."""
    files = [found for path in paths for found in deck_files(path)]
    unread = [found for found in files if isinstance(found, Fault)]
    readings = [read(path) for path in dict.fromkeys(found for found in files if isinstance(found, Path))]
    decks = tuple(deck for deck, _ in readings if deck)
    faults = (fault for _, found in readings for fault in found)
    return decks, (*unread, *faults, *duplicate_decks(decks))


def deck_files(path: Path) -> list[Path | Fault]:
    """The file itself, or a folder's decks sorted by name."""
    if not path.is_dir():
        return [path]
    try:
        files = sorted(
            file for file in path.iterdir() if file.suffix == ".md" and file.stem.casefold() != "readme"
        )
    except OSError as error:
        return [
            Fault(path, 1, f"cannot be read: {error.strerror}", "check who may read the folder", fatal=True)
        ]
    return [*files] or [
        Fault(path, 1, "no deck in this folder", "put a Markdown file (`.md`) in it", fatal=True)
    ]


def duplicate_decks(decks: Iterable[Deck]) -> Iterator[Fault]:
    """A fault for each deck whose id an earlier one has."""
    first: dict[str, Deck] = {}
    for deck in decks:
        if (other := first.setdefault(deck.id, deck)) is not deck:
            fix = "write another `- id:` under its title"
            yield Fault(deck.path, 1, f"the deck id `{deck.id}` is that of {other.path} too", fix, fatal=True)
