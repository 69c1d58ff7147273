"""Forms that are sent with what no form of ours offers."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from bot.messages import LONGEST_COMMAND
from tests.dialogue import Dialogue, buttons_of, is_refused


async def test_a_reason_that_does_not_exist_is_refused(redis: Redis) -> None:
    d = Dialogue(redis)
    request = replace(d.request("ana", "flag basics/q5", "It is wrong."), inputs={"reason": "nonsense"})
    reply = await d.handle(request)
    assert is_refused(reply)
    assert "no such reason" in d.text(reply)


async def test_a_command_that_no_button_holds_is_not_offered_again(redis: Redis) -> None:
    d = Dialogue(redis)
    reply = await d.says("ana", "x" * (LONGEST_COMMAND + 1), "What I think of it.")
    assert is_refused(reply)
    assert not buttons_of(reply)
