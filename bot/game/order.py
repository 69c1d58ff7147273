"""In which order a channel asks its questions: drawn for each channel and lap, the same in every process."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import islice

from bot.game.catalogue import Item
from bot.game.rules import FOLLOW_UP_AFTER
from content.deck import Level

# In the first lap so many questions of each deck, where it has them, are easy ones at its beginning.
EASY_FIRST = 2
# The first question of each deck lies in this part of its share, so that four weeks touch every deck.
BEGINS_WITHIN = 0.6
# From the second lap on a question may come so much of a lap before or after its place.
JITTER = 0.25
# With so few questions left in a lap, those that others follow up go first.
NEAR_END = 2 * (FOLLOW_UP_AFTER + 1)
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Lap:
    """One way through a channel's questions. What was asked before `since` (milliseconds) comes again."""

    seed: int
    number: int = 0
    since: float = 0


def chance(*words: object) -> float:
    """A number from 0 to 1, always the same for the same words: what is left or added moves nothing else."""
    drawn = blake2b(" ".join(map(str, words)).encode(), digest_size=8).digest()
    return int.from_bytes(drawn) / 2**64


def is_out_of_date(item: Item, today: date) -> bool:
    """Whether its author wanted a question looked at again before today."""
    return item.question.review_by is not None and item.question.review_by < today


def left_in(lap: Lap, items: Iterable[Item], asked: Mapping[str, float]) -> list[Item]:
    """The questions that the lap has not asked yet."""
    return [item for item in items if asked.get(item.id, -1) < lap.since or item.id not in asked]


def in_order(
    items: Sequence[Item], asked: Mapping[str, float], lap: Lap, most: int, pace: float = DAY_MS
) -> list[Item]:
    """The next questions of a lap, `most` of them: topics alternate, and a follow-up keeps its distance.

    As rounds come, the order of what is left stays the same. `pace` are the milliseconds between two rounds.
    """
    left = left_in(lap, items, asked)
    if lap.number == 0:
        waiting = {item.id for item in left}
        queue = [item for item in spread(items, lap.seed) if item.id in waiting]
    else:
        queue = stirred(left, asked, lap, JITTER * pace * len(items))
    known = {item.id: item for item in items}
    before = [known[id] for id in sorted(asked, key=lambda id: asked[id])[-FOLLOW_UP_AFTER:] if id in known]
    return spaced(queue, before, most)


def spread(items: Sequence[Item], seed: int) -> list[Item]:
    """All decks mixed evenly, each from its easy questions on; seed 0 leaves the decks' own order."""
    if seed == 0:
        return list(items)
    decks: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        decks[item.deck].append(item)
    placed: list[tuple[float, str, Item]] = []
    for name, deck in decks.items():
        start = BEGINS_WITHIN * chance(seed, name)
        mixed = shuffled(deck, seed)
        placed += (((n + start) / len(deck), item.id, item) for n, item in enumerate(mixed))
    return [item for _, _, item in sorted(placed)]


def shuffled(deck: Sequence[Item], seed: int) -> list[Item]:
    """A deck's questions in a new order, some easy ones first that follow up no other."""
    mixed = sorted(deck, key=lambda item: chance(seed, item.id))
    easy = {item.id: item for item in mixed if is_beginning(item)}
    first = dict(islice(easy.items(), EASY_FIRST))
    return [*first.values(), *(item for item in mixed if item.id not in first)]


def is_beginning(item: Item) -> bool:
    return item.question.level == Level.EASY and not item.follow_up_of


def stirred(items: Sequence[Item], asked: Mapping[str, float], lap: Lap, reach: float) -> list[Item]:
    """What was asked longest ago first, though not in the same order as the last time."""

    def place(item: Item) -> float:
        return asked.get(item.id, 0) + reach * chance(lap.seed, lap.number, item.id)

    return sorted(items, key=place)


def spaced(queue: Sequence[Item], before: Sequence[Item], most: int) -> list[Item]:
    """The first of a queue, with another topic each time and each follow-up some rounds behind its parent."""
    rest = {item.id: item for item in queue}
    topics = Counter(item.question.topic for item in queue)
    past = list(before)
    while rest and len(past) - len(before) < most:
        item = next(fitting(rest, past, topics), None) or next(iter(rest.values()))
        del rest[item.id]
        topics[item.question.topic] -= 1
        past.append(item)
    return past[len(before) :]


def fitting(rest: Mapping[str, Item], past: Sequence[Item], topics: Counter[str]) -> Iterator[Item]:
    """Those that may come next, best first: of another topic, else of the same."""
    near = {item.id for item in past[-FOLLOW_UP_AFTER + 1 :]}
    last = past[-1].question.topic if past else None
    # A topic that makes up more than half of what is left has to come every other time.
    crowded = next((topic for topic, count in topics.items() if 2 * count > len(rest)), None)
    queue = awaited_first(rest) if len(rest) <= NEAR_END else list(rest.values())
    ready = (item for item in queue if item.follow_up_of not in near and item.follow_up_of not in rest)
    second: list[Item] = []
    third: list[Item] = []
    for item in ready:
        topic = item.question.topic
        if topic != last and crowded in (topic, last, None):
            yield item
        (second if topic != last else third).append(item)
    yield from (*second, *third)


def awaited_first(rest: Mapping[str, Item]) -> list[Item]:
    """What is left of a lap, those first that others follow up."""
    awaited = {item.follow_up_of for item in rest.values()}
    return sorted(rest.values(), key=lambda item: item.id not in awaited)
