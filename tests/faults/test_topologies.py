"""Sentinel and Cluster with real servers: a failover loses nothing, and each team's keys have one home."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.errors import Refusal
from bot.requests import Channel
from llmq.doctor import redis_findings
from llmq.redis.connection import connected
from llmq.settings import Settings
from tests.dialogue import ADMIN, Dialogue
from tests.servers import program, server_name

PATIENCE = 60.0
MOST_WORKERS = 64
ANSWER = "An answer that says something."


@dataclass
class Servers:
    """Real servers on ports of their own."""

    folder: Path
    stack: ExitStack
    running: dict[int, Popen[bytes]] = field(default_factory=dict)

    def start(self, *options: str, port: int = 0) -> int:
        """A server with an append-only file; returns its port."""
        port = port or free_port()
        home = self.folder / str(port)
        home.mkdir(exist_ok=True)
        self._run(port, str(program()), "--appendonly", "yes", "--save", "", *options, home=home)
        return port

    def watch(self, port: int) -> int:
        """A sentinel over a primary; returns the sentinel's port."""
        own = free_port()
        home = self.folder / str(own)
        home.mkdir()
        config = home / "sentinel.conf"
        config.write_text(
            f"sentinel monitor llmq 127.0.0.1 {port} 1\n"
            "sentinel down-after-milliseconds llmq 300\n"
            "sentinel failover-timeout llmq 3000\n"
        )
        self._run(own, str(program()), str(config), "--sentinel", home=home)
        return own

    def kill(self, port: int) -> None:
        self.running[port].kill()
        self.running[port].wait()

    def _run(self, port: int, *words: str, home: Path) -> None:
        log = str(home / "log")
        place = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(home), "--logfile", log)
        server = self.stack.enter_context(Popen([*words, *place], stdout=DEVNULL))
        self.stack.callback(server.kill)
        self.running[port] = server


def free_port() -> int:
    """A port that no other test process tries, with the one 10,000 above it that a node of a cluster takes.

    Both lie below those that the system gives to connections.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports = range(11_000 + worker % MOST_WORKERS, 20_000, MOST_WORKERS)
    for port in random.Random(time.monotonic_ns()).sample(ports, 100):
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port
    raise RuntimeError("no port is free")


async def until(look: Callable[[], Awaitable[object]]) -> None:
    """Wait for other processes, however they answer meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(RedisError, Refusal, OSError):
                if await look():
                    return
            await asyncio.sleep(0.05)


async def asked(client: Redis, *words: str | int) -> Any:
    return await client.execute_command(*words)  # type: ignore[no-untyped-call]


async def says_pong(port: int) -> object:
    async with Redis(port=port) as client:
        return await client.ping()


async def has_a_replica(port: int) -> bool:
    async with Redis(port=port, decode_responses=True) as client:
        replicas = await client.info("replication")
        return any("online" in str(value) for name, value in replicas.items() if name.startswith("slave"))


async def test_a_failover_of_sentinel_keeps_the_round_and_its_answers(servers: Servers) -> None:
    primary = servers.start()
    await until(lambda: says_pong(primary))
    servers.start("--replicaof", "127.0.0.1", str(primary))
    await until(lambda: has_a_replica(primary))
    sentinel = servers.watch(primary)
    url = f"redis+sentinel://127.0.0.1:{sentinel}/llmq"
    await until(lambda: reaches(url))
    async with connected(url) as redis:
        d = Dialogue(redis)
        await d.open_round()
        assert "Your answer is in." in await d.hears("ana", f"answer {ANSWER}")
        await redis.wait(1, 5000)
        # Sentinel looks for replicas every ten seconds, and can only name one that it knows.
        await until(lambda: knows_a_replica(sentinel))
        servers.kill(primary)
        await until(lambda: moved(sentinel, primary))
        await until(lambda: answers_again(d))
        assert "2 answers so far" in await d.hears("bob", f"answer {ANSWER}")
        d.now += timedelta(minutes=1)
        await d.clockwork.work()
        await d.says(ADMIN, "reveal")
        assert d.text(d.platform.replies[-1].message).count(ANSWER) == 2


async def reaches(url: str) -> bool:
    async with connected(url):
        return True


async def knows_a_replica(sentinel: int) -> bool:
    async with Redis(port=sentinel, decode_responses=True) as client:
        return bool(await asked(client, "SENTINEL", "REPLICAS", "llmq"))


async def moved(sentinel: int, before: int) -> bool:
    async with Redis(port=sentinel, decode_responses=True) as client:
        _, port = await asked(client, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "llmq")
        return int(port) != before


async def answers_again(d: Dialogue) -> bool:
    return "Your answer" in d.text(await d.says("bob", f"answer {ANSWER}"))


async def test_a_cluster_of_three_plays_rounds_of_many_teams(servers: Servers) -> None:
    ports = [servers.start("--cluster-enabled", "yes") for _ in range(3)]
    for port in ports:
        await until(lambda port=port: says_pong(port))  # type: ignore[misc]
    await form_a_cluster(ports)
    url = f"redis+cluster://127.0.0.1:{ports[0]}"
    await until(lambda: reaches(url))
    async with connected(url) as redis:
        d = Dialogue(redis)
        teams = [Channel(f"slack:T{n}", "practice") for n in range(12)]
        for channel in teams:
            await d.says(ADMIN, "daily on 09:00 daily", channel=channel)
        await d.forward(hours=1)
        assert len(d.platform.posts) == 12
        await asyncio.gather(*(d.says("ana", f"answer {ANSWER}", channel=channel) for channel in teams))
        await d.forward(hours=8)
        assert (
            sorted(one.key.split(":", 2)[2] for one in d.platform.replies)
            == ["answers:0"] * 12 + ["reveal"] * 12
        )
        for channel in teams:
            assert "1 day, best 1" in d.text(await d.says("ana", "me", channel=channel))
            assert "Practice" in d.text(await d.says("ana", "random", channel=channel))
        counts = []
        for port in ports:
            async with Redis(port=port) as node:
                counts.append(await node.dbsize())
        assert all(counts), "every node has teams of its own"


async def test_the_doctor_looks_at_every_node_of_a_cluster(servers: Servers, tmp_path: Path) -> None:
    ports = [servers.start("--cluster-enabled", "yes", *more) for more in ((), (), FORGETFUL)]
    for port in ports:
        await until(lambda port=port: says_pong(port))  # type: ignore[misc]
    await form_a_cluster(ports)
    url = f"redis+cluster://127.0.0.1:{ports[0]}"
    await until(lambda: reaches(url))
    findings = await examined(url, tmp_path)
    forgetful = f"127.0.0.1:{ports[2]}"
    others = ", ".join(sorted(f"127.0.0.1:{port}" for port in ports[:2]))
    assert f"ok    Redis (LLMQ_REDIS_URL, Cluster of 3 nodes): {server_name()}" in findings
    assert f"ok    {others}: persistence: append-only file" in findings
    assert f"warn  {forgetful}: persistence: none. Set `appendonly yes`" in findings
    assert f"warn  {forgetful}: eviction: allkeys-lru" in findings


FORGETFUL = ("--appendonly", "no", "--maxmemory-policy", "allkeys-lru")


async def test_the_doctor_names_sentinel(servers: Servers, tmp_path: Path) -> None:
    primary = servers.start()
    await until(lambda: says_pong(primary))
    url = f"redis+sentinel://127.0.0.1:{servers.watch(primary)}/llmq"
    await until(lambda: reaches(url))
    assert f"ok    Redis (LLMQ_REDIS_URL, Sentinel): {server_name()}" in await examined(url, tmp_path)


async def examined(url: str, folder: Path) -> str:
    """What the doctor says of a server."""
    settings = Settings.model_validate({"redis_url": url, "data_dir": folder})
    return "\n".join([str(finding) async for finding in redis_findings(settings)])


async def form_a_cluster(ports: list[int]) -> None:
    """Give each node a third of the slots, and make them known to each other."""
    first = -(-16384 // len(ports))
    for n, port in enumerate(ports):
        async with patient(port) as node:
            await asked(node, "CLUSTER", "ADDSLOTS", *range(n * first, min((n + 1) * first, 16384)))
            await asked(node, "CLUSTER", "SET-CONFIG-EPOCH", n + 1)
    # Only then: a node that knows another takes no epoch any more.
    for port in ports[1:]:
        async with patient(port) as node:
            await asked(node, "CLUSTER", "MEET", "127.0.0.1", ports[0])
    for port in ports:
        await until(lambda port=port: is_whole(port))  # type: ignore[misc]


def patient(port: int) -> Redis:
    """A client for what fails when it is sent twice: it waits for a slow disk and repeats nothing."""
    return Redis(port=port, socket_timeout=None, retry=Retry(NoBackoff(), 0))


async def is_whole(port: int) -> bool:
    async with Redis(port=port, decode_responses=True) as node:
        state = str(await asked(node, "CLUSTER", "INFO"))
        return "cluster_state:ok" in state and "cluster_known_nodes:3" in state


async def test_a_cluster_that_is_not_there_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refusal, match="No node of the cluster"):
        async with connected(f"redis+cluster://127.0.0.1:{free_port()}"):
            pass


async def test_a_sentinel_that_is_not_there_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refusal, match="cannot be reached"):
        async with connected(f"redis+sentinel://127.0.0.1:{free_port()}/llmq"):
            pass
