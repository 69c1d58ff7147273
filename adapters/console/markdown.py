"""How CommonMark looks in a terminal; slow to import, so a screen without any does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType, RenderResult
from rich.markdown import CodeBlock, Heading, MarkdownElement, TableDataElement, TableElement
from rich.markdown import Markdown as RichMarkdown
from rich.segment import Segment
from rich.syntax import Syntax

from adapters.console.tables import Fitting
from adapters.console.words import safe
from bot.messages import CHANNEL_LINK, THREAD_LINK, Table

# rich leaves out what looks like HTML, such as `List<T>`, and shows a bare address twice; both stay text.
PARSER = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable("autolink")


class Code(CodeBlock):
    """Code on the terminal's own background, set in by two columns."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it without rich's blank lines above and below."""
        text, ground = str(self.text).rstrip(), "default"
        lexer, theme = self.lexer_name, "ansi_dark"
        yield Trimmed(
            Syntax(text, lexer, theme=theme, background_color=ground, word_wrap=True, padding=(0, 2))
        )


class Title(Heading):
    """A heading at the left, where rich would centre the largest."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class Rows(TableElement):
    """A table, drawn like every other table."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it in columns where they fit."""
        header = self.header.row if self.header else None
        rows = [row.cells for row in self.body.rows] if self.body else []
        yield Fitting(Table(_plain(header.cells if header else ()), tuple(_plain(row) for row in rows)))


def _plain(cells: Sequence[TableDataElement]) -> tuple[str, ...]:
    return tuple(cell.content.plain for cell in cells)


class Prose(RichMarkdown):
    """CommonMark with tables."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **RichMarkdown.elements,
        "heading_open": Title,
        "fence": Code,
        "code_block": Code,
        "table_open": Rows,
    }


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A part without the blank lines at either end that rich sets around lists."""

    body: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what stands between the first and the last line that show something."""
        lines = console.render_lines(self.body, options, pad=False)
        shown = [place for place, line in enumerate(lines) if any(part.text.strip() for part in line)]
        for line in lines[shown[0] : shown[-1] + 1] if shown else []:
            yield from line
            yield Segment.line()


def markdown(text: str) -> Trimmed:
    """CommonMark as a part of the screen."""
    prose = Prose("", hyperlinks=False)
    prose.parsed = PARSER.parse(safe(text))
    for token in prose.parsed:
        token.children = list(unlinked(token.children)) if token.children else token.children
    return Trimmed(prose)


def unlinked(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens without links to channels and threads: a terminal has none to go to."""
    goes_nowhere = False
    for token in tokens:
        if token.type == "link_open":
            goes_nowhere = str(token.attrGet("href")).startswith((CHANNEL_LINK, THREAD_LINK))
        if not goes_nowhere or token.type not in ("link_open", "link_close"):
            yield token
