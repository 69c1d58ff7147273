"""What the tests of the adapters share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.adapters.slack_team import Team, playing


@pytest.fixture(params=["socket", "http"])
async def team(redis: Redis, request: pytest.FixtureRequest) -> AsyncIterator[Team]:
    """A team in Slack, in both modes."""
    async with playing(redis, request.param) as team:
        yield team
