"""The connection: what is refused and in which words, and what is said of a server."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from redis.asyncio import Redis

from bot.errors import Refusal
from llmq.redis import clients, connection
from llmq.redis.clients import CONNECTIONS, client_of
from llmq.redis.connection import connected, describe, open_redis
from llmq.redis.embedded import until
from llmq.settings import Settings
from tests.conftest import StartServer
from tests.servers import server_name

SECRET = "hunter2-hunter2"
OK = b"+OK\r\n"
Script = Mapping[str, Sequence[bytes]]


async def refusal(url: str) -> str:
    """The words with which a URL is refused."""
    with pytest.raises(Refusal) as refused:
        async with connected(url):
            pass
    assert SECRET not in str(refused.value)
    return str(refused.value)


@asynccontextmanager
async def stand_in(script: Script) -> AsyncIterator[str]:
    """A server's wire: each command is answered with its replies in turn, the last one for ever.

    A command without replies is never answered.
    """
    asked: dict[str, int] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            words = [await word(reader) for _ in range(int(head[1:]))]
            name = words[0].upper()
            if replies := script.get(name, ()):
                turn = asked[name] = asked.get(name, -1) + 1
                writer.write(replies[min(turn, len(replies) - 1)])
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"


async def word(reader: asyncio.StreamReader) -> str:
    size = int((await reader.readline())[1:])
    return (await reader.readexactly(size + 2))[:-2].decode()


def bulk(text: str) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(text), text.encode())


def server_of(version: str) -> Script:
    """What a server of that version answers; `HELLO` is what the connection begins with."""
    info = bulk(f"# Server\r\nredis_version:{version}\r\n")
    return {
        "HELLO": [b"%1\r\n+proto\r\n:3\r\n"],
        "CLIENT": [OK],
        "PING": [b"+PONG\r\n"],
        "INFO": [info],
        "SET": [OK],
        "EVAL": [b"$1\r\n1\r\n"],
    }


async def test_a_server_that_takes_a_write_is_given_out(redis_url: str) -> None:
    async with connected(redis_url) as client:
        assert await client.set("answer", "42")
        assert await client.get("answer") == "42"


async def test_the_url_of_the_settings_is_used(redis_url: str) -> None:
    settings = Settings.model_validate({"redis_url": SecretStr(redis_url)})
    async with open_redis(settings) as client:
        assert await client.ping()


@pytest.mark.bundled
async def test_without_a_url_the_embedded_server_is_used(data_dir: object) -> None:
    settings = Settings.model_validate({"redis_url": None, "data_dir": data_dir})
    async with open_redis(settings) as client:
        assert (await client.config_get("dir"))["dir"] == str(data_dir)


async def test_no_connection_is_left_open(redis_url: str, redis: Redis) -> None:
    before = len(await redis.client_list())
    async with connected(redis_url) as client:
        assert len(await redis.client_list()) == before + 1
        assert await client.ping()

    async def left() -> bool:
        return len(await redis.client_list()) == before

    await until(left)


async def test_more_commands_than_connections_wait_for_their_turn(redis: Redis) -> None:
    assert await asyncio.gather(*(redis.incr("n") for _ in range(CONNECTIONS * 4)))
    assert await redis.get("n") == str(CONNECTIONS * 4)
    assert len(await redis.client_list()) <= CONNECTIONS


@pytest.mark.parametrize("url", [f"redis://:{SECRET}@127.0.0.1:1/0", "unix:///nowhere/socket"])
async def test_a_server_that_is_not_there(url: str) -> None:
    assert "cannot be reached" in await refusal(url)


async def test_a_host_that_does_not_exist() -> None:
    assert "cannot be reached" in await refusal(f"redis://:{SECRET}@host.invalid/0")


async def test_a_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "ANSWER_SECONDS", 0.02)
    async with stand_in({}) as url:
        assert "does not answer in time" in await refusal(url)


async def test_a_server_without_tls_where_tls_was_asked_for() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"-ERR unknown command\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert "rediss:// for TLS" in await refusal(f"rediss://:{SECRET}@127.0.0.1:{port}/0")


@pytest.mark.parametrize("given_url", ["{}", "{}?password=" + SECRET, "{}?username=ana&password=" + SECRET])
async def test_a_password_that_is_missing_or_wrong(start_server: StartServer, given_url: str) -> None:
    url = await start_server("--requirepass", "another")
    assert "refuses the user or the password" in await refusal(given_url.format(url))


async def test_the_right_password_opens(start_server: StartServer) -> None:
    url = await start_server("--requirepass", SECRET)
    async with connected(f"{url}?password={SECRET}") as client:
        assert await client.ping()


async def test_a_user_who_may_not_write(start_server: StartServer) -> None:
    url = await start_server("--user", "reader", "on", f">{SECRET}", "~*", "+@all", "-@write")
    words = await refusal(f"{url}?username=reader&password={SECRET}")
    assert "does not let its user" in words


async def test_a_node_of_a_cluster_and_a_sentinel_that_are_named_as_one_server(
    start_server: StartServer,
) -> None:
    url = await start_server("--cluster-enabled", "yes")
    assert "redis+cluster://" in await refusal(url)
    sentinel = {**server_of("7.2.4"), "INFO": [bulk("redis_version:7.2.4\r\nredis_mode:sentinel\r\n")]}
    async with stand_in(sentinel) as url:
        assert "redis+sentinel://" in await refusal(url)


async def test_a_read_only_replica(start_server: StartServer) -> None:
    url = await start_server("--replicaof", "127.0.0.1", "1")
    assert "Redis is a replica." in await refusal(url)


async def test_a_server_that_is_full(start_server: StartServer) -> None:
    url = await start_server("--maxmemory", "100kb", "--maxmemory-policy", "noeviction")
    assert "out of memory" in await refusal(url)


async def test_a_server_that_cannot_write_to_its_disk() -> None:
    fault = b"-MISCONF Errors writing to the AOF file: No space left on device\r\n"
    async with stand_in({**server_of("7.2.4"), "SET": [fault]}) as url:
        assert "cannot write to its disk" in await refusal(url)


@pytest.mark.parametrize("version", ["5.0.14", "6.0.20", "6.1.240"])
async def test_a_server_that_is_too_old(version: str) -> None:
    async with stand_in(server_of(version)) as url:
        assert f"Redis {version} is too old: use Redis 6.2" in await refusal(url)


@pytest.mark.parametrize("version", ["6.2.0", "6.10.1", "7.0.15", "8.2.1", "10.0.0"])
async def test_a_server_that_is_new_enough(version: str) -> None:
    async with stand_in(server_of(version)) as url, connected(url) as client:
        assert await client.ping()


async def test_a_server_that_still_reads_its_files_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LOADING_SECONDS", 0)
    loading = b"-LOADING Valkey is loading the dataset in memory\r\n"
    script = {**server_of("7.2.4"), "PING": [loading, loading, loading, b"+PONG\r\n"]}
    async with stand_in(script) as url, connected(url) as client:
        assert await client.ping()


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}/and@host/0",
        f"redis://:{SECRET}#and@host/0",
        f"redis://:{SECRET}?and@host/0",
        f"redis://:{SECRET}@host:port/0",
        f"redis://:{SECRET}@host/0?socket_timeout={SECRET}",
        f"redis://:{SECRET}@host/0?{SECRET}=1",
        f"redis://[{SECRET}@host/0",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refusal, match="LLMQ_REDIS_URL cannot be read") as refused:
        client_of(url)
    assert SECRET not in str(refused.value)


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_url_is_either_read_or_refused_in_the_same_words(password: str, rest: str) -> None:
    assert words_on(f"redis://:{password}@host:{rest}") in {None, clients.UNREADABLE_URL}


def words_on(url: str) -> str | None:
    """The words with which a URL is refused that is not even tried; none for one that can be read."""
    try:
        client_of(url)
    except Refusal as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    ("options", "persistence", "sync"),
    [
        (("--appendonly", "yes"), "append-only file", "always"),
        (("--appendonly", "yes", "--appendfsync", "everysec"), "append-only file", "everysec"),
        (("--appendonly", "no", "--save", "900", "1"), "snapshots", ""),
        (("--appendonly", "no", "--save", ""), "none", ""),
    ],
)
async def test_it_is_told_how_a_server_persists(
    start_server: StartServer, options: tuple[str, ...], persistence: str, sync: str
) -> None:
    url = await start_server("--maxmemory-policy", "allkeys-lru", *options)
    async with connected(url) as client:
        server = await describe(client)
    assert (server.name, server.persistence, server.eviction) == (server_name(), persistence, "allkeys-lru")
    assert (server.mode, server.sync, server.saved) == ("standalone", sync, True)
    assert server.version[0].isdigit()


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-lru"])
async def test_a_server_that_may_drop_keys_is_refused(start_server: StartServer, policy: str) -> None:
    url = await start_server("--maxmemory", "50mb", "--maxmemory-policy", policy)
    words = await refusal(url)
    assert policy in words
    assert "Set `maxmemory-policy noeviction`" in words


async def test_a_policy_without_a_bound_drops_nothing_and_is_taken(start_server: StartServer) -> None:
    url = await start_server("--maxmemory", "0", "--maxmemory-policy", "allkeys-lru")
    async with connected(url) as client:
        assert await client.ping()


async def test_a_replica_is_refused_though_it_takes_writes(start_server: StartServer) -> None:
    replica = await start_server("--replica-read-only", "no")
    client = client_of(replica)
    await client.replicaof("127.0.0.1", "1")
    assert "Redis is a replica." in await refusal(replica)
    await client.aclose()


async def test_a_user_who_may_not_run_scripts_is_refused(start_server: StartServer) -> None:
    url = await start_server()
    async with connected(url) as admin:
        await admin.acl_setuser(
            "weak", enabled=True, nopass=True, keys=["*"], commands=["+@all", "-@scripting"]
        )
    assert "Redis does not let its user do what llmq needs." in await refusal(
        f"{url}?username=weak&password=x"
    )
