"""The team's own deck, and what each team may be asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Literal, TypeVar, cast

from redis import RedisError
from redis.asyncio import Redis

from bot.errors import Refusal
from bot.game.catalogue import Catalogue, Entry, Item, Shelf, read_entry, write_entry
from bot.game.schedule import from_ms, to_ms
from bot.store.keys import OWN, own_field, team_prefix
from bot.store.scripts import DeckChanged, Scripts, reading
from content.names import TEAM_DECK

PutStatus = Literal["kept", "changed", "kept_back", "full"]
PUT: Mapping[int, PutStatus] = {1: "kept", 0: "changed", -1: "kept_back", -2: "full"}
# The catalogues of so many teams are kept made up.
KEPT_TEAMS = 64
NO_DECK = ""

Played = TypeVar("Played")


class OwnDecks:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def get(self, team: str, id: str) -> tuple[Entry | None, str]:
        """A question of the team's own by its id, and how it is stored."""
        stored = cast(str | None, await self._redis.hget(f"{team_prefix(team)}:deck", f"{OWN}{id}"))
        return (read_entry(stored), stored) if stored else (None, "")

    async def put(
        self, team: str, id: str, before: str, after: Entry, at: datetime, request: str = "", mark: str = ""
    ) -> PutStatus:
        """Keep a question, if what is stored of it is still what was read before, and no round waits for it.

        `mark` is what a new one is known by when it is sent again.
        """
        asked = Item(f"{TEAM_DECK}/{id}", TEAM_DECK, (read_entry(before) if before else after).question)
        args = (id, before, write_entry(after), to_ms(at), request, asked.id, asked.prompt_hash, mark)
        return PUT[cast(int, await self._scripts.run("put_question", team_prefix(team), *args))]

    async def versions(self, team: str, id: str) -> list[tuple[datetime, Entry]]:
        """What a question was before, and until when; the newest first."""
        kept = cast(list[str], await self._redis.lrange(f"{team_prefix(team)}:versions:{id}", 0, -1))
        pairs = (one.partition(" ") for one in kept)
        return [(from_ms(until), read_entry(stored)) for until, _, stored in pairs]

    async def is_open(self, team: str, item: Item) -> bool:
        """Whether a round asks a question whose reveal is to come."""
        name = f"{team_prefix(team)}:open"
        return any(cast(list[str | None], await self._redis.hmget(name, [item.prompt_hash, item.id])))

    async def is_ahead(self, team: str, item: Item) -> bool:
        """Whether a channel asks a question soon."""
        return bool(await self._redis.hexists(f"{team_prefix(team)}:ahead", item.id))

    async def kept_back(self, team: str) -> frozenset[str]:
        """What is open in the team or comes soon: ids of questions, and of open ones the prompts' hashes."""
        read = [self._scripts.run("read", team_prefix(team), "HKEYS", name) for name in ("open", "ahead")]
        return frozenset(one for found in await asyncio.gather(*read) for one in found)

    async def retired(self, team: str) -> frozenset[str]:
        """The questions of all decks that the team asks no more."""
        return frozenset(await self._scripts.run("read", team_prefix(team), "HKEYS", "retired"))

    async def retire(self, team: str, question: str, at: datetime, request: str = "") -> bool:
        """Ask a question no more in the team; False when a newer act stands."""
        return bool(await self._scripts.run("retire", team_prefix(team), question, 1, to_ms(at), request))

    async def restore(self, team: str, question: str, at: datetime, request: str = "") -> bool:
        """Ask a retired question again; False when a newer act stands."""
        return bool(await self._scripts.run("retire", team_prefix(team), question, 0, to_ms(at), request))

    async def revision(self, team: str) -> str:
        """What tells one state of the team's deck from another; nothing without a deck."""
        stored = await self._redis.hget(f"{team_prefix(team)}:deck", "revision")
        return cast(str | None, stored) or NO_DECK

    async def shelf(self, team: str) -> tuple[str, Shelf]:
        """The team's deck in the order of its ids, and its revision."""
        saved = cast(dict[str, str], await self._redis.hgetall(f"{team_prefix(team)}:deck"))
        entries = {own_field(name): read_entry(saved[name]) for name in sorted(saved) if name.startswith(OWN)}
        return saved.get("revision", NO_DECK), entries


class Catalogues:
    """What each team may be asked: the questions of all loaded decks, and its own behind them."""

    def __init__(self, own: OwnDecks, shared: Catalogue) -> None:
        self._own, self.shared = own, shared
        self._made: OrderedDict[str, tuple[str, Catalogue]] = OrderedDict()

    async def of(self, team: str) -> Catalogue:
        """The team's questions as they are now."""
        known = await self._own.revision(team)
        if known != self._known(team)[0]:
            await self._look(team)
        return self._known(team)[1]

    async def played(self, team: str, act: Callable[[Catalogue], Awaitable[Played]]) -> Played:
        """What an act with the team's questions comes to; it begins anew where they have changed since.

        Its first script looks at that before it does anything, so a team without a deck of its own costs no
        round trip. An act without a script is looked at behind it.
        """
        while True:
            revision, catalogue = self._known(team)
            with reading(team_prefix(team), revision) as known, suppress(DeckChanged):
                try:
                    done: Played | Refusal = await act(catalogue)
                except Refusal as refusal:
                    done = refusal
                if known.checked or await self._is_current(team, revision):
                    return given(done)
            await self._look(team)

    async def _is_current(self, team: str, revision: str) -> bool:
        """Whether what was known was so. While the server is away nothing else is known."""
        try:
            return await self._own.revision(team) == revision
        except RedisError:
            return True

    def _known(self, team: str) -> tuple[str, Catalogue]:
        """The team's questions as they were read last, and their revision."""
        if team in self._made:
            self._made.move_to_end(team)
        return self._made.get(team, (NO_DECK, self.shared))

    async def _look(self, team: str) -> None:
        """Read the team's deck."""
        revision, shelf = await self._own.shelf(team)
        self._made.pop(team, None)
        if revision != NO_DECK:
            self._made[team] = (revision, self.shared.with_own(shelf))
        while len(self._made) > KEPT_TEAMS:
            self._made.popitem(last=False)


def given(done: Played | Refusal) -> Played:
    if isinstance(done, Refusal):
        raise done
    return done
