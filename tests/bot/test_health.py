"""What a process says of itself over HTTP."""

from __future__ import annotations

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.errors import Refusal
from bot.health import health_app, serving
from tests.dialogue import Dialogue


async def get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def ready() -> bool:
    return True


async def test_a_process_lives_and_is_ready_or_not() -> None:
    state = [False]

    async def is_ready() -> bool:
        return state[0]

    async with serving(health_app(is_ready), "127.0.0.1", 0) as port:
        assert await get(port, "/healthz") == (200, "ok\n")
        assert await get(port, "/readyz") == (503, "not ready\n")
        state[0] = True
        assert await get(port, "/readyz") == (200, "ok\n")


async def test_what_happened_is_counted_without_anyones_words(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", "answer", "A text of ana's that is nobody else's.")
    await d.says("ana", "nonsense")
    await d.reveal()
    async with serving(health_app(ready), "127.0.0.1", 0) as port:
        _, counted = await get(port, "/metrics")
    for line in (
        'llmq_commands_total{command="answer",outcome="done"}',
        'llmq_commands_total{command="?",outcome="refused"}',
        'llmq_rounds_total{event="opened"}',
        'llmq_rounds_total{event="revealed"}',
        "llmq_due_lag_seconds_count",
        'llmq_command_seconds_bucket{command="answer",le="0.5"}',
    ):
        assert line in counted
    assert "ana" not in counted.replace("llmq", "")


async def test_a_port_that_is_taken_is_refused_with_a_sentence() -> None:
    async with serving(health_app(ready), "127.0.0.1", 0) as port:
        with pytest.raises(Refusal, match="LLMQ_HTTP_PORT"):
            async with serving(health_app(ready), "127.0.0.1", port):
                pass
