"""How each kind of block looks in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import assert_never

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from adapters.console.tables import Fitting, fields
from adapters.console.words import Barred, literal
from bot.messages import (
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
    Ping,
    Quote,
    Table,
    without_channels,
    without_moments,
)

Number = Callable[[Button], int]
GAP = "  "
RULE = "─" * 24
BLOCK = "█"
LONGEST_BAR = 20


def stack(blocks: Iterable[Block], number: Number) -> Group:
    """The blocks in order, a blank line between them."""
    drawn = [part for block in blocks for part in (Text(), render(block, number))]
    return Group(*drawn[1:])


def render(block: Block, number: Number) -> RenderableType:
    """One block; `number` gives a button the number that presses it."""
    match block:
        case Heading(text):
            return literal(without_channels(text), "heading")
        case Markdown(text):
            # Imported here: it takes a tenth of a second, and `/llmq me` does without.
            from adapters.console.markdown import markdown

            return markdown(without_moments(text))
        case Quote(author, text, button):
            said = Barred(Group(literal(" ".join(author.split()), "author"), literal(text)))
            return Group(said, Row((_button(button, number(button)),))) if button else said
        case Fields(pairs):
            return fields(tuple((without_channels(label), without_moments(value)) for label, value in pairs))
        case Table():
            return Fitting(block)
        case Grid(text):
            return literal(text)
        case Bars(bars):
            return Group(*map(drawn, bars))
        case Divider():
            return literal(RULE, "quiet")
        case Buttons(buttons):
            return Row(tuple(_button(button, number(button)) for button in buttons))
        case Footnote(text):
            return literal(without_channels(without_moments(text)), "quiet")
        case Ping():
            return literal(block.words)
        case _:
            assert_never(block)


def drawn(bar: Bar) -> Text:
    return Text.assemble(literal(bar.words), "  ", (BLOCK * round(bar.share * LONGEST_BAR), "bar"))


def _button(button: Button, number: int) -> Text:
    return literal(f"[{number}] {button.label}", "primary" if button.primary else "button")


@dataclass(frozen=True, slots=True)
class Row:
    """Labels side by side; one that does not fit starts a new line as a whole."""

    labels: tuple[Text, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Fill each line before the next."""
        line = self.labels[0]
        for label in self.labels[1:]:
            if line.cell_len + len(GAP) + label.cell_len > options.max_width:
                yield line
                line = label
            else:
                line = Text.assemble(line, GAP, label, overflow="fold")
        yield line
