"""What a process says of itself over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.errors import Refusal
from bot.messages import Message
from bot.requests import Channel
from llmq.health import Parts, health_app
from llmq.http import serving
from llmq.redis.clients import client_of
from scheduler.rounds import LATE
from tests.dialogue import ADMIN, Dialogue, Recorder


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def ready() -> Parts:
    return {}


def is_stopping() -> bool:
    return False


async def test_a_process_names_the_parts_that_are_away_and_says_when_it_stops() -> None:
    parts, stopped = {"redis": False, "slack": True}, asyncio.Event()

    async def look() -> Parts:
        return parts

    async with serving(health_app(look, stopped.is_set), "127.0.0.1", 0) as port:
        assert await get(port, "/readyz") == (503, "redis: away\nslack: ready\n")
        parts["redis"] = True
        assert await get(port, "/readyz") == (200, "redis: ready\nslack: ready\n")
        stopped.set()
        assert await get(port, "/readyz") == (503, "stopping\n")
        assert await get(port, "/healthz") == (200, "ok\n")


async def counts() -> dict[str, float]:
    """What `/metrics` says, by name and labels."""
    async with serving(health_app(ready, is_stopping), "127.0.0.1", 0) as port:
        _, text = await get(port, "/metrics")
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def test_what_happened_is_counted_without_anyones_words(redis: Redis) -> None:
    before, d = await counts(), Dialogue(redis)
    await d.open_round()
    await d.says("ana", "answer", "A text of ana's that is nobody else's.")
    await d.says("ana", "nonsense")
    await d.reveal()
    after = await counts()
    for name in (
        'llmq_commands_total{command="answer",outcome="done"}',
        'llmq_commands_total{command="?",outcome="refused"}',
        'llmq_rounds_total{event="opened"}',
        'llmq_rounds_total{event="revealed"}',
        "llmq_due_lag_seconds_count",
        'llmq_command_seconds_bucket{command="answer",le="0.5"}',
    ):
        assert after[name] > before.get(name, 0), name
    assert "ana" not in str(after).replace("llmq", "")


async def test_what_goes_wrong_is_counted(redis: Redis) -> None:
    class Failing(Recorder):
        async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
            if self.refused.pop("once", None):
                raise ConnectionError
            return await super().post(channel, message, key)

    d = Dialogue(redis, platform=Failing())
    before, hour = await counts(), timedelta(hours=1)

    async def grown(name: str) -> float:
        return (await counts())[name] - before[name]

    await d.says(ADMIN, "daily on 09:00 daily")
    d.now += 1 * hour + LATE
    await d.clockwork.work()
    assert await grown('llmq_rounds_total{event="late"}') == 0
    d.now += 24 * hour + timedelta(minutes=1)
    await d.clockwork.work()
    assert await grown('llmq_rounds_total{event="late"}') == 1
    d.now += 51 * hour
    await d.clockwork.work()
    assert await grown('llmq_rounds_total{event="skipped"}') == 2
    assert await grown('llmq_rounds_total{event="opened"}') == 2
    d.platform.refused["once"] = "for a moment"
    await d.forward(days=1)
    assert await grown("llmq_due_retries_total") == 1
    assert await grown('llmq_rounds_total{event="opened"}') == 3
    d.platform.refused[d.channel.id] = "It is gone."
    await d.forward(days=1)
    assert await grown('llmq_schedules_paused_total{platform="console"}') == 1
    assert await grown('llmq_rounds_total{event="late"}') == 1


async def test_a_command_that_finds_no_memory_is_counted_as_away() -> None:
    d = Dialogue(client_of("unix:///nowhere/at/all"))
    name = 'llmq_commands_total{command="today",outcome="away"}'
    before = (await counts())[name]
    await d.bot.handle(d.request("ana", "today"))
    assert (await counts())[name] == before + 1
    await d.redis.aclose()


async def test_a_port_that_is_taken_is_refused_with_a_sentence() -> None:
    async with serving(health_app(ready, is_stopping), "127.0.0.1", 0) as port:
        with pytest.raises(Refusal, match="LLMQ_HTTP_PORT"):
            async with serving(health_app(ready, is_stopping), "127.0.0.1", port):
                pass


async def test_a_token_of_any_bytes_is_a_wrong_one(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(health_app(ready, is_stopping, "token"), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: llmq\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")
        assert b" 401 " in await reader.readline()
        writer.close()
    assert caplog.text == ""
