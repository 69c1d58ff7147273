"""The questions of a team's own deck as files, from which they can be read again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never, get_args

from bot.game.catalogue import Item, Shelf
from bot.messages import File
from content.anki import write_anki
from content.deck import Deck, Question
from content.names import TEAM_DECK
from content.tables import write_table
from content.writing import render_deck

ExportForm = Literal["md", "csv", "anki"]
EXPORT_FORMS: tuple[ExportForm, ...] = get_args(ExportForm)
ENDINGS = {"md": "md", "csv": "csv", "anki": "txt"}
# No deck that is loaded may have the team's own id.
ID, TITLE = "team-questions", "The team's own questions"


@dataclass(frozen=True, slots=True)
class Export:
    """The files, each whole in itself, and how many questions stand in them or are kept back."""

    files: tuple[File, ...]
    count: int
    kept_back: int


def exported(shelf: Shelf, kept_back: Collection[str], form: ExportForm, most: int) -> Export:
    """The questions of a shelf but those that are open or come soon; a file has about `most` characters.

    What is kept back is named by its id with its deck, or by the hash of its prompt.
    """
    items = [Item(f"{TEAM_DECK}/{id}", TEAM_DECK, entry.question) for id, entry in shelf.items()]
    shown = [one.question for one in items if not {one.id, one.prompt_hash} & set(kept_back)]
    texts = [written(part, form) for part in parts_of(shown, form, most)]
    files = (File(f"questions{number}.{ENDINGS[form]}", text) for number, text in numbered(texts))
    return Export(tuple(files), len(shown), len(items) - len(shown))


def numbered(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts, each with what tells it from the others."""
    for n, text in enumerate(texts, start=1):
        yield f"-{n}-of-{len(texts)}" if len(texts) > 1 else "", text


def parts_of(questions: Sequence[Question], form: ExportForm, most: int) -> Iterator[list[Question]]:
    """The questions in as many parts as keep to the length; one that is longer has a part of its own."""
    part, length = list[Question](), 0
    for question in questions:
        size = len(written([question], form))
        if part and length + size > most:
            yield part
            part, length = [], 0
        part.append(question)
        length += size
    if part:
        yield part


def written(questions: Sequence[Question], form: ExportForm) -> str:
    """Questions as the text of a file."""
    deck = Deck(ID, TITLE, "en", "", tuple(questions), Path())
    match form:
        case "md":
            return render_deck(deck)
        case "csv":
            return write_table([deck])
        case "anki":
            return write_anki([deck])
        case _:
            assert_never(form)
