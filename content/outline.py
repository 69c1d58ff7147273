"""How a Markdown text divides into headings, rules and labelled parts; it knows no deck."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark")
LABEL = re.compile(r"(\*\*|__)(Answer|Key points|Pitfall|References):\1[ \t]*(.*)", re.IGNORECASE)

# Whatever a text leaves open (a code fence, an HTML comment) swallows this heading put behind it.
SENTINEL = "\n\n# end"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside of lists and quotes. Lines count from zero; `end` is the first line after it."""

    level: int
    text: str
    start: int
    end: int
    underlined: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A bold label at the start of a line, and what stands behind it.

    `continued`: its paragraph goes on below. `nested`: Markdown adds it to a list or quote right above it.
    """

    name: str
    line: int
    rest: str
    continued: bool
    nested: bool

    @property
    def shown(self) -> str:
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Outline:
    """A text's lines and what divides them. `unclosed` is the line of a block that never ends."""

    lines: tuple[str, ...]
    headings: tuple[Heading, ...]
    rules: tuple[int, ...]
    labels: tuple[Label, ...]
    unclosed: int | None


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list item's first paragraph on one line. A simple item holds nothing else."""

    text: str
    line: int
    simple: bool
    inline: tuple[Token, ...]


def outline(text: str) -> Outline:
    """Divide a text whose lines end in `\\n`."""
    tokens = MARKDOWN.parse(text + SENTINEL)
    lines = tuple(text.split("\n"))
    unclosed = None
    if tokens[-1].type == "heading_close":
        tokens = tokens[:-3]
    else:
        unclosed = span(next(token for token in reversed(tokens) if token.map and token.level == 0))[0]
    rules = tuple(span(token)[0] for token in tokens if token.type == "hr" and token.level == 0)
    return Outline(lines, tuple(headings(tokens)), rules, tuple(labels(tokens, lines)), unclosed)


def span(token: Token) -> tuple[int, int]:
    """The lines a block takes."""
    assert token.map is not None
    return token.map[0], token.map[1]


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def headings(tokens: list[Token]) -> Iterator[Heading]:
    for token, inside in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0:
            yield Heading(
                int(token.tag[1:]), one_line(inside.content), *span(token), token.markup in ("-", "=")
            )


def labels(tokens: list[Token], lines: tuple[str, ...]) -> Iterator[Label]:
    """Labels in paragraphs."""
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open":
            start, end = span(token)
            for number in range(start, min(end, len(lines))):
                if found := LABEL.match(lines[number]):
                    yield Label(
                        found[2].casefold(), number, found[3].strip(), number + 1 < end, token.level > 1
                    )


def leading_list(text: str) -> int:
    """How many lines the list takes that the text begins with."""
    tokens = MARKDOWN.parse(text)
    return span(tokens[0])[1] if tokens and tokens[0].type.endswith("list_open") else 0


def opening_list(lines: tuple[str, ...], start: int, end: int) -> tuple[str, int]:
    """The list that these lines begin with, and its first line."""
    while start < end and not lines[start].strip():
        start += 1
    length = leading_list("\n".join(lines[start:end]))
    return "\n".join(lines[start : start + length]), start


def list_items(text: str, first_line: int) -> tuple[list[ListItem], list[int]]:
    """The items of the lists in a text, and the lines where something other than a list begins."""
    tokens = MARKDOWN.parse(text)
    blocks = [token for token in tokens if token.level == 0 and token.nesting >= 0]
    other = [first_line + span(token)[0] for token in blocks if not token.type.endswith("list_open")]
    openings = [n for n, token in enumerate(tokens) if token.type == "list_item_open" and token.level == 1]
    return [item(tokens, n, first_line) for n in openings], other


def item(tokens: list[Token], opening: int, first_line: int) -> ListItem:
    """The list item that opens at this token."""
    line = first_line + span(tokens[opening])[0]
    first = tokens[opening + 1]
    if first.type != "paragraph_open":
        return ListItem("", line, first.type == "list_item_close", ())
    inside, _, after = tokens[opening + 2 : opening + 5]
    return ListItem(
        one_line(inside.content), line, after.type == "list_item_close", tuple(inside.children or ())
    )
