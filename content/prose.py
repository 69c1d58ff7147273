"""What a reader sees of Markdown, and how long and how hard to read it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import syllapy

from content.outline import MARKDOWN
from content.sections import plain_text
from content.sentences import sentences

# Not a number: nobody knows in how many syllables it is read.
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


@lru_cache(maxsize=4096)
def prose(markdown: str) -> str:
    """The text's paragraphs, headings and list items without their marks, each on one line."""
    blocks = [token.children or () for token in MARKDOWN.parse(markdown) if token.type == "inline"]
    return "\n".join(filter(None, map(plain_text, blocks)))


def word_count(markdown: str) -> int:
    """How many words a person would count, formulas and numbers among them."""
    return len(prose(markdown).split())


def sentence_texts(markdown: str) -> list[str]:
    text = prose(markdown)
    return [text[start:end] for start, end in sentences(text)]


def longest_sentence(markdown: str) -> str:
    """The sentence with the most words; empty for no sentence."""
    return max(sentence_texts(markdown), key=lambda text: len(text.split()), default="")


def reading_ease(markdown: str) -> float:
    """Flesch's reading ease (1948): 60 to 70 is plain English, under 30 that of learned journals."""
    words = WORD.findall(prose(markdown))
    if not words:
        return 100.0
    return 206.835 - 1.015 * len(words) / len(sentence_texts(markdown)) - 84.6 * syllables(words) / len(words)


def syllables(words: Iterable[str]) -> int:
    """Syllables of English words; an abbreviation that the dictionary lacks counts as one."""
    return sum(max(1, syllapy.count(word)) for word in words)
