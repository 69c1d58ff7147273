"""In which order a channel asks its questions: drawn for each channel and lap, the same in every process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from random import Random

from bot.game.catalogue import Item
from bot.game.rules import FOLLOW_UP_AFTER
from content.deck import Level

# In the first lap so many questions of each deck, where it has them, are easy ones at its beginning.
EASY_FIRST = 2
# The first question of each deck lies in this part of its share, so that four weeks touch every deck.
BEGINS_WITHIN = 0.6
# From the second lap on a question may come so much of a lap before or after its place.
JITTER = 0.25


@dataclass(frozen=True, slots=True)
class Lap:
    """One way through a channel's questions. What was asked before `since` (milliseconds) comes again."""

    seed: int
    number: int = 0
    since: float = 0


def is_out_of_date(item: Item, today: date) -> bool:
    """Whether its author wanted a question looked at again before today."""
    return item.question.review_by is not None and item.question.review_by < today


def left_in(lap: Lap, items: Iterable[Item], asked: Mapping[str, float]) -> list[Item]:
    """The questions that the lap has not asked yet."""
    return [item for item in items if asked.get(item.id, -1) < lap.since or item.id not in asked]


def in_order(items: Sequence[Item], asked: Mapping[str, float], lap: Lap, most: int) -> list[Item]:
    """The next questions of a lap, `most` of them: topics alternate, and a follow-up keeps its distance."""
    left = left_in(lap, items, asked)
    queue = spread(items, lap.seed) if lap.number == 0 else stirred(left, asked, lap)
    waiting = {item.id for item in left}
    known = {item.id: item for item in items}
    before = [known[id] for id in sorted(asked, key=lambda id: asked[id])[-FOLLOW_UP_AFTER:] if id in known]
    return spaced([item for item in queue if item.id in waiting], before, most)


def spread(items: Sequence[Item], seed: int) -> list[Item]:
    """All decks mixed evenly, each from its easy questions on; seed 0 leaves the decks' own order."""
    if seed == 0:
        return list(items)
    rng = Random(seed)
    decks: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        decks[item.deck].append(item)
    placed: list[tuple[float, Item]] = []
    for _, deck in sorted(decks.items()):
        start = rng.uniform(0, BEGINS_WITHIN)
        placed += [((n + start) / len(deck), item) for n, item in enumerate(shuffled(deck, rng))]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def shuffled(deck: Sequence[Item], rng: Random) -> list[Item]:
    """A deck's questions in a new order, some easy ones first."""
    mixed = rng.sample(deck, len(deck))
    easy = [item for item in mixed if item.question.level == Level.EASY][:EASY_FIRST]
    first = {item.id for item in easy}
    return [*easy, *(item for item in mixed if item.id not in first)]


def stirred(items: Sequence[Item], asked: Mapping[str, float], lap: Lap) -> list[Item]:
    """What was asked longest ago first, though not in the same order as the last time."""
    oldest_first = sorted(items, key=lambda item: asked.get(item.id, -1))

    def place(pair: tuple[int, Item]) -> float:
        n, item = pair
        return n + Random(f"{lap.seed} {lap.number} {item.id}").uniform(0, JITTER) * len(oldest_first)

    return [item for _, item in sorted(enumerate(oldest_first), key=place)]


def spaced(queue: Sequence[Item], before: Sequence[Item], most: int) -> list[Item]:
    """The first of a queue, with another topic each time and each follow-up some rounds behind its parent."""
    rest, past, waiting = list(queue), list(before), {item.id for item in queue}
    while rest and len(past) - len(before) < most:
        item = rest.pop(fitting(rest, past, waiting))
        waiting.remove(item.id)
        past.append(item)
    return past[len(before) :]


def fitting(rest: Sequence[Item], past: Sequence[Item], waiting: Set[str]) -> int:
    """Where the one stands that may come next: of another topic, else of the same, else the first of all."""
    near = {item.id for item in past[-FOLLOW_UP_AFTER + 1 :]}
    topic = past[-1].question.topic if past else None
    of_same_topic = None
    # Most often one of the first fits, so that the rest of a large deck is not looked at.
    for n, item in enumerate(rest):
        if item.follow_up_of in waiting or item.follow_up_of in near:
            continue
        if item.question.topic != topic:
            return n
        of_same_topic = n if of_same_topic is None else of_same_topic
    return of_same_topic or 0
