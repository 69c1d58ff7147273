"""Small pieces of sentences: counts, a word as code, what was probably meant."""

from __future__ import annotations

import re
from difflib import get_close_matches

from content.words import joined


def counted(count: int, noun: str) -> str:
    """`no answers`, `1 answer`, `4 answers`."""
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_letters(number: int) -> str:
    """`seven`; a number above ten as digits."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def as_code(word: str) -> str:
    """A member's word among ours: as code, so that nothing in it is formatted, and cut when it is long."""
    shown = word.replace("`", "'")
    return f"`{shown[:40]}…`" if len(shown) > 40 else f"`{shown}`"


def nearest(word: str, known: tuple[str, ...], most: int = 3) -> list[str]:
    """The known words most like a mistyped one, best first."""
    by_fold = {name.casefold(): name for name in known}
    return [by_fold[name] for name in get_close_matches(word.casefold(), by_fold, n=most, cutoff=0.5)]


def did_you_mean(names: list[str]) -> str:
    """` Did you mean a, b or c?`, or nothing."""
    return f" Did you mean {joined([f'`{name}`' for name in names])}?" if names else ""


def escape_markdown(text: str) -> str:
    """Plain text of an author as Markdown, for labels that hold formulas such as P(y|x) or a_b."""
    # At its start, a number or a sign would begin a list or a heading.
    return re.sub(r"([\\`*_\[\]<>~&]|^[-+#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])", r"\\\1", text)


def plain(markdown: str) -> str:
    """A line of Markdown where nothing is formatted: without its marks for code, stress and escapes."""
    return re.sub(r"\\([^\w\s]|_)|[`*]", lambda found: found[1] or "", markdown)
