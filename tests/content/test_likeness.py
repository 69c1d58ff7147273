"""Which prompts a new one is too like."""

from __future__ import annotations

import pytest

from content.likeness import near

PROMPTS = (
    "What is chunking in retrieval-augmented generation?",
    "Why does a key-value cache grow with the context?",
    "How does beam search differ from sampling?",
)


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        (PROMPTS[1], [1]),
        ("Why does the key-value cache grow with a context?", [1]),
        ("In which way does beam search differ from sampling?", [2]),
        ("What is a learning rate schedule?", []),
        ("?", []),
        ("", []),
    ],
)
def test_near_duplicates_are_found_by_their_words(prompt: str, found: list[int]) -> None:
    assert near(prompt, PROMPTS) == found


def test_the_most_alike_comes_first() -> None:
    assert near(PROMPTS[0], ("What is chunking in generation?", PROMPTS[0])) == [1, 0]


def test_without_prompts_nothing_is_near() -> None:
    assert near("Why?", ()) == []
