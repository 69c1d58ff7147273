"""In which order a channel asks its questions: drawn for each channel and lap, the same in every process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heapify, heappop, heapreplace
from itertools import islice
from operator import itemgetter

from bot.game.catalogue import Item
from bot.game.pool import Pool
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


def is_left(id: str, lap: Lap, asked: Mapping[str, float]) -> bool:
    """Whether the lap has not asked a question yet."""
    return id not in asked or asked[id] < lap.since


def asked_in(lap: Lap, pool: Pool, asked: Mapping[str, float]) -> list[Item]:
    """The questions of a pool that the lap has asked."""
    return [pool.items[id] for id in asked if id in pool and not is_left(id, lap, asked)]


class Queue:
    """What a lap has not asked yet, the next first. Of its order only so much is drawn as is looked at."""

    def __init__(self, pool: Pool, asked: Mapping[str, float], lap: Lap, reach: float) -> None:
        self._pool, self._asked, self._lap = pool, asked, lap
        done = asked_in(lap, pool, asked)
        self._left = len(pool) - len(done)
        self.topics = pool.topics - Counter(item.question.topic for item in done)
        self._drawn: dict[str, Item] = {}
        self._taken: set[str] = set()
        self._rest = self._ordered(reach)

    def _ordered(self, reach: float) -> Iterator[Item]:
        if self._lap.number:
            left = [item for item in self._pool if is_left(item.id, self._lap, self._asked)]
            return iter(stirred(left, self._asked, self._lap, reach))
        order = spread(self._pool, self._lap.seed)
        return (item for item in order if is_left(item.id, self._lap, self._asked))

    def __len__(self) -> int:
        return self._left - len(self._taken)

    def __contains__(self, id: str | None) -> bool:
        if id is None or id in self._taken or id not in self._pool:
            return False
        return is_left(id, self._lap, self._asked)

    def __iter__(self) -> Iterator[Item]:
        yield from self._drawn.values()
        for item in self._rest:
            self._drawn[item.id] = item
            yield item

    def take(self, item: Item) -> None:
        del self._drawn[item.id]
        self._taken.add(item.id)
        self.topics[item.question.topic] -= 1


def in_order(pool: Pool, asked: Mapping[str, float], lap: Lap, most: int, pace: float = DAY_MS) -> list[Item]:
    """The next questions of a lap, `most` of them: topics alternate, and a follow-up keeps its distance.

    As rounds come, the order of what is left stays the same. `pace` are the milliseconds between two rounds.
    """
    queue = Queue(pool, asked, lap, JITTER * pace * len(pool))
    newest = sorted(asked, key=lambda id: asked[id])[-FOLLOW_UP_AFTER:]
    return spaced(queue, [pool.items[id] for id in newest if id in pool], most)


def spread(pool: Pool, seed: int) -> Iterator[Item]:
    """All decks mixed evenly, each from its easy questions on; seed 0 leaves the decks' own order.

    Until it is a deck's turn for the first time, nothing but its place is drawn.
    """
    if seed == 0:
        yield from pool
        return
    decks = {name: (BEGINS_WITHIN * chance(seed, name), len(deck)) for name, deck in pool.decks.items()}
    coming = [(start / size, name, 0) for name, (start, size) in decks.items()]
    heapify(coming)
    mixed: dict[str, list[Item]] = {}
    while coming:
        _, name, n = coming[0]
        if name not in mixed:
            mixed[name] = shuffled(pool.decks[name], seed)
        start, size = decks[name]
        if n + 1 < size:
            heapreplace(coming, ((n + 1 + start) / size, name, n + 1))
        else:
            heappop(coming)
        yield mixed[name][n]


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


def spaced(queue: Queue, before: Sequence[Item], most: int) -> list[Item]:
    """The first of a queue, with another topic each time and each follow-up some rounds behind its parent."""
    past = list(before)
    while queue and len(past) - len(before) < most:
        item = next(fitting(queue, past), None) or next(iter(queue))
        queue.take(item)
        past.append(item)
    return past[len(before) :]


def fitting(queue: Queue, past: Sequence[Item]) -> Iterator[Item]:
    """Those that may come next, best first: of another topic, else of the same."""
    near = {item.id for item in past[-FOLLOW_UP_AFTER + 1 :]}
    last = past[-1].question.topic if past else None
    # A topic that makes up more than half of what is left has to come every other time.
    topic, count = max(queue.topics.items(), key=itemgetter(1))
    crowded = topic if 2 * count > len(queue) else None
    order = awaited_first(queue) if len(queue) <= NEAR_END else queue
    ready = (item for item in order if item.follow_up_of not in near and item.follow_up_of not in queue)
    if not any(count for topic, count in queue.topics.items() if topic != last):
        yield from ready
        return
    second: list[Item] = []
    third: list[Item] = []
    for item in ready:
        topic = item.question.topic
        if topic != last and crowded in (topic, last, None):
            yield item
        (second if topic != last else third).append(item)
    yield from (*second, *third)


def awaited_first(queue: Iterable[Item]) -> list[Item]:
    """What is left of a lap, those first that others follow up."""
    left = list(queue)
    awaited = {item.follow_up_of for item in left}
    return sorted(left, key=lambda item: item.id not in awaited)
