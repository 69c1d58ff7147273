"""What members are called: by the name that Slack shows, in every process the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform import error_of

log = logging.getLogger(__name__)

# Of an acknowledgement's three seconds the core takes up to two and a half.
ASK_SECONDS = 0.4
# Names are asked for again after so long, since people change them.
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A member's name, and since when it is known."""

    name: str
    since: datetime


@dataclass(frozen=True)
class Names:
    """The names of a workspace's members. `remembered` is the one that a member was last seen under."""

    client: AsyncWebClient
    remembered: Callable[[str], Awaitable[str]]
    clock: Callable[[], datetime]
    _known: dict[str, KnownName] = field(default_factory=dict)

    async def of(self, user: str, handle: str = "") -> str:
        """A member's name. Where Slack does not tell it soon, the last one, else the handle of the event."""
        known, now = self._known.get(user), self.clock()
        if known and now - known.since < LASTS:
            return known.name
        told, last = await asyncio.gather(
            soon(self._told(user)), soon(self.remembered(user)) if known is None else nothing()
        )
        if told:
            self._known[user] = KnownName(told, now)
        return told or (known.name if known else last) or handle or user

    async def _told(self, user: str) -> str:
        try:
            profile = (await self.client.users_info(user=user))["user"]
        except (SlackApiError, ClientError) as fault:
            words = error_of(fault) if isinstance(fault, SlackApiError) else type(fault).__name__
            log.warning("Slack does not tell the name of %s: %s", user, words)
            return ""
        shown = profile.get("profile", {}).get("display_name")
        return str(shown or profile.get("real_name") or profile.get("name") or "")


async def soon(asking: Awaitable[str]) -> str:
    """What is told in time, or nothing: no reply waits long for a name."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await asking
    except TimeoutError:
        return ""


async def nothing() -> str:
    return ""
