"""What members type: made safe to store and to show, and nothing more."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from wcwidth import wcswidth

from bot.errors import Refusal
from bot.messages import Table
from content.words import UNPRINTABLE, joined, plain

SHORTEST_ANSWER = 10
TEN_LETTERS = re.compile(rf"(?:[\W_]*[^\W_]){{{SHORTEST_ANSWER}}}")
FEWEST_LETTERS = 3
# Discord's text input holds 4,000 characters; what is longer cannot come back into the form to be mended.
LONGEST_ANSWER = 4000


def printable(text: str) -> str:
    """Text as typed, without control characters and halves of characters, which no platform shows."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_printable(*texts: str | None) -> bool:
    """Whether `printable` would leave all of these as they are."""
    return not any(text and ("\r" in text or UNPRINTABLE.search(text)) for text in texts)


def clean(text: str) -> str:
    """Printable text without the white space around it."""
    return printable(text).strip()


def is_long_enough(text: str) -> bool:
    """Whether a text says anything: ten characters, and more than one or two different letters or digits."""
    # With so many letters and digits there is no need to look for what cannot be seen.
    long = TEN_LETTERS.match(text) or len(visible(text)) >= SHORTEST_ANSWER
    return bool(long) and len(set(plain(text))) >= FEWEST_LETTERS


def visible(text: str) -> str:
    """Text without what only says how other characters are set, and the white space around it."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf").strip()


def checked_answer(text: str) -> str:
    """The answer to store. Raises a refusal for one that says nothing or is too long."""
    answer = clean(text)
    if not is_long_enough(text):
        raise Refusal(
            f"That is too short to be an answer: write at least {SHORTEST_ANSWER} characters, in words."
        )
    if len(answer) > LONGEST_ANSWER:
        raise Refusal(
            f"That answer has {len(answer):,} characters. Shorten it to {LONGEST_ANSWER:,} and send it again."
        )
    return answer


def as_typed(word: str) -> str:
    """A member's word among ours: as code, so that nothing in it is formatted, and cut when it is long."""
    shown = word.replace("`", "'")
    return f"`{shown[:40]}…`" if len(shown) > 40 else f"`{shown}`"


def columns(table: Table) -> list[str]:
    """A table's lines in columns, for letters of one width; the reader's own row is marked."""
    rows = (table.header, *table.rows)
    widths = [max(wcswidth(row[n]) for row in rows) for n in range(len(table.header))]
    lines = ["  ".join(map(padded, row, widths)) for row in rows]
    own = None if table.own is None else table.own + 1
    return [f"{'→ ' if n == own else '  '}{line}".rstrip() for n, line in enumerate(lines)]


def padded(cell: str, width: int) -> str:
    return cell + " " * (width - wcswidth(cell))


def nearest(word: str, known: tuple[str, ...], most: int = 3) -> list[str]:
    """The known words most like a mistyped one, best first."""
    by_fold = {name.casefold(): name for name in known}
    return [by_fold[name] for name in get_close_matches(word.casefold(), by_fold, n=most, cutoff=0.5)]


def did_you_mean(names: list[str]) -> str:
    """` Did you mean a, b or c?`, or nothing."""
    return f" Did you mean {joined([f'`{name}`' for name in names])}?" if names else ""


def escape_markdown(text: str) -> str:
    """Plain text of an author as Markdown, for labels that hold formulas such as P(y|x) or a_b."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
