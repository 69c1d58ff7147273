"""What an id looks like, and how one is made from a heading or a file's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# A Discord button carries its command in 100 characters: `answer deck/question` and a round's key must fit.
DECK_ID_LENGTH = 32
QUESTION_ID_LENGTH = 40

# The id of each team's own deck, which no file may have.
TEAM_DECK = "team"

ID = re.compile(r"[A-Za-z0-9-]+")


def is_id(word: str, length: int) -> bool:
    """Whether the word may stand as an id of at most this length."""
    return len(word) <= length and ID.fullmatch(word) is not None


def slug(text: str, length: int) -> str:
    """The text as an id, cut after a whole word if it can be; empty without a Latin letter or digit."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    whole = "-".join(re.findall(r"[a-z0-9]+", ascii_text.replace("'", "")))
    if len(whole) <= length:
        return whole
    cut = whole[: length + 1].rpartition("-")[0]
    return cut or whole[:length]


def free_id(text: str, taken: set[str], used: Counter[str]) -> str:
    """A question id made from the text that is not taken; `used` counts, to keep long decks quick."""
    wanted = slug(text, QUESTION_ID_LENGTH) or "question"
    id = wanted
    while id in taken:
        used[wanted] += 1
        ending = f"-{used[wanted] + 1}"
        id = wanted[: QUESTION_ID_LENGTH - len(ending)].rstrip("-") + ending
    return id


def deck_id(name: str) -> str:
    """The id of a deck that names none, from its file's name."""
    return name if is_id(name, DECK_ID_LENGTH) else slug(name, DECK_ID_LENGTH) or "deck"
