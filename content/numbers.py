"""The computed numbers of a deck, in a table beside it: each is worked out and looked for in its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content.arithmetic import evaluated
from content.deck import Deck, Fault, Question
from content.prose import prose
from content.reading import read_text

FORM = "write the question's id, an expression, its value in the answer and a tolerance, with a tab between"
NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:[,\u202f\u00a0]\d{3})*(?:\.\d+)?")
PER_CENT = re.compile(r"\s?(%|per ?cent\b)")
IN_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that an answer states, and the expression whose value it is."""

    question: str
    expression: str
    value: float
    tolerance: float
    line: int


def numbers_file(deck: Path) -> Path:
    """`DECK.numbers.tsv` beside the deck's file."""
    return deck.with_suffix(".numbers.tsv")


def read_numbers(path: Path) -> tuple[tuple[Number, ...], tuple[Fault, ...]]:
    """The rows of a table, without a heading row; none where there is no file."""
    if not path.exists():
        return (), ()
    text = read_text(path)
    if isinstance(text, Fault):
        return (), (text,)
    rows = [read_row(path, n, line) for n, line in enumerate(text.splitlines(), 1) if is_row(line)]
    return (
        tuple(row for row in rows if isinstance(row, Number)),
        tuple(row for row in rows if isinstance(row, Fault)),
    )


def is_row(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("#", "question"))


def read_row(path: Path, line: int, text: str) -> Number | Fault:
    cells = [cell.strip() for cell in text.split("\t")]
    try:
        question, expression, value, tolerance = cells
        return Number(question, expression, float(value.replace(",", "")), float(tolerance), line)
    except ValueError:
        return Fault(path, line, f"not a computed number: `{text.strip()}`", FORM)


def check_numbers(deck: Deck) -> tuple[Fault, ...]:
    """What is wrong with a deck's computed numbers."""
    path = numbers_file(deck.path)
    numbers, faults = read_numbers(path)
    questions = {question.id: question for question in deck.questions}
    found = (
        fault for number in numbers for fault in check_number(path, number, questions.get(number.question))
    )
    return (*faults, *found)


def check_number(path: Path, number: Number, question: Question | None) -> Iterator[Fault]:
    if question is None:
        yield Fault(path, number.line, f"no question `{number.question}` in the deck", "write its id")
        return
    try:
        value = evaluated(number.expression)
    except ValueError as error:
        fix = "use numbers, + - * / ** and functions such as `comb`, `sqrt`, `log` and `exp`"
        yield Fault(path, number.line, f"`{number.expression}` cannot be worked out: {error}", fix)
        return
    # A value is often just at the edge of its tolerance, where binary fractions would decide.
    if abs(value - number.value) > number.tolerance + 1e-9:
        problem = f"`{number.expression}` is {value:g}, not {number.value:g}"
        yield Fault(path, number.line, problem, "fix the answer or the expression")
    if number.value not in stated_numbers(question):
        problem = f"{number.value:g} does not stand in the answer of `{question.id}`"
        yield Fault(path, number.line, problem, "write it as the answer does")


def stated_numbers(question: Question) -> frozenset[float]:
    """The numbers in a question's answer and pitfall: 36 % is 36, and 0.36 as well."""
    return frozenset(numbers_in(f"{prose(question.answer)}\n{prose(question.pitfall)}"))


def numbers_in(text: str) -> Iterator[float]:
    for found in NUMBER.finditer(text):
        value = float(re.sub(r"[,\u202f\u00a0]", "", found[0]).replace("\u2212", "-"))
        yield value
        if PER_CENT.match(text, found.end()):
            yield round(value / 100, 12)
    words = re.findall(r"\w+", text.casefold())
    yield from (n for n, word in enumerate(IN_WORDS) if word in words)
