"""Lines from a person at a terminal, with history and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.patch_stdout import patch_stdout

# The clock in the prompt goes on while nobody types.
REFRESH_SECONDS = 5.0

Candidates = Callable[[str], list[str]]


class Tab(Completer):
    """Offers candidates for the last word of what stands before the cursor."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What Tab shows."""
        line = document.text_before_cursor
        start = -len(line.rpartition(" ")[2])
        return (Completion(candidate, start) for candidate in self._candidates(line))


def keys() -> KeyBindings:
    """Enter sends and Alt-Enter, which terminals send as Esc and Enter, starts a new line."""
    bindings = KeyBindings()

    @bindings.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings


def painted(prompt: str) -> StyleAndTextTuples:
    """The prompt with its channel standing out and its sign quiet."""
    channel, _, rest = prompt.partition(" ")
    return [("bold ansicyan", channel), ("", f" {rest}")]


class TerminalLines:
    """Asks for a line; posts that arrive meanwhile are drawn above it."""

    def __init__(self, history: Path | None, candidates: Candidates, colour: bool) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=Tab(candidates),
            complete_while_typing=False,
            reserve_space_for_menu=6,
            key_bindings=keys(),
            multiline=True,
            prompt_continuation="  ",
            refresh_interval=REFRESH_SECONDS,
            color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
        )

    async def read(self, prompt: Callable[[], str], initial: str = "", *, empty: bool = False) -> str | None:
        """The next line; Ctrl-C starts it anew and Ctrl-D is the end."""
        while True:
            try:
                return await self._ask(prompt, initial)
            except KeyboardInterrupt:
                self._session.output.write_raw("\nCtrl-D or /quit leaves.\n")
            except EOFError:
                return None

    async def _ask(self, prompt: Callable[[], str], initial: str) -> str:
        with patch_stdout(raw=True):
            line = await self._session.prompt_async(lambda: painted(prompt()), default=initial)
        self._session.output.write_raw("\n")
        self._session.output.flush()
        return line


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileHistory(str(path))
