"""How Markdown becomes Slack's rich text, in which every word stands as it is and nothing is parsed again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from slack_sdk.models.blocks import (
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.messages import CHANNEL_LINK, MOMENT, THREAD_LINK

# Slack has no stated limit for a rich text block; this is the one of a section's text.
LONGEST_TEXT = 3000
PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


@dataclass(frozen=True, slots=True)
class Style:
    """What a run of text looks like: any of bold, italic, strike and code, and where it links to."""

    marks: frozenset[str] = frozenset()
    link: str = ""


BOLD = Style(frozenset({"bold"}))
MARKS = {"strong": "bold", "em": "italic", "s": "strike"}
# As Slack writes moments in its dates.
DATE_FORMATS = {"time": "{time}", "day": "{date_short_pretty} {time}"}
LISTS = ("bullet_list", "ordered_list")
# What holds the words of a block.
WORDS = ("inline", "fence", "code_block")


def rich_text(markdown: str) -> list[list[RichTextElement]]:
    """Markdown as the elements of rich text blocks, in order, of which each holds what a block may."""
    runs: list[list[RichTextElement]] = []
    room = 0
    for element in elements(SyntaxTreeNode(PARSER.parse(markdown)).children):
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


def elements(nodes: Iterable[SyntaxTreeNode], indent: int = 0) -> Iterator[RichTextElement]:
    """The elements of blocks of Markdown; an empty line separates paragraphs."""
    for n, node in enumerate(nodes):
        if n and node.type in ("paragraph", "heading"):
            yield gap()
        yield from element(node, indent)


def element(node: SyntaxTreeNode, indent: int) -> Iterator[RichTextElement]:
    """The elements of one block of Markdown."""
    match node.type:
        case "paragraph" | "heading":
            style = BOLD if node.type == "heading" else Style()
            yield from sections(inline(node[0].children, style))
        case "fence" | "code_block":
            for piece in pieces(node.content.rstrip("\n") or " "):
                yield RichTextPreformattedElement(elements=[text(piece)])
        case "bullet_list" | "ordered_list":
            yield from list_elements(node, indent)
        case "blockquote":
            yield RichTextQuoteElement(elements=list(all_inline(node.children)))
        case "hr":
            yield section([text("⁂")])
        case _:
            if node.content:
                yield section([text(node.content)])


def list_elements(node: SyntaxTreeNode, indent: int) -> Iterator[RichTextElement]:
    """A list, its nested lists after the item that holds them."""
    ordered = node.type == "ordered_list"
    for number, item in enumerate(node.children, int(node.attrGet("start") or 1)):
        nested_at = next(
            (n for n, part in enumerate(item.children) if part.type in LISTS), len(item.children)
        )
        yield RichTextListElement(
            style="ordered" if ordered else "bullet",
            indent=indent,
            offset=number - 1 if ordered else None,
            elements=[section(all_inline(item[:nested_at]))],
        )
        yield from elements(item[nested_at:], indent + 1)


def all_inline(nodes: Iterable[SyntaxTreeNode]) -> Iterator[RichTextElement]:
    """The words of several blocks, a new line between them."""
    leaves = (leaf for node in nodes for leaf in node.walk() if leaf.type in WORDS)
    for n, leaf in enumerate(leaves):
        if n:
            yield text("\n")
        yield from inline(leaf.children or [leaf], Style())


def inline(nodes: Iterable[SyntaxTreeNode], style: Style) -> Iterator[RichTextElement]:
    """The runs of a paragraph."""
    for node in nodes:
        match node.type:
            case "strong" | "em" | "s":
                yield from inline(node.children, marked(style, MARKS[node.type]))
            case "link":
                yield from inline(node.children, replace(style, link=str(node.attrGet("href") or "")))
            case "code_inline":
                yield run(node.content, marked(style, "code"))
            case "softbreak":
                yield run(" ", style)
            case "hardbreak":
                yield run("\n", style)
            case _:
                yield from words(node.content, style)


def words(content: str, style: Style) -> Iterator[RichTextElement]:
    """A run of text, its moments as dates."""
    at = 0
    for found in MOMENT.finditer(content):
        yield from (run(piece, style) for piece in pieces(content[at : found.start()]) if piece)
        yield date_element(found)
        at = found.end()
    yield from (run(piece, style) for piece in pieces(content[at:]) if piece)


def date_element(found: re.Match[str]) -> RichTextElementParts.Date:
    """A moment, which Slack shows in the reader's zone; where it cannot, the words stand."""
    style, fallback = DATE_FORMATS[found["style"]], found["words"]
    return RichTextElementParts.Date(timestamp=int(found["unix"]), format=style, fallback=fallback)


def marked(style: Style, mark: str) -> Style:
    return replace(style, marks=style.marks | {mark})


def run(content: str, style: Style) -> RichTextElement:
    parts = dict.fromkeys(sorted(style.marks), True) or None
    if style.link.startswith(("http://", "https://")):
        return RichTextElementParts.Link(url=style.link, text=content, style=parts)
    if style.link.startswith(THREAD_LINK):
        channel, _, ts = style.link.removeprefix(THREAD_LINK).partition("/")
        url = f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}"
        return RichTextElementParts.Link(url=url, text=content, style=parts)
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
