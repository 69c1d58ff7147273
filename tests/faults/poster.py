"""A process that posts what is due on a platform, by a clock that goes as far as it is told to wait."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized

import yarl
from discord.http import Route
from redis.asyncio import Redis

from adapters.discord.leases import Leases
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import log_in, posting_client, shared_pace
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of, identity_of
from bot.platform import Platform
from bot.store.store import Store
from llmq.redis.connection import connected
from scheduler.clockwork import Clockwork
from tests.dialogue import ten_questions
from tests.fakes.discord.impatience import without_waiting


@dataclass(frozen=True)
class SharedClock:
    """A moment that outlives a process."""

    seconds: Synchronized[float]

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.seconds.value, UTC)

    def advance(self, seconds: float) -> None:
        self.seconds.value += seconds

    def go_to(self, moment: datetime) -> None:
        """Go to a moment, and at least a second further, so that no two looks are in the same one."""
        self.seconds.value = max(moment.timestamp(), self.seconds.value + 1)

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)


@asynccontextmanager
async def slack(redis: Redis, clock: SharedClock, settings: Mapping[str, str]) -> AsyncIterator[Platform]:
    client = client_of(settings["slack_bot_token"], settings["slack_api_url"], clock.sleep)
    identity = await identity_of(client)
    yield SlackPlatform(
        client, frozenset(), lambda: clock.seconds.value, clock.sleep, identity.site, identity.bot
    )


@asynccontextmanager
async def discord(redis: Redis, clock: SharedClock, settings: Mapping[str, str]) -> AsyncIterator[Platform]:
    Route.BASE = str(yarl.URL(settings["discord_api_url"]))
    with without_waiting(clock.advance):
        async with posting_client() as client:
            await log_in(client, settings["discord_token"])
            leases = Leases(redis, str(client.application_id))
            yield DiscordPlatform(client, frozenset(), shared_pace(leases, clock, clock.sleep))


PLATFORMS = {"slack": slack, "discord": discord}


async def post(
    url: str, name: str, settings: Mapping[str, str], seconds: Synchronized[float], end: datetime
) -> None:
    clock = SharedClock(seconds)
    async with connected(url) as redis, PLATFORMS[name](redis, clock, settings) as platform:
        clockwork = Clockwork(Store(redis), ten_questions(), {name: platform}, clock)
        # As a process does an hour after its start.
        await clockwork.store.due.bring_near({name: platform}, clock())
        while clock() < end:
            await clockwork.work()
            due = await clockwork.store.due.next_due({name: platform})
            clock.go_to(min(due or end, end))


def main(
    log: str,
    url: str,
    name: str,
    settings: Mapping[str, str],
    seconds: Synchronized[float],
    end: datetime,
) -> None:
    """Post until a moment; what is said goes to the end of a file."""
    with open(log, "ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    asyncio.run(post(url, name, settings, seconds, end))
