"""A table as lines of text, for letters of one width."""

from __future__ import annotations

from wcwidth import wcswidth

from bot.messages import Table


def columns(table: Table) -> list[str]:
    """A table's lines in columns, for letters of one width; the reader's own row is marked."""
    rows = (table.header, *table.rows)
    widths = [max(wcswidth(row[n]) for row in rows) for n in range(len(table.header))]
    lines = ["  ".join(map(padded, row, widths)) for row in rows]
    own = None if table.own is None else table.own + 1
    return [f"{'→ ' if n == own else '  '}{line}".rstrip() for n, line in enumerate(lines)]


def padded(cell: str, width: int) -> str:
    return cell + " " * (width - wcswidth(cell))
