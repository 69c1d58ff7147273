"""The labelled parts of a question: the answer, key points, pitfall and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from markdown_it.token import Token

from content.deck import KeyPoint, Reference, Report
from content.outline import LABEL, MARKDOWN, Label, ListItem, list_items

# Between bars only with a space on either side, so that P(y|x) stays whole.
BAR = re.compile(r"(?<= )\|(?= )")
POINT_FORM = "write `- shown label = words that count | other words that count`"
UNCHECKED = "(source checked: no)"
LINK_FORM = f"write `- [Title](https://…)`, and behind it nothing or `{UNCHECKED}`"

LISTS = ("key points", "references")

Parts = dict[str, Label]


def split_labels(labels: Iterable[Label], report: Report) -> Parts:
    """The labels that begin a part. Only the answer may begin on the label's own line."""
    parts: Parts = {}
    for label in labels:
        shown = f"`**{label.shown}:**`"
        if label.name != "answer" and label.rest:
            problem = f"{shown} is read as a heading in the text, for more follows on its line"
            report.add(label.line + 1, problem, "put what follows on the next line")
        elif label.name in parts:
            fix = "begin each question with a `## ` heading, and give it each part once"
            report.add(label.line + 1, f"{shown} stands twice in this question", fix, fatal=True)
        else:
            parts[label.name] = label
            if label.nested:
                problem = f"{shown} is read as a part of the list or quote right above it"
                report.add(label.line + 1, problem, "leave an empty line between them", fatal=True)
    return parts


def part_texts(lines: tuple[str, ...], parts: Parts, end: int) -> dict[str, str]:
    """Each part's Markdown as it stands in the file."""
    starts = [label.line for label in parts.values()]
    ends = dict(pairwise([*starts, end]))
    return {name: part_text(label, lines[label.line + 1 : ends[label.line]]) for name, label in parts.items()}


def part_text(label: Label, below: tuple[str, ...]) -> str:
    """What follows a label; a list keeps the empty lines before it, so that its lines can be counted."""
    if label.name in LISTS:
        return "\n".join(below)
    if label.rest:
        return trimmed(kept_as_text("\n".join((label.rest, *below))))
    if label.continued and below:
        return trimmed(kept_as_text("\n".join((below[0].lstrip(), *below[1:]))))
    return trimmed("\n".join(below))


def trimmed(text: str) -> str:
    """The text without empty lines around it; the first line keeps its indentation, which may mean code."""
    return re.sub(r"\A(?:\s*\n)+", "", text).rstrip()


def kept_as_text(text: str) -> str:
    """The text behind a label, escaped where it would begin a heading, a rule, code or a part by itself."""
    tokens = MARKDOWN.parse(text)
    divides = tokens and tokens[0].type in ("heading_open", "hr", "fence")
    return f"\\{text}" if divides or LABEL.match(text) else text


def read_key_points(text: str, first_line: int, report: Report) -> tuple[KeyPoint, ...]:
    """The points of a list."""
    items, other = list_items(text, first_line)
    for line in other or ([] if items else [first_line - 1]):
        report.add(line + 1, "key points are a list and nothing else", POINT_FORM)
    return tuple(point for item in items for point in read_key_point(item, report))


def read_key_point(item: ListItem, report: Report) -> Iterator[KeyPoint]:
    if not item.simple:
        report.add(
            item.line + 1, "a key point is one line of text", "make what is nested a key point of its own"
        )
    label, equals, rest = f" {item.text} ".partition(" = ")
    label, alternatives = (
        label.strip(),
        [part.strip() for part in BAR.split(f" {rest if equals else label} ")],
    )
    if not label or (equals and not rest.strip()) or (not equals and len(alternatives) > 1):
        report.add(item.line + 1, "a key point without a label or without alternatives", POINT_FORM)
    elif not all(alternatives):
        report.add(item.line + 1, f"an empty alternative in `{label}`", "delete the ` | ` too many")
    else:
        yield KeyPoint(label, tuple(alternatives), item.line + 1)


def read_references(text: str, first_line: int, report: Report) -> tuple[Reference, ...]:
    """The links of a list."""
    items, other = list_items(text, first_line)
    for line in other or ([] if items else [first_line - 1]):
        report.add(line + 1, "references are a list and nothing else", LINK_FORM)
    return tuple(reference for item in items for reference in read_reference(item, report))


def read_reference(item: ListItem, report: Report) -> Iterator[Reference]:
    links = [n for n, token in enumerate(item.inline) if token.type in ("link_open", "link_close")]
    is_link = len(links) == 2 and links[0] == 0 and item.simple
    end = links[1] + 1 if is_link else 0
    title = plain_text(item.inline[:end])
    mark = "".join(token.content for token in item.inline[end:]).strip().casefold()
    if is_link and title and mark in ("", UNCHECKED):
        yield Reference(title, str(item.inline[0].attrs["href"]), checked=not mark)
    else:
        report.add(item.line + 1, "a reference that is not one link", LINK_FORM)


def plain_text(tokens: Iterable[Token]) -> str:
    """What a reader sees of inline Markdown."""
    breaks = ("softbreak", "hardbreak")
    shown = (
        " " if token.type in breaks else token.content for token in tokens if token.type != "html_inline"
    )
    return " ".join("".join(shown).split())
