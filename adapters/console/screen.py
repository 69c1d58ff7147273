"""The terminal's output: who speaks, the blocks below, in colour or as plain text."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

from adapters.console.blocks import Number, stack
from adapters.console.words import literal
from bot.messages import Block

WIDEST = 100
THEME = Theme(
    {
        "heading": "bold cyan",
        "speaker": "bold",
        "author": "bold",
        "bar": "cyan",
        "button": "cyan",
        "primary": "bold green",
        "own": "bold green",
        "quiet": "dim",
        "markdown.code": "cyan",
        "markdown.code_block": "cyan",
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.item.number": "dim",
        "markdown.item.bullet": "dim",
        "markdown.link": "none",
        "markdown.link_url": "dim underline",
        "markdown.block_quote": "dim",
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
    }
)


class Screen:
    """A place to draw on. A plain one is 100 columns wide and shows text alone, whatever the terminal."""

    def __init__(self, stdout: TextIO, plain: bool) -> None:
        self.plain = plain
        self.gone = False
        self._stdout = stdout
        self._console = _plain(stdout) if plain else Console(file=stdout, theme=THEME, highlight=False)

    @property
    def colour(self) -> bool:
        """Whether colours are wanted; NO_COLOR says no."""
        return not self._console.no_color and self._console.color_system is not None

    def speak(self, blocks: Iterable[Block], number: Number, aside: str = "", thread: bool = False) -> None:
        """Draw what the bot says; `aside` says when, or to whom."""
        speaker = Text.assemble(("↳ " if thread else "") + "llmq", style="speaker")
        speaker.append_text(literal(f"  {aside}" if aside else "", "not bold dim"))
        self._draw(speaker, indent=2 if thread else 0, end="")
        self._draw(stack(blocks, number), indent=4 if thread else 2)

    def note(self, text: str) -> None:
        """Draw a sentence of the terminal's own."""
        self._draw(literal(text, "quiet"))

    def echo(self, prompt: str, line: str) -> None:
        """Draw a line that was piped in, so that the output reads as a conversation."""
        self._draw(literal(prompt + line))

    def _draw(self, part: RenderableType, indent: int = 0, end: str = "\n") -> None:
        with self._console.capture() as drawn:
            width = min(WIDEST, self._console.width)
            self._console.print(Padding(part, (0, 0, 0, indent), expand=False), width=width)
        self._write("\n".join(line.rstrip() for line in drawn.get().rstrip("\n").split("\n")) + "\n" + end)

    def _write(self, text: str) -> None:
        # While a prompt stands, prompt_toolkit has put its own stream at sys.stdout, which draws above it.
        stream = self._stdout if self.plain else sys.stdout
        try:
            stream.write(text)
            stream.flush()
        except BrokenPipeError:
            self._leave()

    def _leave(self) -> None:
        # The reader is gone. Python flushes stdout once more at its end and would complain about it.
        self.gone = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stdout.fileno())
        os.close(nowhere)


def _plain(stdout: TextIO) -> Console:
    return Console(
        file=stdout,
        force_terminal=False,
        force_interactive=False,
        color_system=None,
        width=WIDEST,
        theme=THEME,
        highlight=False,
        _environ={},
    )
