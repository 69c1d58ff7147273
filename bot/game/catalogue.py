"""The questions that can be asked, and how a new reading of a deck is matched with what was loaded before."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha1
from pathlib import Path

from pydantic import TypeAdapter

from bot.game.finding import Finder
from bot.game.pool import Pool
from content.deck import Deck, Question
from content.names import TEAM_DECK
from content.words import normalised


@dataclass(frozen=True, slots=True)
class Entry:
    """A question on a shelf. The version grows with each change; a retired one is asked no more."""

    question: Question
    version: int = 1
    retired: bool = False


# Of so many names and searches the candidates are kept: finding them is quick, ordering them is not.
KEPT_SEARCHES = 256
# So many sets of sources and retired questions have their pools kept; one of ten thousand takes a megabyte.
KEPT_POOLS = 32

Shelf = Mapping[str, Entry]
# What is known of a team's own deck beside its shelf.
OWN_DECK = Deck(TEAM_DECK, "The team's own questions", "en", "", (), Path(f"{TEAM_DECK}.md"))
STORED = TypeAdapter(dict[str, Entry])
ENTRY = TypeAdapter(Entry)


def write_shelf(shelf: Shelf) -> str:
    """A deck's entries by question id, as they are stored."""
    return STORED.dump_json(dict(shelf)).decode()


def read_shelf(stored: str) -> Shelf:
    """What `write_shelf` wrote."""
    return STORED.validate_json(stored)


def write_entry(entry: Entry) -> str:
    """One entry of a team's own deck, as it is stored."""
    return ENTRY.dump_json(entry).decode()


def read_entry(stored: str) -> Entry:
    """What `write_entry` wrote."""
    return ENTRY.validate_json(stored)


def by_prompt(question: Question) -> str | None:
    return normalised(question.prompt)


def by_answer(question: Question) -> str | None:
    return None if question.has_own_id else question.answer


def by_id(question: Question) -> str | None:
    return None if question.has_own_id else question.id


def settle_ids(shelf: Shelf, questions: Iterable[Question]) -> list[Question]:
    """Give each question the id it was loaded with before, whatever was reworded or given an id since."""
    questions = list(questions)
    named = ((n, question) for n, question in enumerate(questions) if question.has_own_id)
    ids = {n: question.id for n, question in named if question.id in shelf}
    # The surest likeness goes first over all questions, so that none takes what is more surely another's.
    for likeness in (by_prompt, by_answer, by_id):
        taken, alike = set(ids.values()), defaultdict[str | None, deque[str]](deque)
        for id, entry in shelf.items():
            if id not in taken:
                alike[likeness(entry.question)].append(id)
        for n, question in enumerate(questions):
            key = likeness(question)
            if n not in ids and key is not None and alike[key]:
                ids[n] = alike[key].popleft()
    taken = {*ids.values(), *(question.id for question in questions if question.has_own_id)}
    for n, question in enumerate(questions):
        if n not in ids:
            ids[n] = question.id if question.has_own_id else free_id(question.id, taken, shelf)
            taken.add(ids[n])
    return [
        question if question.id == ids[n] else replace(question, id=ids[n])
        for n, question in enumerate(questions)
    ]


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


@dataclass(frozen=True)
class Item:
    """A question that can be asked. The id is `deck/question`, at most 73 characters."""

    id: str
    deck: str
    question: Question
    version: int = 1

    @cached_property
    def normalised(self) -> str:
        """The letters of the prompt, to recognise it by however it is set."""
        return normalised(self.question.prompt)

    @cached_property
    def normalised_reference(self) -> str:
        """The letters of the reference answer, to recognise a copy by."""
        return normalised(self.question.answer)

    @cached_property
    def prompt_hash(self) -> str:
        """A short name for the prompt. Nothing secret hangs on it."""
        letters = (self.normalised or self.question.prompt).encode()
        return sha1(letters, usedforsecurity=False).hexdigest()[:16]

    @property
    def candidate(self) -> str:
        """What is needed to choose or refuse it for practice: id and prompt hash."""
        return f"{self.id} {self.prompt_hash}"

    @property
    def follow_up_of(self) -> str | None:
        """The id of the question that this one deepens."""
        return f"{self.deck}/{self.question.follow_up_of}" if self.question.follow_up_of else None

    @property
    def label(self) -> str:
        """Topic and level in one line."""
        return f"{self.question.topic} · {self.question.level}"


def items_of(deck: Deck, shelf: Shelf) -> Iterator[Item]:
    for id, entry in shelf.items():
        if not entry.retired:
            yield Item(f"{deck.id}/{id}", deck.id, entry.question, entry.version)


class Catalogue:
    """The questions of all decks in the decks' order. One that several decks hold is asked from the first."""

    def __init__(self, decks: Iterable[tuple[Deck, Shelf]]) -> None:
        decks = list(decks)
        self._decks = decks
        self.titles = {deck.id: deck.title for deck, _ in decks}
        by_prompt: dict[str, Item] = {}
        for item in (item for deck, shelf in decks for item in items_of(deck, shelf)):
            by_prompt.setdefault(item.prompt_hash, item)
        self.items = {item.id: item for item in by_prompt.values()}
        self.topics = tuple(dict.fromkeys(item.question.topic for item in self.items.values()))
        self.sources = (*self.titles, *self.topics)
        self._by_hash = by_prompt
        self.chosen = lru_cache(maxsize=KEPT_POOLS)(self._chosen)
        self.kept = lru_cache(maxsize=KEPT_POOLS)(self._kept)
        self._fresh = lru_cache(maxsize=KEPT_POOLS)(self._but_for)
        self.finder = Finder(self.items.values(), self.titles)
        self.candidates = lru_cache(maxsize=KEPT_SEARCHES)(self._shuffled)

    def with_own(self, shelf: Shelf) -> Catalogue:
        """These questions and, behind them, those of one team's own deck; this catalogue stays as it is."""
        return Catalogue([*self._decks, (OWN_DECK, shelf)]) if shelf else self

    def _shuffled(self, about: str = "", level: str = "") -> tuple[str, ...]:
        """The questions found about something and of a level as `Item.candidate` names them; empty means any.

        Their order has nothing to do with the deck's.
        """
        found = {item.id: item for item in self.matching(about, level)}
        by_hash = sorted(found.values(), key=lambda item: item.prompt_hash)
        # A follow-up comes after the question that it deepens.
        pairs = ((found.get(item.follow_up_of or ""), item) for item in by_hash)
        return tuple(" ".join(one.candidate for one in pair if one) for pair in pairs)

    def matching(self, about: str = "", level: str = "") -> Iterable[Item]:
        """The questions found about something and of a level, in the decks' order; empty means any."""
        ids = self.finder.found(about) if about else tuple(self.items)
        return (item for item in map(self.items.__getitem__, ids) if level in ("", item.question.level))

    @cached_property
    def totals(self) -> Mapping[str, Mapping[str, int]]:
        """How many questions each topic of each deck has, both in their order."""
        totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item in self.items.values():
            totals[item.deck][item.question.topic] += 1
        return dict(totals)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many questions each deck has."""
        return {deck: sum(counts.values()) for deck, counts in self.totals.items()}

    def missing(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Those sources that are no loaded deck and no topic."""
        return tuple(source for source in sources if source not in self.sources)

    def _chosen(self, sources: tuple[str, ...]) -> Pool:
        """The questions in any of the decks or topics named; all of them for none."""
        return Pool(
            item
            for item in self.items.values()
            if not sources or item.deck in sources or item.question.topic in sources
        )

    def _kept(self, sources: tuple[str, ...], retired: frozenset[str]) -> Pool:
        """The chosen ones but those that a team asks no more."""
        return self.chosen(sources).without(retired)

    def fresh(self, sources: tuple[str, ...], retired: frozenset[str], today: date) -> Pool:
        """The kept ones that are not out of date, or all where every one is."""
        old = self.kept(sources, retired).out_of_date(today)
        return self._fresh(sources, retired, tuple(item.id for item in old))

    def _but_for(self, sources: tuple[str, ...], retired: frozenset[str], old: tuple[str, ...]) -> Pool:
        kept = self.kept(sources, retired)
        return kept.without(old) or kept

    def item_of(self, id_or_hash: str) -> Item | None:
        """A question by its id or by the hash of its prompt."""
        return self.items.get(id_or_hash) or self._by_hash.get(id_or_hash)
