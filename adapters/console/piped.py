"""Lines from a pipe or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TextIO

from adapters.console.screen import Screen


class PipedLines:
    """Reads lines until the input ends, and shows each one behind the prompt."""

    def __init__(self, stdin: TextIO, screen: Screen) -> None:
        self._stdin = stdin
        self._screen = screen

    async def read(self, prompt: Callable[[], str], initial: str = "", *, empty: bool = False) -> str | None:
        """The next line that says something, or None at the end; a blank one does only with `empty`."""
        while line := await asyncio.to_thread(self._stdin.readline):
            if line.strip() or empty:
                self._screen.echo(prompt(), line.strip("\r\n"))
                return line.strip("\r\n")
        return None
