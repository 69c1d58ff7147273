"""Clients for the kinds of servers that a URL can name: one server, one behind Sentinel, a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import ExponentialWithJitterBackoff

from bot.errors import Refusal

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2.0
CONNECTIONS = 64
SCHEMES = {
    "redis": "one server",
    "rediss": "one server",
    "unix": "one server",
    "redis+sentinel": "Sentinel",
    "rediss+sentinel": "Sentinel",
    "redis+cluster": "Cluster",
    "rediss+cluster": "Cluster",
}
SENTINEL_PORT, PORT = 26379, 6379
UNREADABLE_URL = (
    "LLMQ_REDIS_URL cannot be read. Write it as redis://user:password@host:6379/0, "
    "redis+sentinel://user:password@host:26379,host:26379/service or redis+cluster://host:6379,host:6379, "
    "with %2F, %23, %3F and %40 for the characters / # ? and @ in a password."
)


def kind_of(url: str) -> str:
    """`one server`, `Sentinel` or `Cluster`; empty for a scheme that is none of ours."""
    return SCHEMES.get(url.partition("://")[0], "")


def client_of(url: str) -> Redis:
    """A client that gives up within a command's time: one repetition, for a connection that was lost idle."""
    try:
        match kind_of(url):
            case "Sentinel":
                return behind_sentinel(read_address(url, SENTINEL_PORT))
            case "Cluster":
                return of_cluster(read_address(url, PORT))
            case _:
                return of_one_server(url)
    except (ValueError, TypeError):
        # The parser's own words can hold a part of the password.
        raise Refusal(UNREADABLE_URL) from None


def options() -> dict[str, Any]:
    return {
        "decode_responses": True,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "retry": Retry(ExponentialWithJitterBackoff(cap=0.1, base=0.01), 1),
    }


def of_one_server(url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url, max_connections=CONNECTIONS, timeout=ANSWER_SECONDS, **options()
    )
    # Options after the `?` are read when a connection is made, which does not yet connect.
    pool.make_connection()  # type: ignore[no-untyped-call]
    # A client made in any other way leaves the pool's connections open when it is closed.
    return Redis.from_pool(pool)


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL of several hosts says."""

    hosts: tuple[tuple[str, int], ...]
    login: dict[str, Any]
    path: tuple[str, ...]
    more: dict[str, str]
    tls: bool


def read_address(url: str, port: int) -> Address:
    """The parts of `scheme://user:password@host:port,host:port/path?more`. Raises ValueError."""
    parts = urlsplit(url)
    login, _, places = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    named = {"username": unquote(user), "password": unquote(password)}
    hosts = tuple(host_and_port(place, port) for place in places.split(","))
    return Address(
        hosts,
        {name: value for name, value in named.items() if value},
        tuple(unquote(part) for part in parts.path.split("/") if part),
        dict(parse_qsl(parts.query, strict_parsing=bool(parts.query))),
        parts.scheme.startswith("rediss"),
    )


def host_and_port(place: str, port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError("a host is missing")
    return parts.hostname, parts.port or port


def behind_sentinel(address: Address) -> Redis:
    """The primary of a service, wherever Sentinel says that it is. The path is its name, then a database."""
    service, *database = address.path
    tls = {"ssl": True} if address.tls else {}
    known = {name.removeprefix("sentinel_"): value for name, value in address.more.items()}
    if known.keys() - {"username", "password"}:
        raise ValueError("an option is not known")
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        list(address.hosts),
        sentinel_kwargs={**options(), **known, **tls},
        **options(),
        **address.login,
        **tls,
    )
    client = sentinel.master_for(service, redis_class=Redis, db=int(database[0]) if database else 0)
    return cast(Redis, client)


def of_cluster(address: Address) -> Redis:
    """A cluster, found through any of its nodes. It has the same commands, so the store need not know."""
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    client = RedisCluster(startup_nodes=nodes, ssl=address.tls, **options(), **address.login)
    return cast(Redis, client)


async def close(client: Redis) -> None:
    """Close a client, and those by which it asks Sentinel."""
    await client.aclose()
    pool = getattr(client, "connection_pool", None)
    if isinstance(pool, SentinelConnectionPool):
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()
