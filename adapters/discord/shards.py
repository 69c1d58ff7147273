"""Which of the application's shards this process serves: a fair share, agreed on in Redis by all that run.

A shard goes from one process to another without a gap: who gives it away serves it until the other does. For
that moment both hear of each event, and one of them handles it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import discord
from redis import RedisError

from adapters.discord.leases import Leases, Shares
from adapters.discord.reading import Unreadable, understood, words_for
from bot.errors import Refusal

log = logging.getLogger(__name__)

# A process that says nothing for so long has lost its shards.
LEASE = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=2)
LOOK_AT_THE_END_EVERY = timedelta(milliseconds=200)
# With what else ends, within the thirty seconds that a process has until it is killed.
HAND_OVER_WITHIN = timedelta(seconds=8)
# What happened just before a session began is told to the one before it, and may still be on its way.
SETTLE = timedelta(seconds=1)
# Discord lets `max_concurrency` sessions be started in so long.
IDENTIFY_EVERY = timedelta(seconds=5)
# The core needs the rest of the three seconds in which Discord takes an answer.
ASK_SECONDS = 0.3
ANOTHER_COUNT = (
    "The other processes part Discord's servers into {theirs} shards, and this one into {ours}, since it did "
    "not reach Redis for a while. Start it again; LLMQ_DISCORD_SHARDS should be the same for all, or unset."
)


class Sessions(Protocol):
    """The sessions of this process with Discord, one for each shard that is connected."""

    http: discord.http.HTTPClient
    shard_count: Any

    @property
    def shards(self) -> Mapping[int, Any]: ...

    async def take(self, shard: int, count: int) -> None:
        """Connect one shard of so many."""

    async def disconnect(self, shards: Collection[int]) -> None:
        """End the sessions of some shards."""


class ShardLeases:
    """This process's shards. `replica` names the process, and no other."""

    def __init__(self, client: Sessions, leases: Leases, clock: Callable[[], datetime], replica: str) -> None:
        self.client, self.leases, self.clock, self.replica = client, leases, clock, replica
        self.shares: Shares | None = None
        self._advised = self._at_once = 1
        self._taken: set[int] = set()
        self._ready: set[int] = set()
        # Since when the others know that a shard is served here.
        self._since: dict[int, datetime] = {}
        self._looked = clock()
        self._looking = asyncio.Lock()
        self._news = asyncio.Event()
        self._leaving = False
        self._connecting: asyncio.Task[None] | None = None

    def is_ready(self) -> bool:
        """Whether all that fell to this process is connected. One with nothing stands by, and is ready."""
        return self.shares is not None and self.shares.ours <= self._ready

    def connected(self, shard: int) -> None:
        """A session has begun, which is news for who had the shard before."""
        asyncio.get_running_loop().call_later(SETTLE.total_seconds(), self._tell, shard)

    def _tell(self, shard: int) -> None:
        if shard in self._taken:
            self._ready.add(shard)
            self._news.set()

    async def keep(self) -> None:
        """Take part until cancelled."""
        self._advised, self._at_once = await until_allowed(self.client, 0)
        try:
            while True:
                try:
                    await self.renew()
                except RedisError as away:
                    log.warning(
                        "the shards cannot be shared (%s); they stay as they are", type(away).__name__
                    )
                await self._pause(LOOK_EVERY)
        finally:
            self._connect_no_more()

    async def renew(self) -> Shares:
        """Tell the others of this process, and do what follows from what all agree on."""
        async with self._looking:
            self._news.clear()
            now, ready = self.clock(), frozenset(self._ready)
            count = self.shares.count if self.shares else self.client.shard_count or self._advised
            lease = timedelta() if self._leaving else LEASE
            shares = await self.leases.share(self.replica, now, lease, count, ready)
            if self._taken and shares.count != count:
                raise Refusal(ANOTHER_COUNT.format(theirs=shares.count, ours=count))
            if self.shares is None or shares.ours != self.shares.ours:
                log.info("%d of %d Discord shards are this process's", len(shares.ours), shares.count)
            self.shares, self._looked = shares, now
            self._since = {shard: self._since.get(shard, now) for shard in ready & shares.ours}
            await self._give_up(shares.elsewhere)
            if shares.ours - self._taken and (self._connecting is None or self._connecting.done()):
                self._connecting = asyncio.create_task(self._connect())
            return shares

    async def hand_over(self) -> None:
        """Leave the shards to the others, and go on with each until another serves it."""
        self._leaving = True
        self._connect_no_more()
        self._taken &= self.client.shards.keys()
        try:
            async with asyncio.timeout(HAND_OVER_WITHIN.total_seconds()):
                while (await self.renew()).replicas and self._taken:
                    await self._pause(LOOK_AT_THE_END_EVERY)
        except (RedisError, TimeoutError) as fault:
            log.warning(
                "shards %s stop before others have them: %s", sorted(self._taken), type(fault).__name__
            )

    async def handles(self, guild: int | None, event: str) -> bool:
        """Whether an event is this process's to handle; another may have heard of it too."""
        if self.shares is None:
            return False
        shard = ((guild or 0) >> 22) % self.shares.count
        if shard not in self._taken:
            return False
        if self._is_sure_of(shard):
            return True
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await self.leases.is_first(self.replica, shard, event, 2 * LEASE)
        except (RedisError, TimeoutError):
            # Nobody can do much now, and the core has words for that.
            return True

    async def reserve_session(self, shard: int) -> float:
        """Seconds to wait before a session may be started, after those that all processes start."""
        try:
            bucket = f"session:{shard % self._at_once}"
            wait = await self.leases.reserve(bucket, self.clock(), IDENTIFY_EVERY)
        except RedisError:
            wait = IDENTIFY_EVERY
        return wait.total_seconds()

    def _is_sure_of(self, shard: int) -> bool:
        """Whether nobody else serves a shard: who had it has looked since, or knows itself out of date."""
        since, now = self._since.get(shard), self.clock()
        return since is not None and since + LEASE < now < self._looked + LEASE

    async def _pause(self, span: timedelta) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(span.total_seconds()):
                await self._news.wait()

    async def _give_up(self, elsewhere: frozenset[int]) -> None:
        # Also what is not ours any more, but discord.py has just brought back by itself.
        await self.client.disconnect(elsewhere)
        # What is still being connected is hung up at a later look.
        self._taken -= elsewhere & self.client.shards.keys()
        self._ready -= elsewhere

    async def _connect(self) -> None:
        """Connect what fell to this process, one after the other."""
        try:
            await until_allowed(self.client, len(self._missing()))
            while missing := self._missing():
                self._taken.add(min(missing))
                await self.client.take(min(missing), self.shares.count if self.shares else 1)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as fault:
            log.warning("Discord cannot be asked for a session (%s); trying again", type(fault).__name__)

    def _missing(self) -> frozenset[int]:
        return self.shares.ours - self._taken if self.shares else frozenset()

    def _connect_no_more(self) -> None:
        if self._connecting:
            self._connecting.cancel()


async def until_allowed(client: Sessions, sessions: int | None = None) -> tuple[int, int]:
    """Wait until Discord lets so many sessions start; returns the shards it advises, and the starts at once.

    It resets the token of who starts too many sessions in a day.
    """
    starts = await session_starts(client)
    if starts.remaining < (starts.shards if sessions is None else sessions):
        log.warning("Discord lets llmq start no more sessions; connecting in %d s", starts.reset_after)
        await asyncio.sleep(starts.reset_after)
    return starts.shards, starts.at_once


@dataclass(frozen=True, slots=True)
class SessionStarts:
    """How many shards Discord advises, and how many sessions may start: in seconds again, and at once."""

    shards: int
    remaining: int
    reset_after: float
    at_once: int


async def session_starts(client: Sessions) -> SessionStarts:
    """What Discord advises and allows, asked for until it says so."""
    while True:
        try:
            with understood("how many sessions may start"):
                shards, _, told = await client.http.get_bot_gateway()
                reset = told["reset_after"] / 1000
                return SessionStarts(shards, told["remaining"], reset, told["max_concurrency"])
        except (Unreadable, aiohttp.ClientError, OSError, TimeoutError) as fault:
            log.error("Discord does not say how many sessions may start (%s); asking again", words_for(fault))
        await asyncio.sleep(IDENTIFY_EVERY.total_seconds())
