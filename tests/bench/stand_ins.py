"""The platforms in processes of their own: `python -m tests.bench.stand_ins discord`, or `slack CHANNELS`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from adapters.discord.serve import use_addresses
from tests.bench.children import Child, child, orders, say
from tests.bench.measure import Work, rate
from tests.fakes.discord import DiscordStandIn
from tests.fakes.slack import SlackStandIn

MODULE = "tests.bench.stand_ins"
MEMBERS = 50
# A person waits for as long as the measurement takes.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Slack:
    """Where a Slack is, and the channels that it has."""

    api_url: str
    token: str
    channels: list[str]


@dataclass(frozen=True, slots=True)
class Discord:
    """Where a Discord is, in which members type when they are told to."""

    members: Child
    api_url: str
    gateway_url: str
    token: str

    def use(self) -> None:
        """From here on discord.py, which knows one address for the whole process, talks to this one."""
        use_addresses(self.api_url, self.gateway_url)

    async def commands(self, command: str, in_flight: int, operations: int) -> None:
        """Members type a command so many times, each as soon as the answer to another is there."""
        self.use()
        await self.members.does([command, in_flight, operations])


@asynccontextmanager
async def slack(channels: int) -> AsyncIterator[Slack]:
    async with child(MODULE, "slack", str(channels)) as process:
        yield Slack(*process.greeting)


@asynccontextmanager
async def discord() -> AsyncIterator[Discord]:
    async with child(MODULE, "discord") as process:
        yield Discord(process, *process.greeting)


async def serve_slack(channels: int) -> None:
    async with SlackStandIn() as stand_in:
        ids = [stand_in.channel(f"c{n}").id for n in range(channels)]
        say([stand_in.api_url, stand_in.bot_token, ids])
        async for _ in orders():
            pass


async def serve_discord() -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as stand_in:
        say([stand_in.api_url, stand_in.gateway.url, stand_in.token])
        members, numbers = typing_members(stand_in), count()
        async for command, in_flight, operations in orders():
            await stand_in.gateway.connected()
            await rate(members(command), in_flight, operations, numbers)
            say("done")


def typing_members(stand_in: DiscordStandIn) -> Callable[[str], Work]:
    """How the members of a server type a command, one after the other."""
    members = [stand_in.user(f"member{n}") for n in range(MEMBERS)]
    channel = stand_in.channel("practice")

    def typing(command: str) -> Work:
        async def one(n: int) -> object:
            acted = await members[n % MEMBERS].slash(channel, *command.split())
            assert acted.failure is None
            return acted

        return one

    return typing


if __name__ == "__main__":
    platform, *rest = sys.argv[1:]
    asyncio.run(serve_slack(*map(int, rest)) if platform == "slack" else serve_discord())
