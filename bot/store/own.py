"""The team's own deck, and what each team may be asked."""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

from redis.asyncio import Redis

from bot.game.catalogue import Catalogue, Shelf, read_entry
from bot.store.keys import OWN, own_field, team_prefix
from bot.store.scripts import Scripts

# The catalogues of so many teams are kept made up.
KEPT_TEAMS = 64


class OwnDecks:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def revision(self, team: str) -> str | None:
        """What tells one state of the team's deck from another; None without a deck."""
        return cast(str | None, await self._redis.hget(f"{team_prefix(team)}:deck", "revision"))

    async def shelf(self, team: str) -> tuple[str, Shelf]:
        """The team's deck in the order of its ids, and its revision."""
        saved = cast(dict[str, str], await self._redis.hgetall(f"{team_prefix(team)}:deck"))
        entries = {own_field(name): read_entry(saved[name]) for name in sorted(saved) if name.startswith(OWN)}
        return saved.get("revision", "0"), entries


class Catalogues:
    """What each team may be asked: the questions of all loaded decks, and its own behind them."""

    def __init__(self, own: OwnDecks, shared: Catalogue) -> None:
        self._own, self.shared = own, shared
        self._made: OrderedDict[str, tuple[str, Catalogue]] = OrderedDict()

    async def of(self, team: str) -> Catalogue:
        """The team's questions as they are now."""
        revision = await self._own.revision(team)
        if revision is None:
            return self.shared
        if team not in self._made or self._made[team][0] != revision:
            revision, shelf = await self._own.shelf(team)
            self._made[team] = (revision, self.shared.with_own(shelf))
        self._made.move_to_end(team)
        while len(self._made) > KEPT_TEAMS:
            self._made.popitem(last=False)
        return self._made[team][1]
