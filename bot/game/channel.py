"""A channel as the game sees it: its schedule, its newest round, and what it asks next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from bot.game.catalogue import Catalogue, Item
from bot.game.order import DAY_MS, Lap, asked_in, in_order, is_left
from bot.game.pins import Pin
from bot.game.pool import Pool
from bot.game.rounds import Round
from bot.game.rules import KEPT_AHEAD
from bot.game.schedule import Schedule, to_ms

# While so many questions are open in other channels of the team, there is one to ask.
MOST_CANDIDATES = 24
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What the scheduler knows of a channel.

    `stored` is the schedule as it was read, to be changed only while it is still the same. `warned` says
    that its admin knows how few questions are left, `gone` the sources that they know to be missing.
    `asked` has the moment at which each question was last asked here, `open` the ids and prompt hashes of
    the questions in any open round of the team, `retired` those that the team asks no more. `late` counts
    late answers that are still to be posted. Since `refused_since` the platform refuses llmq itself.
    `left`: llmq was taken out of the team. `recapped` is the day of the newest recap. `queue` are questions
    that admins put before the channel's own order. `pin` is what is pinned, or may be. `untold` is a
    closed round whose reveal is not told to its end. `deck` is the revision of the team's own deck, `drawn`
    that with which it was looked what comes next.
    """

    schedule: Schedule | None
    note: str
    asked_now: int | None
    round: Round | None
    asked: Mapping[str, float]
    open: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()
    stored: str = ""
    warned: bool = False
    gone: tuple[str, ...] = ()
    lap: Lap = field(default_factory=lambda: Lap(0))
    late: int = 0
    refused_since: datetime | None = None
    left: bool = False
    recapped: int = 0
    queue: tuple[str, ...] = ()
    pin: Pin = field(default_factory=Pin)
    untold: Round | None = None
    deck: str = ""
    drawn: str = ""

    def is_free(self, item: Item) -> bool:
        """Whether a question is in no open round of the team."""
        return item.id not in self.open and item.prompt_hash not in self.open

    def newest_day(self, now: datetime) -> int:
        """The local date of the newest round; no round comes for it or an earlier one.

        One that a wrong clock has begun in the future stands in nobody's way.
        """
        return self.round.day if self.round and not self.is_from_the_future(now) else 0

    def is_from_the_future(self, now: datetime) -> bool:
        return self.round is not None and self.round.opened > now + A_DAY


@dataclass(frozen=True, slots=True)
class Draft:
    """What a channel may ask now, best first, and the questions that come next, those among them."""

    candidates: Sequence[Item]
    lap: Lap
    ahead: Sequence[str]
    asked: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Supply:
    """How many questions a channel has: in all, not asked in this lap, and of those why some wait."""

    total: int
    left: int
    open_elsewhere: int
    out_of_date: int
    retired: int = 0


def supply_of(catalogue: Catalogue, schedule: Schedule, state: ChannelState, now: datetime) -> Supply:
    today = schedule.local(now).date()
    pool = catalogue.kept(schedule.sources, state.retired)
    old = {item.id for item in pool.out_of_date(today) if is_left(item.id, state.lap, state.asked)}
    opened = {item.id for item in map(catalogue.item_of, state.open) if item}
    busy = [id for id in opened - old if id in pool and is_left(id, state.lap, state.asked)]
    retired = len(catalogue.chosen(schedule.sources)) - len(pool)
    left = len(pool) - len(asked_in(state.lap, pool, state.asked))
    return Supply(len(pool), left, len(busy), len(old), retired)


def fresh_in(catalogue: Catalogue, schedule: Schedule, state: ChannelState, now: datetime) -> Pool:
    """The questions that may be asked: those that are not out of date, or all where every one is."""
    return catalogue.fresh(schedule.sources, state.retired, schedule.local(now).date())


def has_one_to_ask(catalogue: Catalogue, schedule: Schedule, state: ChannelState, now: datetime) -> bool:
    """Whether a draft has candidates, without drawing it."""
    items = chain(queued_in(catalogue, state), fresh_in(catalogue, schedule, state, now))
    return any(map(state.is_free, items))


def queued_in(catalogue: Catalogue, state: ChannelState) -> list[Item]:
    """The questions that admins put before the order; one that was retired since is not asked."""
    known = (catalogue.items.get(id) for id in state.queue if id not in state.retired)
    return [item for item in known if item]


def draft_of(catalogue: Catalogue, schedule: Schedule, state: ChannelState, now: datetime) -> Draft:
    """What a channel may ask now, and what it asks after that. Without candidates there is nothing to ask.

    A lap ends when all its questions were asked, but for those that are open in other channels. What admins
    put in front is asked first, and counts as asked in its lap.
    """
    fresh, lap = fresh_in(catalogue, schedule, state, now), state.lap
    if len(asked_in(lap, fresh, state.asked)) == len(fresh):
        lap = Lap(lap.seed, lap.number + 1, to_ms(now))
    coming = coming_in(lap, fresh, state.asked, schedule, now)
    if not any(state.is_free(item) for item in coming):
        # What was asked already goes before nothing at all.
        waiting = {item.id for item in coming}
        coming += [item for item in fresh if item.id not in waiting]
    first = dict.fromkeys((*queued_in(catalogue, state), *coming))
    candidates = [item for item in first if state.is_free(item)][:MOST_CANDIDATES]
    return Draft(candidates, lap, [item.id for item in coming[: KEPT_AHEAD + 1]], state.asked)


def coming_in(
    lap: Lap, pool: Pool, asked: Mapping[str, float], schedule: Schedule, now: datetime
) -> list[Item]:
    """What comes in a lap, and at its end in the next one."""
    most, pace = MOST_CANDIDATES + KEPT_AHEAD, 7 * DAY_MS / len(schedule.days)
    coming = in_order(pool, asked, lap, most, pace)
    if len(coming) < most:
        later = {item.id: to_ms(now) + n * pace for n, item in enumerate(coming)}
        after = Lap(lap.seed, lap.number + 1, float("inf"))
        coming += in_order(pool, {**asked, **later}, after, most - len(coming), pace)
    return list({item.id: item for item in coming}.values())
