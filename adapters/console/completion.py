"""What Tab offers for a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from adapters.console.lines import COMMANDS

Complete = Callable[[str], Sequence[str]]


def candidates(line: str, game: Complete, names: Iterable[str]) -> list[str]:
    """What the last word of the line may become; nothing where the line is an answer."""
    word, space, rest = line.lstrip().partition(" ")
    if not word.startswith("/"):
        return []
    if not space:
        return [own for own in COMMANDS if own.startswith(word.lower())]
    if word.lower() == "/llmq":
        return list(game(rest))
    offered = names if word.lower() == "/as" else _examples(word.lower())
    return [name for name in offered if name.startswith(rest)]


def _examples(word: str) -> tuple[str, ...]:
    return COMMANDS[word].examples if word in COMMANDS else ()
