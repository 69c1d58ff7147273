"""What members type: made safe to store and to show, and nothing more."""

from __future__ import annotations

from content.words import UNPRINTABLE


def printable(text: str) -> str:
    """Text as typed, without control characters and halves of characters, which no platform shows."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_printable(*texts: str | None) -> bool:
    """Whether `printable` would leave all of these as they are."""
    return not any(text and ("\r" in text or UNPRINTABLE.search(text)) for text in texts)


def clean(text: str) -> str:
    """Printable text without the white space around it."""
    return printable(text).strip()
