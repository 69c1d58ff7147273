"""Questions in a numbered list, or marked with Q and A, each with its answer below or behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from content.deck import Report
from content.entries import ANSWER_LABEL, Entry
from content.outline import one_line

TITLE = re.compile(r"#\s+(\S.*)")
NUMBERED = re.compile(r"(?:\*\*|__)?(?P<number>\d+)[.)](?:\*\*|__)?\s+(?P<rest>\S.*)")
LETTERED = re.compile(
    r"(?:\*\*|__)?Q(?:uestion)?\s*(?P<number>\d*)\s*[.:)](?:\*\*|__)?\s*(?P<rest>\S.*)", re.IGNORECASE
)
# The mark that ends a question, with what closes behind it.
ASKED = re.compile(r"[?\uff1f\u061f][*_`\"'\u201d\u2019)]*(?=\s|\Z)")
RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*")

Start = tuple[int, str]


def read_list(text: str, report: Report) -> tuple[str, list[Entry]]:
    """The list's title, and its questions."""
    lines = text.split("\n")
    starts = list(starts_of(lines))
    first = starts[0][0] if starts else len(lines)
    title = next((found[1] for line in lines[:first] if (found := TITLE.fullmatch(line))), "")
    for number, line in enumerate(lines[:first], 1):
        if line.strip() and not TITLE.fullmatch(line):
            report.add(number, f"text before the first question: `{line.strip()[:60]}`", "it is left out")
    ends = [place for place, _ in starts[1:]] + [len(lines)]
    return title, [entry(lines, start, end) for start, end in zip(starts, ends, strict=False)]


def starts_of(lines: list[str]) -> Iterator[Start]:
    """The lines on which a question begins, with the text behind the number.

    Numbers have to follow each other, so that a numbered list within an answer is none of questions.
    """
    form = NUMBERED if any(NUMBERED.match(line) for line in lines) else LETTERED
    form = LETTERED if sum(bool(LETTERED.match(line)) for line in lines) > 1 else form
    expected = None
    for place, line in enumerate(lines):
        if (found := form.match(line)) and (form is LETTERED or expected in (None, int(found["number"]))):
            expected = int(found["number"] or 0) + 1
            yield place, opened(line, found)


def opened(line: str, found: re.Match[str]) -> str:
    """The text behind the number; bold marks that opened before it open behind it."""
    marks = re.match(r"\*\*|__", line)
    rest = found["rest"]
    is_closed = marks is None or marks[0] in line[len(marks[0]) : found.start("rest")]
    return rest if marks is None or is_closed else f"{marks[0]}{rest}"


def entry(lines: list[str], start: Start, end: int) -> Entry:
    place, first = start
    below = lines[place + 1 : end]
    cut = next((n for n, line in enumerate(below) if RULE.fullmatch(line)), len(below))
    body = dedent("\n".join(below[:cut]))
    prompt, answer = divided(first, body)
    return Entry(prompt, answer, place + 1)


def divided(first: str, body: str) -> tuple[str, str]:
    """The question and the answer: separated by a label, by the question mark, or by the end of the line."""
    lines = [first, *body.split("\n")]
    label = next((n for n, line in enumerate(lines) if n and ANSWER_LABEL.match(line)), None)
    if label is not None:
        return one_line(" ".join(lines[:label])), "\n".join(lines[label:])
    paragraph = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    asked = "\n".join(lines[:paragraph])
    if found := ASKED.search(asked):
        return one_line(asked[: found.end()]), "\n".join([asked[found.end() :].lstrip(), *lines[paragraph:]])
    return first, body
