"""Prints recall, precision and wrong hits of the matcher, by kind of answer and by deck.

The answers in tests/content/answers were written from the prompts alone; then their authors marked which key
points each states. Alternatives were tuned on half of the questions; the others are held out.
"""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from content.coverage import coverage
from content.deck import Question
from content.reading import SHIPPED, read_decks

ANSWERS = Path(__file__).parents[1] / "content" / "answers"


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer, and the labels of the key points that it states by a person's judgement."""

    question: str
    kind: str
    held_out: bool
    text: str
    points: frozenset[str]


@dataclass(slots=True)
class Tally:
    """Decisions on key points: stated and found, stated and not found, found and not stated."""

    hits: int = 0
    misses: int = 0
    false: int = 0
    decisions: int = 0

    def add(self, stated: bool, found: bool) -> None:
        self.decisions += 1
        self.hits += stated and found
        self.misses += stated and not found
        self.false += found and not stated

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false + other.false,
            self.decisions + other.decisions,
        )

    @property
    def recall(self) -> float | None:
        """Of what is stated, the share that is found."""
        return share(self.hits, self.hits + self.misses)

    @property
    def precision(self) -> float | None:
        """Of what is found, the share that is stated."""
        return share(self.hits, self.hits + self.false)

    @property
    def wrong(self) -> float | None:
        """Of what is not stated, the share that is found all the same."""
        return share(self.false, self.decisions - self.hits - self.misses)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def shown(part: float | None) -> str:
    return "-" if part is None else f"{part:.2f}"


def marked_in(path: Path) -> Iterator[Marked]:
    for one in tomllib.loads(path.read_text())["answers"]:
        points = frozenset(one.get("points", ()))
        yield Marked(one["question"], one["kind"], one["set"] == "held out", one["text"], points)


def tally(answers: Iterable[Marked], questions: Mapping[str, Question], *tallies: Tally) -> None:
    """Count the matcher's decisions against the marks."""
    for answer in answers:
        for finding in coverage(questions[answer.question].key_points, answer.text):
            for each in tallies:
                each.add(finding.label in answer.points, finding.found)


def measured(folder: Path, decks: Path) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Tallies by kind and set, and by deck for what is held out."""
    found, faults = read_decks([decks])
    assert not [fault for fault in faults if fault.fatal]
    by_kind: defaultdict[str, Tally] = defaultdict(Tally)
    by_deck: defaultdict[str, Tally] = defaultdict(Tally)
    for deck in found:
        questions = {question.id: question for question in deck.questions}
        path = folder / f"{deck.id}.toml"
        for answer in marked_in(path) if path.exists() else ():
            if answer.question not in questions:
                continue
            # Members are shown no coverage of what is of their own experience.
            own = questions[answer.question].own_experience
            part = "own experience" if own else "held out" if answer.held_out else "tuned"
            kinds = [by_kind[f"{answer.kind}, {part}"]]
            if part == "held out":
                kinds.append(by_deck[deck.id])
            tally([answer], questions, *kinds)
    return by_kind, by_deck


def printed(title: str, tallies: Mapping[str, Tally]) -> None:
    table = Table("", "Decisions", "Recall", "Precision", "Wrong hits", title=title, title_justify="left")
    for name, one in sorted(tallies.items()):
        table.add_row(*row(name, one))
    table.add_row(*row("all", sum_of(tallies.values())))
    Console(width=100).print(table)


def row(name: str, one: Tally) -> tuple[str, ...]:
    return name, str(one.decisions), shown(one.recall), shown(one.precision), shown(one.wrong)


def sum_of(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def main(arguments: list[str]) -> None:
    folder, decks = (Path(one) for one in arguments) if arguments else (ANSWERS, SHIPPED)
    by_kind, by_deck = measured(folder, decks)
    printed("Key points by kind of answer", by_kind)
    printed("Held out, by deck", by_deck)


if __name__ == "__main__":
    main(sys.argv[1:])
