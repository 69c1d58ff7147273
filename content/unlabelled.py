"""Markdown in which headings of any level ask, and answers need no label, as a deck's file says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from content.entries import without_label
from content.fields import QUESTION_FIELDS
from content.outline import Heading, Outline, list_items, opening_list, outline


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a deck, and the line of the file from which it comes, counted from one."""

    text: str
    origin: int


def labelled(text: str) -> list[Line]:
    """The text's lines with questions as second-level headings, each answer under its label."""
    found = outline(text)
    level = question_level(found.headings)
    sections = [heading for heading in found.headings if heading.level <= level]
    borders = [heading.start for heading in sections] + [len(found.lines)]
    lines = [Line(line, n) for n, line in enumerate(found.lines[: borders[0]], 1)]
    topic = ""
    for heading, (_, end) in zip(sections, pairwise(borders), strict=True):
        if heading.level == level:
            lines += question_lines(found, heading, end, topic)
        else:
            topic = heading.text if heading is not sections[0] or heading.level > 1 else ""
            lines += section_lines(
                found, heading, end, is_title=heading is sections[0] and heading.level == 1
            )
    return lines


def question_level(headings: tuple[Heading, ...]) -> int:
    """The level of most headings that ask; the second where none does."""
    asking = Counter(heading.level for heading in headings if asks(heading))
    return max(asking, key=lambda level: (asking[level], level == 2)) if asking else 2


def asks(heading: Heading) -> bool:
    return heading.text.rstrip(" *_`\"')").endswith("?")


def section_lines(found: Outline, heading: Heading, end: int, *, is_title: bool) -> Iterator[Line]:
    """A title as it stands. Another heading above the questions ends the question before it."""
    for n in range(heading.start, end):
        in_heading = n < heading.end
        if is_title or not in_heading:
            yield Line(found.lines[n], n + 1)
        elif n == heading.start:
            yield from (Line("", n + 1), Line("---", n + 1))


def question_lines(found: Outline, heading: Heading, end: int, topic: str) -> Iterator[Line]:
    """The question, its topic from the heading above, and its answer under a label."""
    first = heading.start + 1
    yield Line(f"## {heading.text}", first)
    fields_end = heading.end + fields_length(found, heading.end, end)
    if topic and fields_end == heading.end:
        yield from (Line("", first), Line(f"- topic: {topic}", first))
    yield from (Line(found.lines[n], n + 1) for n in range(heading.end, fields_end))
    yield from answer_lines(found, fields_end, end)


def fields_length(found: Outline, start: int, end: int) -> int:
    """How many lines the list of fields takes, with the empty lines above it; none for another list."""
    text, at = opening_list(found.lines, start, end)
    items = list_items(text, at)[0]
    is_fields = bool(items) and items[0].text.partition(":")[0].strip().casefold() in QUESTION_FIELDS
    return at - start + len(text.split("\n")) if is_fields else 0


def answer_lines(found: Outline, start: int, end: int) -> Iterator[Line]:
    """The lines under a question; what stands there without a label is its answer."""
    inside = [label for label in found.labels if start <= label.line < end]
    content = next((n for n in range(start, end) if found.lines[n].strip()), end)
    is_labelled = any(label.name == "answer" for label in inside)
    needs_label = not is_labelled and content < min((label.line for label in inside), default=end)
    for n in range(start, end):
        if needs_label and n == content:
            yield from (Line("", n + 1), Line("**Answer:**", n + 1), Line("", n + 1))
            yield Line(without_label(found.lines[n]), n + 1)
        else:
            yield Line(found.lines[n], n + 1)
