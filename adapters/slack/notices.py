"""The words of a notification, which screen readers say in place of a message's blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, assert_never

from slack_sdk.models.blocks import (
    RichTextElementParts,
)

from adapters.slack.richtext import rich_text
from bot.messages import (
    CHANNEL,
    Bars,
    Block,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Message,
    Ping,
    Quote,
    Table,
    without_moments,
)

LONGEST_NOTICE = 150
# What stands for the name of a channel where Slack puts none in.
A_CHANNEL = "the channel"


def escape(words: str) -> str:
    """Text in which Slack finds no mention, link or entity."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SENTENCE = re.compile(r".*?[.?!](?=\s|$)", re.DOTALL)


def notice_of(message: Message) -> str:
    """The words of a notification: the message's own, or its first sentence. People's words are in none."""
    if message.notice:
        return message.notice
    words = next(filter(None, map(spoken, message.blocks)), "llmq")
    first = SENTENCE.match(words)
    return first[0] if first else words


def notice(words: str, number: str) -> str:
    """A notice with which of several parts it is for, as short as phones show it."""
    room = LONGEST_NOTICE - len(number)
    return escape((words if len(words) <= room else f"{words[: room - 1]}…") + number)


def spoken(block: Block) -> str:
    """What a block adds to a notification. Bars may be key points, and rows may be anything."""
    match block:
        case Heading(words) | Footnote(words):
            return unmarked(words)
        case Markdown(words):
            return plain_words(words)
        case Fields(pairs):
            return unmarked(", ".join(f"{label} {value}" for label, value in pairs))
        case Quote() | Table() | Bars() | Grid() | Divider() | Buttons() | Ping():
            return ""
        case _:
            assert_never(block)


def unmarked(words: str) -> str:
    """Text with the words of its moments; the id of a channel says nothing to a person."""
    return CHANNEL.sub(A_CHANNEL, without_moments(words))


@lru_cache(maxsize=4096)
def plain_words(markdown: str) -> str:
    """Markdown without its marks."""
    lines = ("".join(map(words_of, flat(element))) for run in rich_text(markdown) for element in run)
    return " ".join(" ".join(lines).split())


RUNS = (
    RichTextElementParts.Text,
    RichTextElementParts.Link,
    RichTextElementParts.Channel,
    RichTextElementParts.Date,
)


def flat(element: Any) -> Iterator[Any]:
    """The runs of a rich text element, however deep they lie."""
    if isinstance(element, RUNS):
        yield element
    for part in getattr(element, "elements", None) or ():
        yield from flat(part)


def words_of(part: Any) -> str:
    match part:
        case RichTextElementParts.Channel():
            return A_CHANNEL
        case RichTextElementParts.Date():
            return str(part.fallback or "")
        case _:
            return str(part.text or "")
