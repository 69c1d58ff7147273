"""The bank as pages of HTML that need no script and no server: by deck, by topic and by level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from content.checking import is_web_link
from content.deck import Deck, Level, Question
from content.html import html_of, inline_html_of
from content.names import free_id

TEMPLATES = Path(__file__).parent / "pages"
STYLE = "style.css"


@dataclass(frozen=True, slots=True)
class Card:
    """A question with the deck that it is from, and the question that it follows."""

    deck: Deck
    question: Question
    follows: Question | None

    @property
    def anchor(self) -> str:
        """What the question is called on every page; ids of two decks may be the same."""
        return f"{self.deck.id}.{self.question.id}"


@dataclass(frozen=True)
class Bank:
    """All questions, and the files of the pages on which they stand."""

    decks: Sequence[Deck]

    @cached_property
    def cards(self) -> Sequence[Card]:
        return [card for deck in self.decks for card in cards_of(deck)]

    @cached_property
    def topics(self) -> Mapping[str, int]:
        """Every topic with the number of its questions, in alphabetical order."""
        counts = Counter(card.question.topic for card in self.cards)
        return {topic: counts[topic] for topic in sorted(counts, key=str.casefold)}

    @cached_property
    def levels(self) -> Mapping[Level, int]:
        counts = Counter(card.question.level for card in self.cards)
        return {level: counts[level] for level in Level if counts[level]}

    @cached_property
    def deck_files(self) -> Mapping[str, str]:
        return files_of("deck", [deck.id for deck in self.decks])

    @cached_property
    def topic_files(self) -> Mapping[str, str]:
        return files_of("topic", self.topics)

    def level_file(self, level: Level) -> str:
        return f"level-{level}.html"


def cards_of(deck: Deck) -> list[Card]:
    by_id = {question.id: question for question in deck.questions}
    return [Card(deck, question, by_id.get(question.follow_up_of or "")) for question in deck.questions]


def files_of(kind: str, names: Iterable[str]) -> dict[str, str]:
    """A file for each name; none differs from another only by the case of its letters."""
    taken: set[str] = set()
    used: Counter[str] = Counter()
    files: dict[str, str] = {}
    for name in names:
        id = free_id(name, taken, used)
        taken.add(id)
        files[name] = f"{kind}-{id}.html"
    return files


def site(decks: Iterable[Deck], title: str) -> dict[str, str]:
    """The text of each page and of the style sheet, by the name of its file."""
    bank = Bank(tuple(decks))
    environment = environment_of(bank, title)
    pages = {
        "index.html": environment.get_template("index.html").render(here="index.html"),
        **questions_pages(bank, environment.get_template("questions.html")),
    }
    return {STYLE: (TEMPLATES / STYLE).read_text("utf-8"), **pages}


def questions_pages(bank: Bank, page: Template) -> dict[str, str]:
    """A page of questions for each deck, topic and level."""
    files: dict[str, str] = {}
    for deck in bank.decks:
        own = [card for card in bank.cards if card.deck is deck]
        file = bank.deck_files[deck.id]
        files[file] = page.render(kind="Deck", name=deck.title, groups=by_deck(own), here=file, deck=deck)
    for topic, file in bank.topic_files.items():
        own = [card for card in bank.cards if card.question.topic == topic]
        files[file] = page.render(kind="Topic", name=topic, groups=by_deck(own), here=file)
    for level in bank.levels:
        own = [card for card in bank.cards if card.question.level is level]
        file = bank.level_file(level)
        files[file] = page.render(kind="Level", name=level, groups=by_deck(own), here=file, level=level)
    return files


def by_deck(cards: Iterable[Card]) -> list[tuple[Deck, list[Card]]]:
    groups: dict[str, tuple[Deck, list[Card]]] = {}
    for card in cards:
        groups.setdefault(card.deck.id, (card.deck, []))[1].append(card)
    return list(groups.values())


def environment_of(bank: Bank, title: str) -> Environment:
    """Templates in which everything is escaped that is not Markdown rendered here."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(bank=bank, title=title, style=STYLE, choices=("all", *Level))
    environment.filters["markdown"] = lambda text, below: Markup(html_of(text, below))
    environment.filters["inline"] = lambda text: Markup(inline_html_of(text))
    environment.tests["web_link"] = is_web_link
    return environment
