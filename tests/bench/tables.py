"""How what was measured is printed: what it is, what its floor does, and a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Compared

WIDTH = 110


def printed(title: str, floor: str, header: Sequence[str], *rows: Sequence[str]) -> None:
    """A table; `floor` says what stands beside ours, or how it was measured."""
    console, table = Console(highlight=False, width=WIDTH), Table(*header)
    for row in rows:
        table.add_row(*row)
    console.print(title, style="bold")
    console.print(floor)
    console.print(table)
    console.print()


def rates(found: Compared) -> tuple[str, str, str]:
    """Ours, the floor and the ratio of the two."""
    return f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{found.ratio:.2f}"


def cost(found: Compared) -> tuple[str, str, str]:
    """The large one, the small one, and how many times as much the large one costs."""
    return f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{1 / found.ratio:.2f}"
