"""Our own messages are found by their keys, and no other app's, whatever that writes into its metadata."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from adapters.slack.platform import EVENT_TYPE
from bot.requests import Channel
from tests.adapters.slack_team import playing


async def test_a_message_of_another_app_is_not_taken_for_ours(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        question, place = await team.question(), Channel("slack:T0STANDIN", team.channel.id)
        payload = {"event_type": EVENT_TYPE, "event_payload": {"key": "forged"}}
        forged = replace(question, ts="1795420900.000100", bot_id="B0OTHER", metadata=payload)
        team.channel.messages.append(forged)
        assert await team.app.platform.find(place, "forged") is None
        forged.bot_id = question.bot_id
        assert await team.app.platform.find(place, "forged") == forged.ts
