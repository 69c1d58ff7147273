"""Questions that a channel may ask from, counted and grouped once: a draw does not read them all."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.game.catalogue import Item


class Pool:
    """Some questions, in the decks' order."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = {item.id: item for item in items}

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items.values())

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, id: str | None) -> bool:
        return id in self.items

    @cached_property
    def decks(self) -> Mapping[str, Sequence[Item]]:
        """The questions of each deck."""
        decks: defaultdict[str, list[Item]] = defaultdict(list)
        for item in self:
            decks[item.deck].append(item)
        return decks

    @cached_property
    def topics(self) -> Counter[str]:
        """How many questions each topic has."""
        return Counter(item.question.topic for item in self)

    @cached_property
    def _dated(self) -> Sequence[tuple[date, str]]:
        dated = ((item.question.review_by, item.id) for item in self)
        return sorted((day, id) for day, id in dated if day)

    def out_of_date(self, today: date) -> list[Item]:
        """Those whose authors wanted them looked at again before today."""
        return [self.items[id] for _, id in self._dated[: bisect_left(self._dated, (today, ""))]]

    def without(self, ids: Iterable[str]) -> Pool:
        """The others; the pool itself where it has none of these."""
        gone = {id for id in ids if id in self.items}
        return Pool(item for item in self if item.id not in gone) if gone else self
