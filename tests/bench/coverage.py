"""How long it takes to find key points in the longest answers, of usual words and of such as slow it down.

What else the machine does is not counted: the processor's time is.
"""

from __future__ import annotations

import time
from statistics import quantiles

from content.coverage import coverage
from content.deck import KeyPoint
from content.reading import SHIPPED, read_decks

LENGTH = 4000
SLOW = ("a", "_a", "a ", "\n", ". ", "not a token ", "p(x|", "e\u0301", "e.g. ", "a^")


def usual() -> list[float]:
    """Milliseconds for answers made of the shipped decks' own texts, each with the points of a question."""
    questions = [question for deck in read_decks([SHIPPED])[0] for question in deck.questions]
    text = " ".join(question.answer for question in questions)
    answers = [text[start : start + LENGTH] for start in range(0, len(text) - LENGTH, 97)]
    tasks = [(questions[n % len(questions)].key_points, answer) for n, answer in enumerate(answers)]
    for points, _ in tasks:
        coverage(points, "")  # A question's points are made ready once.
    return [took(points, answer) for points, answer in tasks]


def slowest() -> tuple[str, float]:
    """The text among the hostile ones that takes longest, and its milliseconds."""
    points = read_decks([SHIPPED])[0][0].questions[0].key_points
    return max(((text, took(points, (text * LENGTH)[:LENGTH])) for text in SLOW), key=lambda found: found[1])


def took(points: tuple[KeyPoint, ...], answer: str) -> float:
    begun = time.thread_time()
    coverage(points, answer)
    return 1000 * (time.thread_time() - begun)


def percentile(times: list[float], of_hundred: int) -> float:
    return quantiles(times, n=100)[of_hundred - 1]
