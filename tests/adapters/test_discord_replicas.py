"""Several processes on one Discord application share its shards, and lose nothing when one comes or goes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.discord import shards
from adapters.discord.app import Discord
from adapters.discord.leases import Leases
from adapters.discord.serve import connect, connected, log_in, make_commands_known
from adapters.discord.shards import ShardLeases
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.errors import Refusal
from bot.store.store import Store
from llmq.redis.clients import client_of
from scheduler.clockwork import Clockwork
from tests.adapters.discord_server import ANSWER, PROMPT, Hands, leases_of, posting
from tests.dialogue import InDeckOrder, ten_questions
from tests.fakes.discord import Acted, App, Channel, DiscordStandIn, Member

NOWHERE = "unix:///nowhere/to/be/found"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replicas that look at each other more often, and start their sessions at once."""
    monkeypatch.setattr(shards, "IDENTIFY_EVERY", timedelta())
    monkeypatch.setattr(shards, "SETTLE", timedelta(milliseconds=300))
    monkeypatch.setattr(shards, "LOOK_EVERY", timedelta(milliseconds=30))
    monkeypatch.setattr(shards, "LOOK_AT_THE_END_EVERY", timedelta(milliseconds=30))


@dataclass
class Replica:
    """A process, but for the process."""

    client: Discord
    share: ShardLeases
    clockwork: Clockwork
    handled: list[str]


@dataclass
class Replicas:
    """All on one stand-in and one Redis."""

    discord: DiscordStandIn
    redis: Redis
    clock: Hands
    stack: AsyncExitStack
    replicas: dict[str, Replica] = field(default_factory=dict)
    stacks: dict[str, AsyncExitStack] = field(default_factory=dict)
    crashes: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def make(self, name: str, count: int | None = None) -> Replica:
        """One that is logged in."""
        store, catalogue = Store(self.redis), ten_questions()
        platform = await self.stack.enter_async_context(posting(self.discord))
        platforms, leases, handled = {"discord": platform}, leases_of(platform, self.redis), list[str]()
        bot = Noting(Game(store, catalogue, self.clock, InDeckOrder(1), platforms, noop), handled)
        client = Discord(bot, platform, leases, count, replica=name)
        assert client.shard_leases
        clockwork = Clockwork(store, catalogue, platforms, self.clock)
        replica = Replica(client, client.shard_leases, clockwork, handled)
        await make_commands_known(platform.client, leases, None)
        await log_in(client, self.discord.token)
        self.replicas[name] = replica
        return replica

    async def start(self, name: str) -> Replica:
        """One that runs until it is stopped."""
        replica, stack = await self.make(name), AsyncExitStack()
        await stack.enter_async_context(connected(replica.client))
        self.stacks[name] = stack
        self.stack.push_async_callback(stack.aclose)
        return replica

    async def stop(self, name: str) -> None:
        """A graceful stop."""
        await self.stacks.pop(name).aclose()
        del self.replicas[name]

    async def start_to_crash(self, name: str) -> Replica:
        """One that `crash` will end."""
        replica = await self.make(name)
        self.crashes[name] = asyncio.create_task(connect(replica.client))
        return replica

    async def crash(self, name: str) -> None:
        """An end without a word to the others."""
        self.crashes[name].cancel()
        await asyncio.gather(self.crashes[name], return_exceptions=True)
        await self.replicas.pop(name).client.close()

    async def spread(self, *sizes: int) -> None:
        """Wait until each shard has one session, and the replicas have so many of them."""
        count = sum(sizes)
        await self.discord.until(
            lambda: (
                sorted(len(one.share.shares.ours) for one in self.replicas.values() if one.share.shares)
                == sorted(sizes)
                and all(one.share.is_ready() for one in self.replicas.values())
                and Counter(one.shard for one in self.discord.gateway.live)
                == Counter((n, count) for n in range(count))
            )
        )


class Noting(Bot):
    """The bot, which notes what it was asked."""

    def __init__(self, game: Game, handled: list[str]) -> None:
        super().__init__(game)
        self.handled = handled

    async def handle(self, request: Any) -> Any:
        self.handled.append(request.id)
        return await super().handle(request)


def noop() -> None: ...


@asynccontextmanager
async def playing(redis: Redis, count: int) -> AsyncIterator[Replicas]:
    async with (
        DiscordStandIn(app=App(shards=count), answer_limit=30.0) as discord,
        AsyncExitStack() as stack,
    ):
        yield Replicas(discord, redis, Hands(discord), stack)
        await discord.settled()
        assert discord.complaints == []


@pytest.fixture(autouse=True)
def _redis_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine too: who cannot ask Redis in time handles an event that another may handle."""
    monkeypatch.setattr(shards, "ASK_SECONDS", 60.0)


@pytest.fixture
async def four(redis: Redis) -> AsyncIterator[Replicas]:
    """Four shards with a server each."""
    async with playing(redis, 4) as world:
        for n in range(3):
            world.discord.add_guild(f"server {n}")
        yield world


@pytest.fixture
async def one(redis: Redis) -> AsyncIterator[Replicas]:
    """A single shard."""
    async with playing(redis, 1) as world:
        yield world


@contextmanager
def talking(discord: DiscordStandIn) -> Iterator[list[Acted]]:
    """Somebody in each server types commands all the while; each has to be answered."""
    said: list[Acted] = []

    async def talk(who: Member, channel: Channel) -> None:
        while True:
            said.append(await who.slash(channel, "llmq", "today"))

    tasks = [
        asyncio.create_task(
            talk(discord.user("ana", guild=guild), discord.channel("practice", guild=guild)),
        )
        for guild in list(discord.world.guilds.values())
    ]
    try:
        yield said
    finally:
        for task in tasks:
            assert not task.done(), task.result()
            task.cancel()


async def test_three_processes_have_each_shard_once_and_handle_each_event_once(four: Replicas) -> None:
    for name in "abc":
        await four.start(name)
    await four.spread(2, 1, 1)
    for guild in list(four.discord.world.guilds.values()):
        channel = four.discord.channel("practice", guild=guild)
        acted = await four.discord.user("ana", guild=guild).slash(channel, "llmq", "today")
        assert acted.failure is None
    handled = [id for replica in four.replicas.values() for id in replica.handled]
    assert len(handled) == len(set(handled)) == 4


async def test_what_is_typed_while_processes_come_and_go_is_answered_once(four: Replicas) -> None:
    gone: list[Replica] = [await four.start("a")]
    await four.spread(4)
    with talking(four.discord) as said:
        gone.append(await four.start("b"))
        await four.spread(2, 2)
        await four.stop("a")
        await four.spread(4)
        await four.start("c")
        await four.spread(2, 2)
        await four.discord.until(lambda: said)
    await four.discord.settled()
    assert {acted.failure for acted in said} == {None}
    handled = Counter(id for one in (*gone, four.replicas["c"]) for id in one.handled)
    assert set(handled.values()) == {1}
    assert len(handled) >= len(said)


async def test_the_shards_of_a_process_that_dies_go_to_the_others(four: Replicas) -> None:
    await four.start("a")
    await four.start_to_crash("b")
    await four.spread(2, 2)
    await four.crash("b")
    assert len(four.discord.gateway.live) <= 2
    # The lease of the living is renewed on the way.
    for _ in range(3):
        four.clock.forward(seconds=shards.LEASE.total_seconds() / 2)
        await four.replicas["a"].share.renew()
    await four.spread(4)


async def test_a_process_that_is_killed_and_started_again_has_its_shards_at_once(four: Replicas) -> None:
    await four.start("a")
    await four.start_to_crash("b")
    await four.spread(2, 2)
    await four.crash("b")
    # No lease runs out meanwhile.
    await four.start("b")
    await four.spread(2, 2)


async def test_one_that_stands_by_is_ready_and_posts(one: Replicas) -> None:
    await one.start("a")
    standby = await one.start("b")
    await one.spread(1, 0)
    boss, channel = one.discord.user("boss", admin=True), one.discord.channel("practice")
    await boss.slash(channel, "llmq-admin", "daily", "on", time="09:00", days="daily")
    await boss.slash(channel, "llmq-admin", "daily", "now")
    assert standby.handled == []
    await standby.clockwork.work()
    assert PROMPT in channel.posts[-1].text


async def test_while_a_shard_changes_hands_a_reply_counts_once(one: Replicas) -> None:
    first = await one.start("a")
    await one.spread(1)
    boss, channel = one.discord.user("boss", admin=True), one.discord.channel("practice")
    await boss.slash(channel, "llmq-admin", "daily", "on", time="09:00", days="daily")
    await boss.slash(channel, "llmq-admin", "daily", "now")
    await first.clockwork.work()
    second = await one.start("b")
    await one.discord.until(second.share.is_ready)
    stopping = asyncio.create_task(one.stop("a"))
    # Discord tells of a server some time before it says that it has told of all.
    await one.discord.gateway.connected(2)
    reply = boss.say(channel, ANSWER, channel.posts[-1])
    acted = await boss.slash(channel, "llmq", "today")
    assert acted.failure is None
    await one.discord.until(lambda: "✅" in reply.reactions)
    assert not stopping.done()
    await stopping
    assert (first.handled + second.handled).count(reply.id) == 1
    assert len(set(first.handled + second.handled)) == len(first.handled + second.handled)
    await one.spread(1)


async def test_what_is_being_answered_at_the_stop_is_answered(one: Replicas) -> None:
    replica = await one.start("a")
    await one.spread(1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Noting):
        async def handle(self, request: Any) -> Any:
            begun.set()
            await go_on.wait()
            return await super().handle(request)

    replica.client.bot = Slow(replica.client.bot.game, replica.handled)
    ana, channel = one.discord.user("ana"), one.discord.channel("practice")
    asking = asyncio.create_task(ana.slash(channel, "llmq", "today"))
    await begun.wait()
    stopping = asyncio.create_task(one.stop("a"))
    await one.discord.until(lambda: not one.discord.gateway.live)
    go_on.set()
    assert (await asking).failure is None
    await stopping


async def test_one_without_redis_stays_connected_until_it_learns_that_another_serves(one: Replicas) -> None:
    cut = await one.start("a")
    await one.spread(1)
    here, away = cut.client.bot.game, client_of(NOWHERE)
    leases, cut.share.leases = cut.share.leases, Leases(away, "unknown")
    cut.client.bot = Noting(replace(here, store=Store(away)), cut.handled)
    one.clock.forward(seconds=2 * shards.LEASE.total_seconds())
    ana, channel = one.discord.user("ana"), one.discord.channel("practice")
    acted = await ana.slash(channel, "llmq", "today")
    assert acted.message is not None
    assert "cannot save or read" in acted.message.text
    other, before = await one.start("b"), len(cut.handled)
    await one.discord.until(other.share.is_ready)
    await other.share.renew()
    # Redis is back, and before the next look this one hears of a command too.
    async with cut.share._looking:
        cut.share.leases = leases
        cut.client.bot = Noting(here, cut.handled)
        acted = await ana.slash(channel, "llmq", "today")
        assert acted.failure is None
        await one.discord.settled()
        assert len(cut.handled) == before
    await one.spread(1, 0)


async def test_a_process_that_would_count_the_shards_otherwise_goes_by_the_others(one: Replicas) -> None:
    await one.start("a")
    await one.spread(1)
    other = await one.make("b", 4)
    assert (await other.share.renew()).count == 1
    await other.share.hand_over()
    await other.client.close()


async def test_one_that_finds_the_shards_counted_anew_ends_with_a_sentence(one: Replicas) -> None:
    replica = await one.start_to_crash("a")
    await one.spread(1)
    async with replica.share._looking:
        await one.redis.flushall()
        await replica.share.leases.share("b", one.clock(), shards.LEASE, 4)
    with pytest.raises(Refusal, match="into 4 shards, and this one into 1"):
        await asyncio.wait_for(one.crashes["a"], 10)
    await one.crash("a")
