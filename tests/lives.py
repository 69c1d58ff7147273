"""What many tests go on from is lived once, and kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import cast

from redis.asyncio import Redis

from tests.dialogue import Dialogue

# More than a life has, since each has an id of its own.
MOST_REQUESTS = 10_000


@dataclass
class Life:
    """A dialogue that was had up to a point, from which each test goes on by itself."""

    live: Callable[[Redis], Awaitable[Dialogue]]
    _lived: Dialogue | None = None
    _keys: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    async def again(self, redis: Redis, url: str) -> Dialogue:
        """The dialogue as it was then, on the empty server of this client and address."""
        async with Redis.from_url(url) as raw:
            if self._lived is None:
                self._lived = await self.live(redis)
                async for key in raw.scan_iter():
                    self._keys[key] = (max(0, await raw.pttl(key)), cast(bytes, await raw.dump(key)))
                await raw.flushall()
            for key, (milliseconds, value) in self._keys.items():
                await raw.restore(key, milliseconds, value)
        lived = self._lived
        return Dialogue(
            redis,
            lived.catalogue,
            lived.now,
            lived.channel,
            deepcopy(lived.platform),
            count(MOST_REQUESTS),
            count(MOST_REQUESTS),
        )
