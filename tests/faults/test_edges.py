"""Real processes whose port is flooded, whose server dies, whose clock goes wrong, whose token is refused."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.slack.serve import PATH
from bot.store.store import Store
from llmq.redis.embedded import socket_path
from tests.adapters.test_slack_door import signed
from tests.dialogue import START
from tests.fakes.discord import Refused
from tests.fakes.slack import Refused as slack_refuses
from tests.fakes.slack import SlackStandIn
from tests.fakes.slack.signed import Signed
from tests.faults.cases import (
    AFTER_THE_CLOCK,
    ALL,
    AT_THE_PORT,
    BEFORE_THE_CLOCK,
    CALLS,
    TO_THE_SERVER,
    UNDER_A_TOKEN,
)
from tests.faults.platforms import PLATFORMS, PeopledDiscord, PeopledPlatform, PeopledSlack
from tests.faults.poster import SharedClock
from tests.faults.processes import FORKS, llmq_run
from tests.faults.test_long_reveal import on_discord, on_slack, told
from tests.faults.test_run import is_taken, over_http, until
from tests.faults.test_topologies import free_port
from tests.faults.test_watched import get

TIMES = 300
DONE = re.compile(r'^llmq_commands_total\{command="[^"]*",outcome="done"\} ((?!0\.0).*)$', re.MULTILINE)
ANSWER = "An answer that says something."
COMMAND = b"command=%2Fllmq&text=today&trigger_id=1.2.3"


# The port


def sent(kind: str, secret: str, latest: Signed | None) -> tuple[bytes, bytes]:
    """What is sent of a kind, and how its answer begins; `latest` is what Slack has sent before."""
    now, old = int(time.time()), int(time.time()) - 1000
    match kind:
        case "half a header":
            return b"POST /slack/events HTTP/1.1\r\nHost: llmq\r\nContent-Le", b""
        case "half a body":
            return b"POST /slack/events HTTP/1.1\r\nHost: llmq\r\nContent-Length: 100\r\n\r\nhalf", b""
        case "no HTTP":
            return b"\x00\x01 what is this\r\n\r\n", b"HTTP/1.0 400"
        case "no signature":
            return posted(COMMAND, {}), b"HTTP/1.1 401"
        case "a wrong signature":
            return posted(COMMAND, signed(COMMAND, now, "another secret")), b"HTTP/1.1 401"
        case "an old signature":
            return posted(COMMAND, signed(COMMAND, old, secret)), b"HTTP/1.1 401"
        case "signed nonsense":
            return posted(b"payload=nonsense", signed(b"payload=nonsense", now, secret)), b"HTTP/1.1 400"
        case "too large":
            return posted(b"a=1&" * 100_000, signed(b"", now, secret)), b"HTTP/1.1 413"
        case _:
            assert latest
            return posted(latest.body.encode(), dict(latest.headers)), b"HTTP/1.1 200"


def posted(body: bytes, headers: dict[str, str]) -> bytes:
    named = {"Host": "llmq", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def says(port: int, words: bytes, stack: AsyncExitStack) -> asyncio.StreamReader:
    """Say this on a connection that stays open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)
    with suppress(ConnectionError):
        writer.write(words)
        await writer.drain()
    return reader


@pytest.mark.parametrize("kind", AT_THE_PORT if ALL else AT_THE_PORT[-1:])
async def test_whatever_is_sent_to_the_port_a_command_is_answered(
    redis_url: str, tmp_path: Path, kind: str
) -> None:
    port = free_port()
    async with SlackStandIn(now=time.time, ack_limit=30.0) as slack:
        boss = slack.user("boss", admin=True)
        channel = slack.channel("practice", (boss,))
        settings = over_http(slack, port)
        async with llmq_run(tmp_path, redis_url, **settings), AsyncExitStack() as stack:
            await until(lambda: is_taken(port))
            assert (await boss.command("/llmq", "daily on 09:00 daily", channel)).failure is None
            assert slack.http
            words, begins = sent(kind, slack.signing_secret, slack.http.latest)
            readers = [await says(port, words, stack) for _ in range(TIMES)]
            if begins:
                assert await readers[0].readexactly(len(begins)) == begins
            acted = await boss.command("/llmq", "today", channel)
            assert acted.failure is None
            assert await get(port, "/healthz") == (200, "ok\n")
            # The two commands that were typed; a copy has no effect.
            assert re.findall(DONE, (await get(port, "/metrics"))[1]) == ["1.0", "1.0"]
        log = (tmp_path / "log").read_text()
        assert "Traceback" not in log
        # One a minute, but for what Slack itself has signed.
        assert kind == "signed nonsense" or len(log.splitlines()) < TIMES / 10
        assert slack.complaints == []


# The embedded server


async def server_of(data: Path) -> int:
    async with Redis(unix_socket_path=str(socket_path(data)), decode_responses=True) as redis:
        return int((await redis.info("server"))["process_id"])


async def harm(what: str, data: Path, process: int) -> None:
    """Do to the server what a case says, and undo it where it lasts."""
    pid = await server_of(data)
    if what == "cannot write":
        # No file of it may grow, as on a full disk; nor any of one that takes its place.
        before = [(one, resource.prlimit(one, resource.RLIMIT_FSIZE, (1, -1))) for one in (pid, process)]
        with suppress(Exception):
            async with Redis(unix_socket_path=str(socket_path(data))) as redis:
                await redis.set("something", "x" * 1000)
        await until(lambda: has_ended(pid))
        for one, limits in before:
            with suppress(ProcessLookupError):
                resource.prlimit(one, resource.RLIMIT_FSIZE, limits)
    else:
        os.kill(pid, signal.SIGKILL)
        await until(lambda: has_ended(pid))


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.bundled
@pytest.mark.parametrize("what", TO_THE_SERVER if ALL else TO_THE_SERVER[:1])
async def test_whatever_happens_to_the_embedded_server_it_comes_back_with_what_it_held(
    data_dir: Path, tmp_path: Path, what: str
) -> None:
    async with PLATFORMS["slack"]() as platform:
        settings = {**platform.settings, "data_dir": str(data_dir)}
        async with llmq_run(tmp_path, "", **settings) as process:
            await platform.served()
            await platform.says("boss", "daily", "on", time="09:00", days="daily")
            await platform.says("boss", "daily", "now")
            await until(lambda: has_answered(platform))
            assert process.pid
            for _ in range(2 if what == "killed twice" else 1):
                await harm(what, data_dir, process.pid)
                await until(lambda: says_today(platform))
            await platform.says("boss", "reveal")
            await until(lambda: platform.told().count(ANSWER) == 1)
        assert len(platform.questions()) == 1


async def has_answered(platform: PeopledPlatform) -> bool:
    return "Your answer is" in await platform.says("ana", "answer", text=ANSWER)


async def says_today(platform: PeopledPlatform) -> bool:
    return re.search(r"Answered:\W+1\b", await platform.says("ana", "today")) is not None


# The clock


CLOCK_CASES = tuple(product(CALLS, BEFORE_THE_CLOCK, AFTER_THE_CLOCK))
ON: dict[str, Callable[..., Any]] = {"slack": on_slack, "discord": on_discord}


@pytest.mark.parametrize(("name", "before", "after"), CLOCK_CASES if ALL else CLOCK_CASES[2:3])
async def test_a_channel_asks_again_that_was_served_by_a_clock_400_days_ahead(
    redis: Redis, redis_url: str, tmp_path: Path, name: str, before: str, after: str
) -> None:
    clock, store, log = SharedClock(FORKS.Value("d", START.timestamp())), Store(redis), tmp_path / "log"
    async with ON[name](clock) as reveal:
        await told(reveal, store, "daily on 09:00 daily")
        hours = {"turned on": 0.5, "open": 2, "revealed": 10}[before]
        await reveal.post_until(START + timedelta(hours=hours), redis_url, log)
        right = clock.seconds.value
        clock.advance(timedelta(days=400).total_seconds())
        await reveal.post_until(clock() + timedelta(hours=3), redis_url, log)
        clock.seconds.value = right
        if after == "off and on":
            await told(reveal, store, "daily off")
            await told(reveal, store, "daily on 09:00 daily")
        asked = len(reveal.asked())
        end = START + timedelta(days=2, hours=2)
        await reveal.post_until(end, redis_url, log)
        # Of today, if it is still to come, of tomorrow, and of the day after.
        assert len(reveal.asked()) - asked >= 2
        round = (await store.channel(reveal.place)).round
        assert round
        assert round.state == "open"
        assert round.opened == datetime(2026, 11, 25, 9, tzinfo=UTC)


# The token


TOKEN_CASES = tuple(product(CALLS, UNDER_A_TOKEN))


def refuse(platform: PeopledPlatform, *, refused: bool) -> None:
    """Let the platform take the token no more, or again."""
    match platform:
        case PeopledSlack():
            for call in ("chat.postMessage", "chat.update"):
                platform.slack.faults.always(call, slack_refuses("token_revoked") if refused else None)
        case PeopledDiscord():
            for call in ("create_message", "edit_message", "start_thread_from_message"):
                platform.discord.faults.always(call, Refused(401, 0) if refused else None)


@pytest.mark.parametrize(("name", "stage"), TOKEN_CASES if ALL else TOKEN_CASES[:1])
async def test_a_token_that_is_refused_for_a_while_pauses_no_channel(
    redis: Redis, redis_url: str, tmp_path: Path, name: str, stage: str
) -> None:
    async with PLATFORMS[name]() as platform:
        async with llmq_run(tmp_path, redis_url, **platform.settings):
            await platform.served()
            await platform.says("boss", "daily", "on", time="09:00", days="daily")
            if stage == "revealing":
                await platform.says("boss", "daily", "now")
                await until(lambda: has_answered(platform))
            act = ("daily", "now") if stage == "opening" else ("reveal",)
            refuse(platform, refused=True)
            await platform.says("boss", *act)
            await until(lambda: "refuses llmq" in (tmp_path / "log").read_text())
            refuse(platform, refused=False)
            if stage == "opening":
                await until(platform.questions)
            else:
                await until(lambda: platform.told().count(ANSWER) == 1)
            state = await Store(redis).channel(platform.place)
            assert state.schedule
            assert not state.schedule.paused
        assert len(platform.questions()) == 1
