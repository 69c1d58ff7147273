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

    async def read(self, prompt: Callable[[], str], initial: str = "") -> str | None:
        """The next line that is not blank, or None at the end."""
        while line := await asyncio.to_thread(self._stdin.readline):
            if line.strip():
                self._screen.echo(prompt(), line.strip("\r\n"))
                return line.strip("\r\n")
        return None
