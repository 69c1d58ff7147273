"""What a text holds, the same for a deck and for an answer: which words, which letters, which characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Platforms refuse or hide control characters, and a lone half of a character cannot be stored.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
WORD = re.compile(r"[^\W_]+")
NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def words(text: str) -> frozenset[str]:
    """Runs of letters and digits, without regard to case and compatibility forms: `P(y|x)` has p, x and y."""
    return frozenset(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def normalised(text: str) -> str:
    """Letters and digits alone, so that the same question is recognised however it is spaced and set."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Most texts are ASCII, of which bytes are left out forty times as fast.
    if folded.isascii():
        return folded.encode().translate(None, NO_LETTERS).decode()
    return "".join(filter(str.isalnum, folded))


def joined(names: Sequence[str], last: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`; nothing for none."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
