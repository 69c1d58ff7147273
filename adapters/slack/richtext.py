"""How Markdown becomes Slack's rich text, in which every word stands as it is and nothing is parsed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from slack_sdk.models.blocks import (
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.messages import CHANNEL_LINK

# Slack has no stated limit for a rich text block; this is the one of a section's text.
LONGEST_TEXT = 3000
PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


@dataclass(frozen=True, slots=True)
class Style:
    """What a run of text looks like: any of bold, italic, strike and code, and where it links to."""

    marks: frozenset[str] = frozenset()
    link: str = ""


BOLD = Style(frozenset({"bold"}))
OPENINGS = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
CLOSINGS = {"strong_close": "bold", "em_close": "italic", "s_close": "strike"}


def rich_text(markdown: str) -> list[list[RichTextElement]]:
    """Markdown as the elements of rich text blocks, in order, of which each holds what a block may."""
    runs: list[list[RichTextElement]] = []
    room = 0
    for element in elements(PARSER.parse(markdown)):
        room -= length(element)
        if not runs or room < 0:
            runs.append([])
            room = LONGEST_TEXT - length(element)
        runs[-1].append(element)
    return runs


def length(element: Any) -> int:
    """How many characters a rich text element holds."""
    own = len(element.text or "") if hasattr(element, "text") else 0
    return own + sum(length(part) for part in getattr(element, "elements", None) or ())


def elements(tokens: Sequence[Token], indent: int = 0) -> Iterator[RichTextElement]:
    """The elements of a run of tokens; sections are parted by an empty line."""
    at = 0
    first = True
    while at < len(tokens):
        end = closing(tokens, at)
        if not first and tokens[at].type in ("paragraph_open", "heading_open"):
            yield gap()
        yield from element(tokens[at : end + 1], indent)
        first, at = False, end + 1


def closing(tokens: Sequence[Token], at: int) -> int:
    """Where the block that opens at a token ends."""
    depth = 0
    for n in range(at, len(tokens)):
        depth += tokens[n].nesting
        if depth == 0:
            return n
    return len(tokens) - 1


def element(tokens: Sequence[Token], indent: int) -> Iterator[RichTextElement]:
    """The elements of one block of Markdown."""
    opening = tokens[0]
    match opening.type:
        case "paragraph_open" | "heading_open":
            style = BOLD if opening.type == "heading_open" else Style()
            yield from sections(inline(tokens[1].children or [], style))
        case "fence" | "code_block":
            for piece in pieces(opening.content.rstrip("\n") or " "):
                yield RichTextPreformattedElement(elements=[text(piece)])
        case "bullet_list_open" | "ordered_list_open":
            yield from list_elements(tokens, indent)
        case "blockquote_open":
            yield RichTextQuoteElement(elements=list(all_inline(tokens)))
        case "hr":
            yield section([text("⁂")])
        case _:
            if opening.content:
                yield section([text(opening.content)])


def list_elements(tokens: Sequence[Token], indent: int) -> Iterator[RichTextElement]:
    """A list, its nested lists after the item that holds them."""
    ordered = tokens[0].type == "ordered_list_open"
    number = int(tokens[0].attrGet("start") or 1) if ordered else 1
    for item in items(tokens[1:-1]):
        nested_at = next((n for n, token in enumerate(item) if token.type.endswith("list_open")), len(item))
        yield RichTextListElement(
            style="ordered" if ordered else "bullet",
            indent=indent,
            offset=number - 1 if ordered else None,
            elements=[section(all_inline(item[:nested_at]))],
        )
        yield from elements(item[nested_at:], indent + 1)
        number += 1


def items(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    at = 0
    while at < len(tokens):
        end = closing(tokens, at)
        yield tokens[at + 1 : end]
        at = end + 1


def all_inline(tokens: Iterable[Token]) -> Iterator[RichTextElement]:
    """The words of several blocks, a new line between them."""
    first = True
    for token in tokens:
        if token.type in ("inline", "fence", "code_block"):
            if not first:
                yield text("\n")
            first = False
            yield from inline(token.children or [replace_with_text(token)], Style())


def replace_with_text(token: Token) -> Token:
    return Token("text", "", 0, content=token.content)


def inline(tokens: Iterable[Token], style: Style) -> Iterator[RichTextElement]:
    """The runs of a paragraph."""
    for token in tokens:
        if token.type in OPENINGS:
            style = replace(style, marks=style.marks | {OPENINGS[token.type]})
        elif token.type in CLOSINGS:
            style = replace(style, marks=style.marks - {CLOSINGS[token.type]})
        elif token.type == "link_open":
            style = replace(style, link=str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            style = replace(style, link="")
        elif token.type == "code_inline":
            yield run(token.content, replace(style, marks=style.marks | {"code"}))
        elif token.type in ("softbreak", "hardbreak"):
            yield run(" " if token.type == "softbreak" else "\n", style)
        elif token.content:
            yield from (run(piece, style) for piece in pieces(token.content))


def run(content: str, style: Style) -> RichTextElement:
    parts = dict.fromkeys(sorted(style.marks), True) or None
    if style.link.startswith(("http://", "https://")):
        return RichTextElementParts.Link(url=style.link, text=content, style=parts)
    if style.link.startswith(CHANNEL_LINK):
        return RichTextElementParts.Channel(channel_id=style.link.removeprefix(CHANNEL_LINK), style=parts)
    return RichTextElementParts.Text(text=content, style=parts)


def text(content: str) -> RichTextElement:
    return RichTextElementParts.Text(text=content)


def section(runs: Iterable[RichTextElement]) -> RichTextElement:
    return RichTextSectionElement(elements=list(runs))


def sections(runs: Iterable[RichTextElement]) -> Iterator[RichTextElement]:
    """A paragraph in as many sections as it is long; most are one."""
    line: list[RichTextElement] = []
    room = LONGEST_TEXT
    for one in runs:
        if line and length(one) > room:
            yield section(line)
            line, room = [], LONGEST_TEXT
        line.append(one)
        room -= length(one)
    if line:
        yield section(line)


def gap() -> RichTextElement:
    """An empty line between two paragraphs, which Slack would set side by side."""
    return section([text("\n\n")])


def pieces(content: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """A text in parts that fit, cut after a line or a word where there is one."""
    while len(content) > longest:
        cut = max(content.rfind("\n", 0, longest), content.rfind(" ", 0, longest)) + 1 or longest
        yield content[:cut]
        content = content[cut:]
    yield content
