"""How questions in other forms become a deck: Markdown without labels, lists, tables, Anki's notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from content.adapting import marked
from content.anki import is_anki, read_anki
from content.deck import Deck, Fault, Report
from content.entries import deck_of
from content.listing import read_list, starts_of
from content.outline import outline
from content.reading import parse_deck, printable
from content.tables import read_table
from content.unlabelled import asks, labelled


class Form(StrEnum):
    """What a file with questions looks like."""

    MARKDOWN = "markdown"
    LIST = "list"
    CSV = "csv"
    ANKI = "anki"


@dataclass(frozen=True, slots=True)
class Import:
    """The deck that was found, and everything that could not be read, with its line in the file."""

    deck: Deck
    faults: tuple[Fault, ...]


def import_deck(text: str, path: Path, form: Form | None = None) -> Import:
    """The deck of a text. What only a person can fix stays in it, for the check to report."""
    report = Report(path)
    text = printable(text, report)
    form = form or form_of(text, path)
    match form:
        case Form.MARKDOWN:
            deck = read_markdown(text, report)
        case Form.LIST:
            title, entries = read_list(text, report)
            deck = deck_of(entries, path, title, report)
        case Form.CSV:
            deck = deck_of(read_table(text, report), path, "", report)
        case Form.ANKI:
            deck = deck_of(read_anki(text, report), path, "", report)
        case _:
            assert_never(form)
    return Import(deck, report.in_order())


def form_of(text: str, path: Path) -> Form:
    """The form of a text, told by its first line, its file's name, or what its lines begin with."""
    if is_anki(text):
        return Form.ANKI
    if path.suffix.casefold() in (".csv", ".tsv"):
        return Form.CSV
    headings = outline(text).headings
    if any(heading.level == 2 or asks(heading) for heading in headings):
        return Form.MARKDOWN
    if any(starts_of(text.split("\n"))):
        return Form.LIST
    lines = [line for line in text.split("\n") if line.strip()]
    return Form.CSV if lines and all("\t" in line for line in lines) else Form.MARKDOWN


def read_markdown(text: str, report: Report) -> Deck:
    """Questions under headings. Their answers need no label."""
    lines = labelled(text)
    deck, faults = parse_deck("\n".join(line.text for line in lines), report.path)
    for fault in faults:
        origin = lines[min(fault.line, len(lines)) - 1].origin
        report.add(origin, fault.problem, fault.fix, fatal=fault.fatal)
    return replace(deck, questions=tuple(map(marked, deck.questions)))
