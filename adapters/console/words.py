"""How text reaches the terminal: as it was typed, and unable to drive it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

# ESC and the other C0 and C1 codes drive a terminal, bidi overrides reorder it, surrogates have no bytes.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """The text without the characters that would drive or reorder the terminal."""
    return UNSAFE.sub("", text.replace("\r\n", "\n"))


def literal(text: str, style: str = "") -> Text:
    """Text shown as it is typed, wrapped and never cut."""
    return Text(safe(text), style=style, overflow="fold", tab_size=4)


@dataclass(frozen=True, slots=True)
class Barred:
    """Lines behind a bar, so that nobody's words can pass for another's."""

    body: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the bar before every line, wrapped ones too."""
        inner = options.update(width=max(options.max_width - 2, 1))
        for line in console.render_lines(self.body, inner, pad=False):
            yield Segment("│ ", console.get_style("bar"))
            yield from line
            yield Segment.line()
