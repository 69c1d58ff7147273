"""How labels, cells and rows line up, also where the terminal is narrow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table as Columns
from rich.text import Text

from adapters.console.words import Barred, literal
from bot.messages import Table

FIGURES = re.compile(r"[#=+-]?[\d.,]+%?")


def fields(pairs: Iterable[tuple[str, str]]) -> Columns:
    """Labels and values in two aligned columns."""
    grid = Columns.grid(padding=(0, 2, 0, 0))
    for label, value in pairs:
        grid.add_row(literal(label, "quiet"), literal(value))
    return grid


@dataclass(frozen=True, slots=True)
class Fitting:
    """A table as columns where they fit, else each row as a list of its cells."""

    table: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Columns narrower than their longest word would be broken letter by letter."""
        wide = columns(self.table)
        # rich cuts a measurement to the width it is asked for, so the need is measured in a wide room.
        need = Measurement.get(console, options.update(width=10_000), wide).minimum
        yield wide if need <= options.max_width else records(self.table)


def columns(table: Table) -> Columns:
    """The table as columns; the reader's own row, whose words say whose it is, stands out."""
    drawn = Columns(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="quiet")
    for place, title in enumerate(table.header):
        drawn.add_column(literal(title), justify=_side([row[place] for row in table.rows]))
    for index, row in enumerate(table.rows):
        drawn.add_row(*map(literal, row), style="own" if index == table.own else None)
    return drawn


def records(table: Table) -> Group:
    """Each row as labels and values; a bar marks the reader's own."""
    parts: list[RenderableType] = []
    for index, row in enumerate(table.rows):
        pairs = fields(zip(table.header, row, strict=True))
        parts += [Text(), Barred(pairs) if index == table.own else pairs]
    return Group(*parts[1:])


def _side(cells: Sequence[str]) -> Literal["left", "right"]:
    return "right" if cells and all(FIGURES.fullmatch(cell) for cell in cells) else "left"
