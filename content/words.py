"""Which words a text has, the same for a key point and for an answer it is looked for in."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")


def words(text: str) -> frozenset[str]:
    """Runs of letters and digits, without regard to case and compatibility forms: `P(y|x)` has p, x and y."""
    return frozenset(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
