"""A visit to the terminal from its streams to its exit status."""

from __future__ import annotations

from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from adapters.console.completion import candidates
from adapters.console.game import ConsolePort
from adapters.console.piped import PipedLines
from adapters.console.platform import ConsolePlatform
from adapters.console.screen import Screen
from adapters.console.talk import Lines, Talk, talk

AGAIN = "/llmq help says what the bot can do, /help what this terminal can."
FIRST_VISIT = f"""\
Type your answer to the question above, or the number of a button.
{AGAIN}
You are the admin here; /as ana speaks as a member, /as you goes back."""


def open_screen(stdin: TextIO, stdout: TextIO) -> Screen:
    """The screen for these streams: plain unless a person sits at both ends."""
    return Screen(stdout, plain=not (stdin.isatty() and stdout.isatty()))


async def run_console(
    game: ConsolePort,
    platform: ConsolePlatform,
    history: Path | None,
    stdin: TextIO,
    stdout: TextIO,
    run: str,
) -> int:
    """Play until the input ends. `run` makes the ids of this visit's requests unlike those of any other."""
    for stream in (stdin, stdout):
        # Bytes that are no UTF-8 become a question mark in a diamond; they must not end a game.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    conversation = Talk(game, platform, run)
    await talk(conversation, _lines(conversation, history, stdin))
    return 0


def _lines(conversation: Talk, history: Path | None, stdin: TextIO) -> Lines:
    screen = conversation.platform.screen
    if screen.plain:
        return PipedLines(stdin, screen)
    # Imported here: it takes a quarter of a second, and piped input needs none of it.
    from adapters.console.terminal import TerminalLines

    screen.note(AGAIN if history and history.exists() else FIRST_VISIT)
    return TerminalLines(
        history,
        lambda line: candidates(line, conversation.game.complete, conversation.names.values()),
        screen.colour,
    )
