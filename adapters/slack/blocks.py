"""How a message becomes Block Kit: within Slack's limits, split over several messages, never cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

from slack_sdk.models.blocks import (
    RichTextBlock,
)

from adapters.slack.notices import escape, notice, notice_of
from adapters.slack.richtext import DATE_FORMATS, date_element, pieces, rich_text
from bot.messages import (
    CHANNEL,
    MOMENT,
    Bar,
    Bars,
    Block,
    Button,
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
)

MOST_BLOCKS = 50
# Slack refuses a message whose blocks hold more than about 13,000 characters, which no page of it says.
MOST_TEXT = 11_000
# A message holds one table; Slack refuses one with an empty cell, as it does a longer one.
MOST_ROWS = 100
LONGEST_HEADER = 150
BAR, LONGEST_BAR = "█", 12
MARK = re.compile(f"{MOMENT.pattern}|{CHANNEL.pattern}")


@dataclass(frozen=True, slots=True)
class Native:
    """A Slack block, the same as JSON, and how many characters of text it holds."""

    block: dict[str, Any]
    json: str
    length: int

    @property
    def is_table(self) -> bool:
        return bool(self.block["type"] == "table")


@dataclass(frozen=True, slots=True)
class Part:
    """One Slack message: its blocks, and the text for notifications and screen readers."""

    natives: tuple[Native, ...]
    text: str

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return [native.block for native in self.natives]

    @property
    def json(self) -> str:
        """Text and blocks as the fields of a JSON object, from JSON that was made before."""
        blocks = ",".join(native.json for native in self.natives)
        return f'"text":{json.dumps(self.text)},"blocks":[{blocks}]'


def parts_of(message: Message) -> tuple[Part, ...]:
    """The Slack messages that a message takes, in order."""
    drawn = [native for block in message.blocks for native in natives(block)]
    return parts(drawn, message)


def parts(drawn: Sequence[Native], message: Message) -> tuple[Part, ...]:
    """Blocks of a message as Slack messages, each with a notice of its own."""
    words, found = notice_of(message), list(chunks(drawn))
    numbers = [f" ({n} of {len(found)})" if len(found) > 1 else "" for n in range(1, len(found) + 1)]
    return tuple(
        Part(tuple(chunk), notice(words, number)) for chunk, number in zip(found, numbers, strict=True)
    )


def natives(block: Block) -> Sequence[Native]:
    """The Slack blocks of one block. A person's words are not kept in memory for the next time."""
    return drawn_anew(block) if isinstance(block, Quote | Grid) else drawn_before(block)


def drawn_anew(block: Block) -> tuple[Native, ...]:
    return tuple(map(native_of, render(block)))


def native_of(block: dict[str, Any]) -> Native:
    return Native(block, json.dumps(block), text_length(block))


# slack_sdk's models take milliseconds to draw a message, and most blocks are drawn again and again.
drawn_before = lru_cache(maxsize=4096)(drawn_anew)


def chunks(blocks: Sequence[Native]) -> Iterator[list[Native]]:
    """Blocks in runs that one message may hold."""
    chunk: list[Native] = []
    size = 0
    for block in blocks:
        second_table = block.is_table and any(one.is_table for one in chunk)
        if chunk and (len(chunk) == MOST_BLOCKS or size + block.length > MOST_TEXT or second_table):
            yield chunk
            chunk, size = [], 0
        chunk.append(block)
        size += block.length
    if chunk:
        yield chunk


def text_length(native: object) -> int:
    """How many characters of text a block holds."""
    if isinstance(native, dict):
        own = len(native["text"]) if isinstance(native.get("text"), str) else 0
        return own + sum(text_length(value) for value in native.values())
    return sum(text_length(value) for value in native) if isinstance(native, list) else 0


def render(block: Block) -> Iterator[dict[str, Any]]:
    """The Slack blocks of one block. Only Markdown takes slack_sdk's models, which are slow to draw."""
    match block:
        case Heading(words) if len(words) <= LONGEST_HEADER and not MARK.search(words):
            yield {"type": "header", "text": plain_text(words)}
        case Heading(words):
            yield rich_block("section", *marked_runs(words, bold=True))
        case Markdown(words):
            yield from (RichTextBlock(elements=list(run)).to_dict() for run in rich_text(words))
        case Quote(author, words, button):
            yield from quote(author, words)
            if button:
                yield {"type": "actions", "elements": [button_element(0, button)]}
        case Fields(pairs):
            yield rich_block("section", *field_runs(pairs))
        case Table():
            yield from tables(block)
        case Grid(words):
            yield from preformatted(words)
        case Bars(bars):
            yield rich_block("section", *bar_runs(bars))
        case Divider():
            yield {"type": "divider"}
        case Buttons(buttons):
            yield {"type": "actions", "elements": [button_element(n, one) for n, one in enumerate(buttons)]}
        case Footnote(words):
            yield {"type": "context", "elements": [footnote(words)]}
        case Ping(group):
            yield {"type": "section", "text": {"type": "mrkdwn", "text": call_of(group)}}
        case _:
            assert_never(block)


def call_of(group: str) -> str:
    """The code that calls a user group, or whoever is here; an id of anything else calls nobody."""
    return f"<!subteam^{group}>" if group.isalnum() else "" if group else "<!here>"


def footnote(words: str) -> dict[str, Any]:
    """Small text; only as mrkdwn does it take moments and channels, and then the rest is escaped."""
    if not MARK.search(words):
        return plain_text(words)
    marked = CHANNEL.sub(r"<#\g<channel>>", MOMENT.sub(date_code, escape(words)))
    return {"type": "mrkdwn", "text": marked, "verbatim": True}


def date_code(found: re.Match[str]) -> str:
    return f"<!date^{found['unix']}^{DATE_FORMATS[found['style']]}|{found['words']}>"


def quote(author: str, words: str) -> Iterator[dict[str, Any]]:
    """A person's words: rich text is not parsed, so they stand as typed and call nobody.

    The author stands in the same block, and again over each further piece, since a message may end there.
    """
    name = [rich("section", text_run(author, bold=True))] if author else []
    for piece in pieces(words):
        yield {"type": "rich_text", "elements": [*name, rich("quote", text_run(piece))]}


def tables(table: Table) -> Iterator[dict[str, Any]]:
    """A table as Slack draws it, which members' words in it cannot format; the reader's own row is bold."""
    head, room = [table.header] if any(table.header) else [], MOST_ROWS - 1
    for at in range(0, len(table.rows), room):
        numbered = enumerate(table.rows[at : at + room], start=at)
        rows = [*(map(cell, row) for row in head), *(cells(row, n == table.own) for n, row in numbered)]
        wrapped = [{"is_wrapped": True}] * len(table.header)
        yield {"type": "table", "rows": [list(row) for row in rows], "column_settings": wrapped}


def cells(row: Sequence[str], own: bool) -> Iterator[dict[str, Any]]:
    return (rich_block("section", text_run(one or " ", bold=True)) if own else cell(one) for one in row)


def cell(words: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": words or " "}


def preformatted(words: str) -> Iterator[dict[str, Any]]:
    for piece in pieces(words):
        yield rich_block("preformatted", text_run(piece))


def rich_block(kind: str, *runs: dict[str, Any]) -> dict[str, Any]:
    """A rich text block with one element."""
    return {"type": "rich_text", "elements": [rich(kind, *runs)]}


def rich(kind: str, *runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": list(runs)}


def text_run(words: str, *, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": {"bold": True}} if bold else {})


def field_runs(pairs: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for n, (label, value) in enumerate(pairs):
        yield from marked_runs(f"\n{label}: " if n else f"{label}: ", bold=True)
        yield from marked_runs(value.replace("\n", " · "))


def marked_runs(words: str, *, bold: bool = False) -> Iterator[dict[str, Any]]:
    """Text with its moments as dates, which Slack shows in the reader's zone, and its channels by name."""
    at = 0
    for found in MARK.finditer(words):
        if found.start() > at:
            yield text_run(words[at : found.start()], bold=bold)
        yield mark_run(found)
        at = found.end()
    if at < len(words):
        yield text_run(words[at:], bold=bold)


def mark_run(found: re.Match[str]) -> dict[str, Any]:
    if found["channel"] is not None:
        return {"type": "channel", "channel_id": found["channel"]}
    return date_element(found).to_dict()


def bar_runs(bars: Sequence[Bar]) -> Iterator[dict[str, Any]]:
    """A line for each bar: its words, then its length in one character."""
    for n, bar in enumerate(bars):
        yield text_run(f"\n{bar.words} " if n else f"{bar.words} ")
        if filled := BAR * round(bar.share * LONGEST_BAR):
            yield text_run(filled) | {"style": {"code": True}}


def button_element(number: int, button: Button) -> dict[str, Any]:
    # Slack wants the action ids of a message to differ; the command is the value.
    element = {
        "type": "button",
        "text": plain_text(button.label),
        "action_id": f"llmq_{number}_{button.command}"[:255],
        "value": button.command,
    }
    style = "danger" if button.danger else "primary" if button.primary else ""
    return element | ({"style": style} if style else {})


def plain_text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}
