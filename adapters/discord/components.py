"""How a message becomes Components V2: within Discord's limits, split over several messages, never cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1
from itertools import chain
from typing import Any, assert_never

import discord
from discord import ui

from adapters.discord.words import (
    escaped,
    fenced,
    in_discords_markdown,
    quoted,
    unfenced,
    with_channels,
    with_moments,
)
from bot.messages import (
    Bar,
    Bars,
    Block,
    Button,
    Buttons,
    Divider,
    Fields,
    File,
    Footnote,
    Grid,
    Heading,
    Markdown,
    Message,
    Ping,
    Quote,
    Table,
)

# Of the 40 components of a message one is the container, and a row of buttons has five more in it.
MOST_COMPONENTS = 40
# All texts of a message together have 4,000 characters. Beyond some 10,170 bytes, each text with twelve more,
# Discord fails to show them, which no page of it says.
MOST_TEXT = 4000
MOST_BYTES = 10_000
BYTES_AROUND = 12
# How many of the 4,000 a character of four bytes takes, rounded up.
WIDEST = 2
LONGEST_LABEL = 80
ACCENT = discord.Colour.blurple()
REFUSED_ACCENT = discord.Colour.dark_gold()
# Discord numbers the components that we do not from 1 on; a number of ours has 31 bits and stays off those.
FIRST_NUMBER, NUMBERS = 1000, 2**31 - 1000
LONGEST_NONCE = 25
BAR, LONGEST_BAR = "█", 12
CROWD = re.compile("@(?=everyone|here)")


@dataclass(frozen=True, slots=True)
class Text:
    """A part of a message that is text: it stands alone or beside others in one message."""

    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of buttons."""

    buttons: tuple[Button, ...]


Piece = Text | Row | Divider


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a part of a posted message is known, the same whenever it is posted again.

    Discord keeps the number of the outermost component, and refuses a nonce that it had some minutes ago.
    """

    number: int
    nonce: str

    @classmethod
    def of(cls, key: str, part: int = 0, version: str = "") -> Mark:
        """The number is the key's; what stands there in another version is no repetition."""
        digest = sha1(f"{key}#{part}".encode(), usedforsecurity=False)
        number = FIRST_NUMBER + int.from_bytes(digest.digest()[:8]) % NUMBERS
        digest.update(version.encode())
        return cls(number, digest.hexdigest()[:LONGEST_NONCE])


@dataclass(frozen=True, slots=True)
class Part:
    """One Discord message of those that a message takes."""

    mark: Mark
    view: ui.LayoutView
    allowed: discord.AllowedMentions


def parts_of(message: Message) -> Sequence[ui.LayoutView]:
    """The Discord messages that a message takes. A person's words are not kept for the next time."""
    quotes = any(isinstance(block, Quote) for block in message.blocks)
    return views_of(message) if quotes else views_before(message)


def parts_to_find(message: Message, key: str, version: str = "") -> list[Part]:
    """The Discord messages that a message takes, in a form in which each is found again."""
    allowed = allowed_in(message)
    marked = ((Mark.of(key, n, version), chunk) for n, chunk in enumerate(chunks_of(message)))
    return [Part(mark, view_of(chunk, ACCENT, mark.number), allowed) for mark, chunk in marked]


def allowed_in(message: Message) -> discord.AllowedMentions:
    """Whom a message may call: the one role that it names, who is here, or nobody."""
    ping = ping_of(message)
    roles = [discord.Object(int(ping.group))] if ping and is_id(ping.group) else False
    here = ping is not None and not ping.group
    return discord.AllowedMentions(everyone=here, users=False, roles=roles, replied_user=False)


def is_id(word: str) -> bool:
    """Whether a word can be an id: Discord refuses a whole message for one that cannot."""
    return word.isascii() and word.isdecimal() and int(word) < 2**63


def ping_of(message: Message) -> Ping | None:
    return next((block for block in message.blocks if isinstance(block, Ping)), None)


def number_in(components: Sequence[object]) -> int | None:
    """The number of a message's outermost component."""
    number = getattr(components[0], "id", None) if components else None
    return number if isinstance(number, int) else None


def views_of(message: Message) -> tuple[ui.LayoutView, ...]:
    accent = REFUSED_ACCENT if message.refused else ACCENT
    return tuple(view_of(chunk, accent) for chunk in chunks_of(message))


def chunks_of(message: Message) -> Iterator[list[Piece]]:
    if ping_of(message):
        return chunks(piece for block in message.blocks for piece in calling_nobody(block))
    return chunks(piece for block in message.blocks for piece in pieces_for(block))


def calling_nobody(block: Block) -> Iterator[Piece]:
    """The pieces of a block beside a ping. Discord lets `@everyone` through together with `@here`.

    A backslash before it is no help; a space of no width within it is.
    """
    for piece in pieces_for(block):
        if isinstance(piece, Text) and not isinstance(block, Ping):
            yield Text(CROWD.sub("@\u200b", piece.words))
        else:
            yield piece


# discord.py takes longer to make a view than to send it; one that is stopped never changes.
views_before = lru_cache(maxsize=512)(views_of)


def view_of(pieces: Iterable[Piece], accent: discord.Colour, number: int | None = None) -> ui.LayoutView:
    """One message. It is stopped at once, so that discord.py keeps nothing of it in memory.

    A button says by itself what it does, after a restart too.
    """
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container[Any](*map(component, pieces), accent_colour=accent, id=number))
    view.stop()
    return view


def with_files(view: ui.LayoutView, files: Sequence[File]) -> ui.LayoutView:
    """The message with its files under it: beside such components Discord shows no file that is not named."""
    if not files:
        return view
    shown = ui.LayoutView(timeout=None)
    for item in (*view.children, *(ui.File[Any](f"attachment://{file.name}") for file in files)):
        shown.add_item(item)
    shown.stop()
    return shown


def component(piece: Piece) -> ui.Item[Any]:
    match piece:
        case Text(words):
            return ui.TextDisplay(words)
        case Row(buttons):
            return ui.ActionRow(*map(button, buttons))
        case Divider():
            return ui.Separator()
        case _:
            assert_never(piece)


def button(button: Button) -> ui.Button[Any]:
    """A button; its command is its name on the wire."""
    return ui.Button(label=button.label[:LONGEST_LABEL], custom_id=button.command, style=style_of(button))


def style_of(button: Button) -> discord.ButtonStyle:
    if button.danger:
        return discord.ButtonStyle.danger
    return discord.ButtonStyle.primary if button.primary else discord.ButtonStyle.secondary


def chunks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces in runs that one message may hold."""
    chunk: list[Piece] = []
    size = Size(components=1)
    for piece in pieces:
        larger = size + size_of(piece)
        if chunk and not larger.fits:
            yield chunk
            chunk, larger = [], Size(components=1) + size_of(piece)
        chunk.append(piece)
        size = larger
    if chunk:
        yield chunk


@dataclass(frozen=True, slots=True)
class Size:
    """What counts towards a message's limits."""

    components: int
    characters: int = 0
    bytes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.components + other.components,
            self.characters + other.characters,
            self.bytes + other.bytes,
        )

    @property
    def fits(self) -> bool:
        within = self.characters <= MOST_TEXT and self.bytes <= MOST_BYTES
        return within and self.components <= MOST_COMPONENTS


def size_of(piece: Piece) -> Size:
    match piece:
        case Text(words):
            return Size(1, len(words), len(words.encode()) + BYTES_AROUND)
        case Row(buttons):
            return Size(1 + len(buttons))
        case Divider():
            return Size(1)
        case _:
            assert_never(piece)


def pieces_for(block: Block) -> Iterable[Piece]:
    """The pieces of one block. A person's words are not kept in memory for the next time."""
    return pieces_of(block) if isinstance(block, Quote) else pieces_before(block)


@lru_cache(maxsize=4096)
def pieces_before(block: Block) -> tuple[Piece, ...]:
    """Most blocks are drawn again and again."""
    return tuple(pieces_of(block))


def pieces_of(block: Block) -> Iterator[Piece]:
    """The pieces of one block, none longer than a message."""
    match block:
        case Heading(words):
            yield from texts([f"### {with_channels(words)}"])
        case Markdown(words):
            yield from texts(separated(in_discords_markdown(words)))
        case Quote(author, words, pressed):
            yield from quotation(author, words)
            if pressed:
                yield Row((pressed,))
        case Fields(pairs):
            yield from texts(chain.from_iterable(field_lines(*pair) for pair in pairs))
        case Table():
            yield from texts(table_lines(block))
        case Grid(words):
            yield from preformatted(words.split("\n"))
        case Bars(bars):
            yield from texts(map(drawn, bars))
        case Divider():
            yield block
        case Buttons(buttons):
            yield Row(buttons)
        case Footnote(words):
            yield from texts([f"-# {with_moments(words)}"])
        case Ping(group):
            yield Text(f"<@&{group}>" if group else "@here")
        case _:
            assert_never(block)


def table_lines(table: Table) -> Iterator[str]:
    """A line a row, which a telephone shows as well as a wide screen; the reader's own stands out."""
    if any(table.header):
        yield f"-# {' · '.join(filter(None, map(with_channels, table.header)))}"
    for number, row in enumerate(table.rows):
        line = " · ".join(map(escaped, row))
        yield f"**{line}**" if number == table.own else line


def drawn(bar: Bar) -> str:
    """A bar's words, and its length as code."""
    filled = BAR * round(bar.share * LONGEST_BAR)
    words = with_channels(bar.words)
    return f"{words} `{filled}`" if filled else words


def field_lines(label: str, value: str) -> list[str]:
    first, *more = value.split("\n")
    return [f"**{with_channels(label)}:** {with_moments(first)}", *map(with_moments, more)]


def quotation(author: str, words: str) -> Iterator[Text]:
    """A person's words under their name, which stands over each part of them again."""
    name = f"**{escaped(author)}**"
    room = MOST_TEXT - width(name) - 1
    return (Text(f"{name}\n{part}") for part in packed(quoted(words), room))


def separated(paragraphs: Sequence[str]) -> Iterator[str]:
    """Blocks of Markdown with an empty line between them."""
    for n, paragraph in enumerate(paragraphs):
        yield f"\n{paragraph}" if n else paragraph


def preformatted(lines: Sequence[str]) -> Iterator[Text]:
    """Lines that keep their columns, a fence around each run of them that fits."""
    room = MOST_TEXT - len(fenced(""))
    return (Text(fenced(text)) for text in packed(map(unfenced, lines), room))


def texts(lines: Iterable[str]) -> Iterator[Text]:
    return (Text(text) for text in packed(lines, MOST_TEXT))


def packed(lines: Iterable[str], room: int) -> Iterator[str]:
    """Lines joined into texts that fit; a longer line is divided after a word where there is one."""
    text: str | None = None
    for line in chain.from_iterable(fitting(line, room) for line in lines):
        if text is not None and width(text) + 1 + width(line) > room:
            yield text
            text = None
        text = line if text is None else f"{text}\n{line}"
    if text is not None:
        yield text


def width(text: str) -> int:
    """How many of a message's 4,000 characters a text takes: more than its own where they have many bytes."""
    return max(len(text), -(-len(text.encode()) * MOST_TEXT // (MOST_BYTES - BYTES_AROUND)))


def fitting(line: str, room: int) -> Iterator[str]:
    """A line in parts that fit, never divided between a backslash and what it stands for."""
    quote = "> " if line.startswith("> ") else ""
    while width(line) > room:
        most = room if line.isascii() else room // WIDEST
        cut = line.rfind(" ", len(quote) + 1, most) + 1 or most
        backslashes = len(line[:cut]) - len(line[:cut].rstrip("\\"))
        cut -= backslashes % 2
        yield line[:cut]
        line = quote + line[cut:]
    yield line
