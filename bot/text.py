"""What members type: made safe to store and to show, and nothing more."""

from __future__ import annotations

import re

from content.words import UNPRINTABLE

# What turns the direction of writing round makes a name or an answer read as another. Decks may have it. The
# last ones stand for moments, channels and commands in messages of our own.
UNSAFE = re.compile(rf"{UNPRINTABLE.pattern}|[\u202a-\u202e\u2066-\u2069\ue000-\ue00f]")


def printable(text: str) -> str:
    """Text as typed, without what no platform shows as typed: control characters, halves of characters."""
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_printable(*texts: str | None) -> bool:
    """Whether `printable` would leave all of these as they are."""
    return not any(text and ("\r" in text or UNSAFE.search(text)) for text in texts)


def clean(text: str) -> str:
    """Printable text without the white space around it."""
    return printable(text).strip()
