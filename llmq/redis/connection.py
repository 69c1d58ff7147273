"""The connection to Redis: embedded or by URL: checked once, and quick to give up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TimeoutError,
)

from bot.errors import Refusal
from llmq.redis.clients import client_of, close
from llmq.redis.embedded import embedded_server
from llmq.settings import Settings

OLDEST = (6, 2)
PROBE = "llmq:{probe}"
NO_CLUSTER = (
    "No node of the cluster can be reached, or they form none. Check that LLMQ_REDIS_URL names some of its "
    "nodes, and that they know each other."
)
IS_SENTINEL = (
    "LLMQ_REDIS_URL names a Sentinel as if it were the server. Write it as "
    "redis+sentinel://host:26379,host:26379/service"
)
IS_CLUSTER = "LLMQ_REDIS_URL names a node of a cluster. Write it as redis+cluster://host:6379,host:6379"
NOT_ALLOWED = (
    "Redis does not let its user do what llmq needs. Allow what docs/operating.md lists, "
    "or name another user in LLMQ_REDIS_URL."
)
UNKNOWN = "unknown"
IS_REPLICA = "Redis is a replica. Point LLMQ_REDIS_URL at the primary server."
MAY_DROP = (
    "Redis may drop keys when its memory is full (maxmemory-policy {policy}), and with them schedules and "
    "streaks. Set `maxmemory-policy noeviction` on the server."
)
NO_SCRIPTS = (
    "Redis does not run scripts, which llmq needs. Allow its user EVAL and EVALSHA, or name another server."
)
LOADING_TRIES = 100
LOADING_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Server:
    """What is known of the server that was reached."""

    name: str
    version: str
    # `standalone`, `sentinel` or `cluster`
    mode: str
    persistence: str
    # When the append-only file is synced: `always`, `everysec` or `no`.
    sync: str
    saved: bool
    eviction: str
    # Whether its memory is bounded, so that the eviction policy may come to matter.
    bounded: bool = False
    role: Literal["primary", "replica"] = "primary"

    @property
    def may_drop(self) -> bool:
        """Whether it drops keys when its memory is full."""
        return self.bounded and self.eviction not in ("noeviction", UNKNOWN)


@asynccontextmanager
async def open_redis(settings: Settings) -> AsyncIterator[Redis]:
    """A checked client. Raises a refusal that says what is wrong with the server and what to do."""
    if settings.redis_url is None:
        async with embedded_server(settings.data_dir) as url, connected(url) as client:
            yield client
    else:
        async with connected(settings.redis_url.get_secret_value()) as client:
            yield client


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Redis]:
    """A client of the server at a URL, once that has answered and taken a write."""
    client = client_of(url)
    try:
        await check(client)
        yield client
    finally:
        await close(client)


async def check(client: Redis) -> None:
    """Reach the server, know its version, and write to it once."""
    try:
        await loaded(client)
        server = await describe(client)
        if version_of(server) < OLDEST:
            raise Refusal(f"{server.name} {server.version} is too old: use Redis 6.2 or newer, or Valkey.")
        if server.mode == "sentinel":
            raise Refusal(IS_SENTINEL)
        if server.mode == "cluster" and not isinstance(client, RedisCluster):
            raise Refusal(IS_CLUSTER)
        if server.role == "replica":
            raise Refusal(IS_REPLICA)
        if server.may_drop:
            raise Refusal(MAY_DROP.format(policy=server.eviction))
        await client.set(PROBE, "1", px=1000)
        await client.eval("return redis.call('GET', KEYS[1])", 1, PROBE)
    except RedisClusterException:
        raise Refusal(NO_CLUSTER) from None
    except RedisError as fault:
        raise Refusal(fix_for(fault)) from None


async def loaded(client: Redis) -> None:
    """Wait, for ten seconds at most, while a server that has just started reads its files."""
    for _ in range(LOADING_TRIES):
        try:
            await client.ping()
        except BusyLoadingError:
            await asyncio.sleep(LOADING_SECONDS)
        else:
            return


def fix_for(fault: RedisError) -> str:
    """What to do about a server that refuses; the client's own words may name the URL and stay unsaid."""
    words = str(fault)
    # redis-py wraps a refused password in a fault of the connection.
    match fault.__cause__ if isinstance(fault.__cause__, AuthenticationError) else fault:
        case NoPermissionError():
            return NOT_ALLOWED
        case AuthenticationError():
            return (
                "Redis refuses the user or the password. "
                "Set them in LLMQ_REDIS_URL: redis://user:password@host:6379/0"
            )
        case ReadOnlyError():
            return IS_REPLICA
        case OutOfMemoryError():
            return "Redis is out of memory and takes no writes. Raise its maxmemory, or free some of it."
        case BusyLoadingError():
            return "Redis is still reading its files. Start llmq again when it is ready."
        case TimeoutError():
            return "Redis does not answer in time. Check that LLMQ_REDIS_URL names the right host and port."
        case ConnectionError():
            return (
                "Redis cannot be reached. Check that it runs, and that LLMQ_REDIS_URL names it "
                "(rediss:// for TLS), or unset that for the embedded server."
            )
        case ResponseError() if "unknown command" in words.casefold() and "eval" in words.casefold():
            return NO_SCRIPTS
        case ResponseError() if words.startswith("MISCONF"):
            return "Redis cannot write to its disk and takes no writes. Its log says why."
    return f"Redis refuses to work: {words}"


async def describe(client: Redis, **node: Any) -> Server:
    """What a server says of itself; of a cluster, the node that is given as `target_nodes`."""
    info: dict[str, Any] = await client.info(**node)
    valkey = info.get("valkey_version")
    aof, rdb = info.get("aof_enabled"), info.get("rdb_last_save_time")
    failed = "err" in (info.get("aof_last_write_status"), info.get("rdb_last_bgsave_status"))
    return Server(
        name="Valkey" if valkey else "Redis",
        version=str(valkey or info["redis_version"]),
        mode=str(info.get("redis_mode") or info.get("server_mode") or "standalone"),
        persistence="append-only file" if aof else await snapshots(client, **node) if rdb else "none",
        sync=await configured(client, "appendfsync", **node) if aof else "",
        saved=not failed,
        eviction=str(info.get("maxmemory_policy", UNKNOWN)),
        bounded=int(info.get("maxmemory") or 0) > 0,
        role="replica" if info.get("role") == "slave" else "primary",
    )


async def describe_all(client: Redis) -> dict[str, Server]:
    """Every node of a cluster by its address, or the one server by an empty name."""
    if not isinstance(client, RedisCluster):
        return {"": await describe(client)}
    nodes = sorted(client.get_nodes(), key=lambda node: node.name)
    return {node.name: await describe(client, target_nodes=node) for node in nodes}


async def snapshots(client: Redis, **node: Any) -> str:
    """`snapshots`, or `none`; a managed server may not tell."""
    saved = await configured(client, "save", **node)
    return "unknown" if saved == UNKNOWN else "snapshots" if saved else "none"


async def configured(client: Redis, name: str, **node: Any) -> str:
    """A setting of the server; a managed one may not tell."""
    try:
        return cast(dict[str, str], await client.config_get(name, **node)).get(name, UNKNOWN)
    except ResponseError:
        return UNKNOWN


def version_of(server: Server) -> tuple[int, int]:
    """Major and minor version; every Valkey is new enough, whatever it counts from."""
    if server.name == "Valkey":
        return OLDEST
    major, minor = server.version.split(".")[:2]
    return int(major), int(minor)
