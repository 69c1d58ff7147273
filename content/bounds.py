"""Between what a measure of a good question has to lie, and why there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from content.deck import Level


@dataclass(frozen=True, slots=True)
class Bound:
    """A range that takes in both its ends; either may be open."""

    least: float = 0
    most: float = float("inf")

    def holds(self, amount: float) -> bool:
        return self.least <= amount <= self.most

    def __str__(self) -> str:
        if self.most == float("inf"):
            return f"at least {self.least:g}"
        if self.least == 0:
            return f"at most {self.most:g}"
        return f"{self.least:g} to {self.most:g}"


# A question is read at a glance on a telephone, and asks for one thing.
PROMPT_WORDS = Bound(0, 20)
# Forty seconds of reading: long enough for the reason, an example and a limit, short enough to be read.
ANSWER_WORDS = Bound(80, 140)
# The wrong answer in a sentence, and why it is wrong in another.
PITFALL_WORDS = Bound(20, 45)
# Guides to plain English stop at 25; a definition with its condition may need a few more.
SENTENCE_WORDS = Bound(0, 30)
# Flesch (1948) calls 50 to 60 fairly difficult and what is below difficult. One technical answer may be
# below, since its terms are long; the median of a deck may not.
READING_EASE = Bound(50)
# What fits on one screen, and what a person remembers of an answer.
POINTS = Bound(3, 5)
# With fewer, right answers in other words are missed: at eight, most of those in plain words were. Beyond
# sixteen nobody keeps them right.
ALTERNATIVES = Bound(4, 16)
# One fact may be needed to follow; two, and it is the same question again.
SHARED_POINTS = Bound(0, 1)
# What, then why, then when it fails.
CHAIN = Bound(0, 3)
SOURCES = Bound(1, 4)
# A point that a tenth of the answers to other questions meet is met by the subject's vocabulary. In a small
# deck two sister questions may well say the same.
MET_ELSEWHERE = 0.1
FEWEST_ELSEWHERE = 2
# Half the days a question for everyone, a quarter for those who begin, nearly a quarter for those who know.
LEVELS: Mapping[Level, float] = {Level.EASY: 0.25, Level.MEDIUM: 0.52, Level.HARD: 0.23}
LEVEL_SLACK = 0.05
