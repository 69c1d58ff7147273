"""What is held of one member of a team, over all of the team's keys: gathered, or erased."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from redis.asyncio import Redis

from bot.game.holdings import Holding
from bot.game.rules import EXPORT_EVERY
from bot.game.schedule import milliseconds, to_ms
from bot.store.keys import team_prefix
from bot.store.scanning import pages_of
from bot.store.scripts import Scripts


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found of a member, and the channels whose reveal may wait for nobody any more."""

    holdings: tuple[Holding, ...]
    channels: tuple[str, ...]

    @property
    def schedules(self) -> list[str]:
        """The channels whose schedule the member set."""
        keys = (one.key.partition(":") for one in self.holdings)
        return [channel for kind, _, channel in keys if kind == "channel"]


class Traces:
    """Every method may raise `redis.RedisError`; every one may be run again, after a part of it, too."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def of(self, team: str, member: str) -> Gathered:
        """All that is held of a member."""
        return await self._all(team, member, "read")

    async def erase(self, team: str, member: str) -> Gathered:
        """Erase all that is held of a member, but for schedules of theirs; what was found."""
        return await self._all(team, member, "erase")

    async def was_exported(self, team: str, member: str) -> bool:
        """Whether a member's data was asked for a short while ago."""
        return bool(await self._redis.exists(f"{team_prefix(team)}:exported:{member}"))

    async def keep_exported(self, team: str, member: str) -> None:
        """Keep for a short while that a member's data was asked for."""
        name, span = f"{team_prefix(team)}:exported:{member}", milliseconds(EXPORT_EVERY)
        await self._redis.set(name, "1", nx=True, px=span)

    async def begin_erasing(self, team: str, member: str, at: datetime) -> None:
        """From here on no act of a member up to this moment counts, whenever it arrives."""
        await self._scripts.run("erase", team_prefix(team), member, to_ms(at))

    async def end_erasing(self, team: str, member: str, moment: int) -> None:
        """Nothing of a member is held any more that was there at a moment."""
        await self._scripts.run("erased", team_prefix(team), member, moment)

    async def was_erased(self, team: str, member: str, at: datetime) -> bool:
        """Whether an act is from before its member had everything erased."""
        return bool(await self._scripts.run("was_erased", team_prefix(team), member, to_ms(at)))

    async def _all(self, team: str, member: str, what: Literal["read", "erase"]) -> Gathered:
        holdings, channels = list[Holding](), list[str]()
        async for keys in pages_of(self._redis, team):
            read = await self._scripts.run("traces", team_prefix(team), member, what, *keys)
            found: dict[str, Any] = json.loads(read)
            holdings += (Holding(key, json.loads(value)) for key, value in found.get("found", ()))
            channels += found.get("look", ())
        return Gathered(tuple(holdings), tuple(channels))
