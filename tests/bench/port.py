"""Signed commands at the HTTP port while many others are slow, or send what Slack did not sign."""

from __future__ import annotations

import asyncio
import hmac
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from redis.asyncio import Redis

from adapters.slack.app import Slack
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import PATH, add_events, client_of, identity_of
from llmq.http import serving
from tests.adapters.slack_team import bolt_of
from tests.bench.children import child, orders, say
from tests.bench.commands import game_of
from tests.bench.slack import SECRET
from tests.fakes.slack.stand_in import SlackStandIn

MODULE = "tests.bench.port"
SLOW, BAD_EACH_SECOND, SECONDS, COMMANDS_EACH_SECOND = 200, 1000, 10, 10
# Half a header, half a body, and a whole request that nobody signed.
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: llmq\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALVES = (
    HEAD[:40],
    f"{HEAD}X-Slack-Signature: v0=1\r\nX-Slack-Request-Timestamp: {{now}}\r\nContent-Length: 900\r\n\r\na=",
)
BAD = f"{HEAD}Content-Length: 7\r\n\r\na=1&b=2"


@dataclass(frozen=True, slots=True)
class Waited:
    """How long signed commands took, in seconds, and how much was sent beside them."""

    commands: list[float]
    bad: int
    refused: int

    def at(self, percent: int) -> float:
        ordered = sorted(self.commands)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


async def slow_client(port: int, number: int) -> None:
    """Send half a request, byte by byte, and begin anew when the port has had enough."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(HALVES[number % 2].format(now=int(time.time())).encode())
                while not writer.is_closing():
                    await asyncio.sleep(0.5)
                    writer.write(b"x")
                    await writer.drain()
            finally:
                writer.transport.abort()


async def bad_client(port: int, each: float, done: list[bytes]) -> None:
    """Send what nobody signed again and again, each time on a new connection."""
    while True:
        begun = time.monotonic()
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(BAD.encode())
            done.append(await reader.read(12))
            writer.transport.abort()
        await asyncio.sleep(max(each - (time.monotonic() - begun), 0))


async def attack(port: int) -> None:
    """In a process of its own: all of them, until it is ended. Each order asks how much was sent."""
    done: list[bytes] = []
    clients = 100
    tasks = [asyncio.create_task(slow_client(port, n)) for n in range(SLOW)]
    tasks += [asyncio.create_task(bad_client(port, clients / BAD_EACH_SECOND, done)) for _ in range(clients)]
    say("ready")
    async for _ in orders():
        say([len(done), sum(one.endswith(b"401") for one in done)])
        done.clear()


def signed(body: bytes) -> dict[str, str]:
    at = str(int(time.time()))
    sign = hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, sha256).hexdigest()
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={sign}", "Content-Type": kind}


async def ask(session: ClientSession, url: str, team: str, user: str, number: int) -> float:
    """How long a signed `/llmq random` takes, each on a connection of its own."""
    member = {"user_id": user, "user_name": "ana", "trigger_id": f"t{number}"}
    where = {"team_id": team, "channel_id": "C1", "response_url": url}
    body = urlencode({"command": "/llmq", "text": "random"} | member | where).encode()
    begun = time.perf_counter()
    async with session.post(url, data=body, headers=signed(body) | {"Connection": "close"}) as answer:
        assert answer.status == 200, answer.status
        await answer.read()
    return time.perf_counter() - begun


@asynccontextmanager
async def port_of(redis: Redis) -> AsyncIterator[tuple[int, str, str]]:
    """The port of a whole Slack app, with the team and a member."""
    async with SlackStandIn() as stand_in:
        client, game = client_of(stand_in.bot_token, stand_in.api_url), game_of(redis)
        identity = await identity_of(client)
        slack = Slack(game.bot, SlackPlatform(client, frozenset(), time.monotonic), identity)
        app = bolt_of(slack, SECRET)
        server = web.Application()
        add_events(server, app, SECRET, time.time)
        async with serving(server, "127.0.0.1", 0) as port:
            yield port, identity.team, stand_in.user("ana").id


async def under_load(redis: Redis, seconds: int = SECONDS) -> Waited:
    """Signed commands while all others are at it."""
    async with port_of(redis) as (port, team, user), child(MODULE, str(port)) as attackers:
        url, took = f"http://127.0.0.1:{port}{PATH}", list[asyncio.Task[float]]()
        async with ClientSession() as session:
            await attackers.does("begin")
            for number in range(seconds * COMMANDS_EACH_SECOND):
                took.append(asyncio.create_task(ask(session, url, team, user, number)))
                await asyncio.sleep(1 / COMMANDS_EACH_SECOND)
            waited = await asyncio.gather(*took)
            bad, refused = await attackers.does("end")
    return Waited(waited, bad, refused)


if __name__ == "__main__":
    asyncio.run(attack(int(sys.argv[1])))
