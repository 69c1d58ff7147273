"""Where the sentences and the clauses of a text begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

END = re.compile(
    r"""[.!?]+["'\u2019\u201d)\]*_]*(?=\s|\Z) | [\u3002]+ | [\n\r\v\f\u2028\u2029]""",
    re.VERBOSE,
)
# A full stop behind these is no end, nor is one behind a number that begins a line.
ABBREVIATED = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|vs|al|cf|approx|fig|eq|resp)|(?:\A|\n)\s*\d+)\.\Z", re.IGNORECASE
)
CLAUSE_END = re.compile(r"[,;:](?=\s|\Z)|\s[-\u2013\u2014](?=\s)|\u2014|[()]")


def sentences(text: str) -> Iterator[Span]:
    """The stretches between full stops, marks and line breaks, without the blanks around them."""
    start = 0
    for end in END.finditer(text):
        if not ABBREVIATED.search(text, max(0, end.end() - 12), end.end()):
            yield from trimmed(text, start, end.end())
            start = end.end()
    yield from trimmed(text, start, len(text))


def clause(text: str, sentence: Span, hit: Span) -> Span:
    """The clauses of a sentence over which a hit stretches."""
    marks = [found.span() for found in CLAUSE_END.finditer(text, *sentence)]
    start = max((after for _, after in marks if after <= hit[0]), default=sentence[0])
    end = min((before for before, _ in marks if before >= hit[1]), default=sentence[1])
    return next(trimmed(text, start, end), hit)


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretch without blanks around it, or nothing where only blanks are."""
    inside = text[start:end]
    if bare := inside.strip():
        first = start + inside.index(bare)
        yield first, first + len(bare)
