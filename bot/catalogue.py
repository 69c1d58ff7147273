"""The questions that can be asked, and how a new reading of a deck is matched with what was loaded before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from pydantic import TypeAdapter

from content.decks import Deck, Level, Question


@dataclass(frozen=True, slots=True)
class Entry:
    """A question on a shelf. The version grows with each change; a retired one is asked no more."""

    question: Question
    version: int = 1
    retired: bool = False


Shelf = Mapping[str, Entry]
STORED = TypeAdapter(dict[str, Entry])


def write_shelf(shelf: Shelf) -> str:
    """A deck's entries by question id, as they are stored."""
    return STORED.dump_json(dict(shelf)).decode()


def read_shelf(stored: str) -> Shelf:
    """What `write_shelf` wrote."""
    return STORED.validate_json(stored)


def known_id(question: Question, shelf: Shelf, taken: set[str]) -> str | None:
    """The id that a question without one of its own had before its heading or its answer was reworded."""
    nameless = {id: entry.question for id, entry in shelf.items() if not entry.question.has_own_id}
    free = {id: known for id, known in nameless.items() if id not in taken}
    same_prompt = (id for id, known in free.items() if known.prompt == question.prompt)
    same_answer = (id for id, known in free.items() if known.answer == question.answer)
    same_id = (id for id in free if id == question.id)
    return next(chain(same_prompt, same_answer, same_id), None)


def settle_ids(shelf: Shelf, questions: Iterable[Question]) -> list[Question]:
    """Give each question without an id of its own the id it had when it was loaded before."""
    questions = list(questions)
    taken = {question.id for question in questions if question.has_own_id}
    settled = []
    for question in questions:
        id = question.id
        if not question.has_own_id:
            id = known_id(question, shelf, taken) or free_id(id, taken, shelf)
        taken.add(id)
        settled.append(replace(question, id=id))
    return settled


def free_id(wanted: str, taken: set[str], shelf: Shelf) -> str:
    """An id that neither this deck nor an earlier version of it has used for another question."""
    candidates = (wanted if n == 1 else f"{wanted[:36]}-{n}" for n in range(1, len(taken) + len(shelf) + 2))
    return next(id for id in candidates if id not in taken and id not in shelf)


def restock(shelf: Shelf, deck: Deck) -> dict[str, Entry]:
    """The shelf after loading a deck: changed questions get a new version, missing ones are retired."""
    new = {question.id: replace(question, line=0) for question in settle_ids(shelf, deck.questions)}
    stocked = {id: stock(shelf.get(id), question) for id, question in new.items()}
    gone = {id: replace(entry, retired=True) for id, entry in shelf.items() if id not in new}
    return stocked | gone


def stock(known: Entry | None, question: Question) -> Entry:
    """The entry of a question that the deck has now."""
    if known is None:
        return Entry(question)
    changed = known.question != question
    return Entry(question, known.version + changed)


@dataclass(frozen=True, slots=True)
class Item:
    """A question that can be asked. The id is `deck/question`, at most 73 characters."""

    id: str
    deck: str
    question: Question

    @property
    def label(self) -> str:
        """Topic and level in one line."""
        return f"{self.question.topic} · {self.question.level}"


class Catalogue:
    """The questions of all decks in the decks' order."""

    def __init__(self, decks: Iterable[tuple[Deck, Shelf]]) -> None:
        self.titles: dict[str, str] = {}
        self.items: dict[str, Item] = {}
        for deck, shelf in decks:
            self.titles[deck.id] = deck.title
            for id, entry in shelf.items():
                if not entry.retired:
                    item = Item(f"{deck.id}/{id}", deck.id, entry.question)
                    self.items[item.id] = item
        self.topics = tuple(dict.fromkeys(item.question.topic for item in self.items.values()))
        self.sources = (*self.titles, *self.topics)
        self._ids = {
            (topic, level): tuple(item.id for item in self._matching(topic, level))
            for topic in ("", *self.topics)
            for level in ("", *Level)
        }

    def _matching(self, topic: str, level: str) -> Iterable[Item]:
        return (
            item
            for item in self.items.values()
            if topic in ("", item.question.topic) and level in ("", item.question.level)
        )

    def find(self, topic: str = "", level: str = "") -> tuple[str, ...]:
        """Ids of the questions of a topic and a level; empty means any."""
        return self._ids.get((topic, level), ())

    def chosen(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Ids of the questions in any of the decks or topics named; all of them for none."""
        return tuple(
            item.id
            for item in self.items.values()
            if not sources or item.deck in sources or item.question.topic in sources
        )


def next_question(candidates: Iterable[str], asked: Mapping[str, float]) -> str | None:
    """The first candidate never asked; once all were, the one asked longest ago."""
    return min(candidates, key=lambda id: asked.get(id, -1), default=None)
