"""Which prompts ask nearly the same, and which texts share a run of words with another text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from content.stems import content_stems, fold, tokens

# Found on a plan of 438 prompts: below them pairs are of one subject, from there on they ask for one thing
# or are built alike.
ALIKE_STEMS = 0.4
ALIKE_LETTERS = 0.78
# A word of a tenth of all prompts ("model") tells no two of them apart; with few prompts there is no tenth.
COMMON = 0.1
FEWEST_COMMON = 5
# Eight words in a row are hardly ever the same by chance.
RUN = 8


def near_pairs(prompts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of the prompts that are near-duplicates, by their stems or by their letters."""
    stems = telling_stems(prompts)
    folded = [fold(prompt).text for prompt in prompts]
    for first, second in combinations(range(len(prompts)), 2):
        alike = likeness(stems[first], stems[second]) >= ALIKE_STEMS
        if alike or fuzz.ratio(folded[first], folded[second], score_cutoff=100 * ALIKE_LETTERS):
            yield first, second


def near(prompt: str, prompts: Sequence[str]) -> list[int]:
    """The places of the prompts that a new one is a near-duplicate of, the most alike first."""
    own, *stems = telling_stems((prompt, *prompts))
    letters = fold(prompt).text
    alike = [
        max(
            likeness(own, each) / ALIKE_STEMS,
            fuzz.ratio(letters, fold(other).text, score_cutoff=100 * ALIKE_LETTERS) / (100 * ALIKE_LETTERS),
        )
        for each, other in zip(stems, prompts, strict=True)
    ]
    return sorted((n for n, how in enumerate(alike) if how >= 1), key=lambda n: -alike[n])


def telling_stems(prompts: Sequence[str]) -> list[frozenset[str]]:
    """The content stems of each prompt without the common ones; a compound is one word."""
    stems = [content_stems(prompt.replace("-", "")) for prompt in prompts]
    counts = Counter(stem for each in stems for stem in each)
    most = max(FEWEST_COMMON, COMMON * len(prompts))
    common = {stem for stem, count in counts.items() if count > most}
    return [each - common for each in stems]


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard's index: the share of all their stems that both have."""
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def runs(text: str) -> list[str]:
    """Every run of eight words in the text, without its punctuation."""
    words = [token.word for token in tokens(fold(text).text)]
    return [" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]
