"""What may be said beside an answer's coverage; never a deduction."""

from __future__ import annotations

from content.stems import content_stems, fold, tokens

# In prose of this field between a third and a half of the words are small ones; in terse notes, a sixth.
FEWEST_KEYWORDS = 8
MOST_SMALL = 0.1
MOST_REPEATED = 0.7


def looks_like_keywords(answer: str) -> bool:
    """Whether the answer has hardly any of the small words of which sentences are made."""
    found = tokens(fold(answer).text)
    small = sum(not token.is_content or token.denies for token in found)
    return len(found) >= FEWEST_KEYWORDS and small / len(found) < MOST_SMALL


def mostly_repeats(prompt: str, answer: str) -> bool:
    """Whether nearly all content words of the answer stand in the question already."""
    own = content_stems(answer)
    return bool(own) and len(own & content_stems(prompt)) / len(own) >= MOST_REPEATED
