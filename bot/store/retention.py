"""How long members' texts are kept, wherever they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from redis.asyncio import Redis

from bot.game.rules import KEPT_DRAFT, KEPT_INTERVIEW
from bot.game.schedule import milliseconds, to_ms
from bot.store.scanning import PAGE, SCANNED
from bot.store.scripts import Scripts

SWEPT, EVERY = "llmq:{swept}", timedelta(hours=20)
KEY = re.compile(r"(?P<prefix>llmq:\{[^}]+\}):(?P<rest>.*)", re.DOTALL)
# What holds texts that nothing ends by itself.
KINDS = ("answers:*", "flags", "settled", "proposals", "suggestions")


def kept_for(span: timedelta) -> Mapping[str, timedelta]:
    """The rules of what holds texts, where these are kept for a span."""
    return {
        "kept_round": span,
        "kept_interview": min(KEPT_INTERVIEW, span),
        "kept_draft": min(KEPT_DRAFT, span),
    }


class Retention:
    """May raise `redis.RedisError`; safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def sweep(self, now: datetime) -> None:
        """Take out the texts of all teams that are too old, about once a day, by whichever process."""
        if not await self._redis.set(SWEPT, "1", nx=True, px=milliseconds(EVERY)):
            return
        for kind in KINDS:
            page = list[str]()
            async for key in self._redis.scan_iter(match=f"llmq:{{*}}:{kind}", count=SCANNED):
                page.append(cast(str, key))
                if len(page) == PAGE:
                    await self._sweep(page, now)
                    page = []
            await self._sweep(page, now)

    async def _sweep(self, keys: Iterable[str], now: datetime) -> None:
        found = sorted((one["prefix"], one["rest"]) for key in keys if (one := KEY.fullmatch(key)))
        for prefix, rest in groupby(found, lambda one: one[0]):
            await self._scripts.run("outdated", prefix, to_ms(now), *(name for _, name in rest))
