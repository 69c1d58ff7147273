"""Slack as the place where the bot posts unasked."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, cast

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.blocks import Part, parts_of
from bot.messages import THREAD_LINK, Grid, Heading, Markdown, Message
from bot.platform import Ability, AdminStatus, ChannelRefused, TokenRefused
from bot.requests import Channel, Member

log = logging.getLogger(__name__)

# Slack takes about one message a second in a channel.
SECONDS_BETWEEN_POSTS = 1.0
EVENT_TYPE = "llmq"
PAGE = 200
# The address of all workspaces, where that of ours is not known.
SITE = "https://slack.com/"
THREAD = re.compile(rf"\({THREAD_LINK}(?P<channel>[^/)]+)/(?P<message>[^)]+)\)")
# How far back a post is looked for that may have been made before we died.
MOST_PAGES = 5

REFUSED = {
    "channel_not_found": "Slack does not know the channel, or llmq is not in it.",
    "not_in_channel": "llmq is not in the channel. Invite it with `/invite @llmq`.",
    "is_archived": "The channel is archived.",
    "restricted_action": "The workspace does not let llmq post there.",
    "restricted_action_read_only_channel": "Only some people may post in the channel.",
    "restricted_action_thread_only_channel": "Only threads may be posted in the channel.",
}
# What concerns the app as a whole, and may be put right at any time.
TOKEN_REFUSED = {
    "token_revoked": "The bot's token was revoked. Install the app again.",
    "token_expired": "The bot's token has expired. Install the app again.",
    "account_inactive": "The bot's account is switched off. Install the app again.",
    "invalid_auth": "Slack refuses the bot's token. Install the app again, or set LLMQ_SLACK_BOT_TOKEN anew.",
    "missing_scope": "The app lacks a permission. Compare it with slack-manifest.yaml and install it again.",
}
# Somebody deleted the message, or the workspace forbids edits: the reveal goes on in the thread.
NO_THREAD = {"thread_not_found", "message_not_found"}
NOT_IN = {"channel_not_found", "not_in_channel"}
NOT_TO_DELETE = {"message_not_found", "cant_delete_message"}
# The pin is as it should be, or there is no message to pin.
AS_WISHED = {"already_pinned", "no_pin", "not_pinned", "message_not_found"}
NO_PINS = "The app may not pin: compare its scopes with slack-manifest.yaml and install it again."
NOT_PINNED = {
    "missing_scope": NO_PINS,
    "too_many_pins": "The channel has as many pins as it may have. Take some down.",
    "not_pinnable": "Slack does not pin this message.",
    "restricted_action": "The workspace lets llmq pin nothing there.",
    "permission_denied": "The workspace lets llmq pin nothing there.",
}
NOT_TO_EDIT = {"message_not_found", "cant_update_message", "edit_window_closed"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is: the workspace and its address, and the bot in it by its two ids."""

    team: str
    bot: str
    user: str
    site: str = SITE


class SlackPlatform:
    """A `bot.platform.Platform` of a workspace with an address, for a bot with an id.

    `sleep` waits so many seconds.
    """

    # Slack has no message without a notification.
    tells_quietly = False

    def __init__(
        self,
        client: AsyncWebClient,
        admins: frozenset[str],
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        site: str = SITE,
        bot: str = "",
    ) -> None:
        self.client, self._bot = client, bot
        self._site = site
        self._admins = admins
        self._now, self._sleep = now, sleep
        self._free_at: dict[str, float] = {}

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        """Post to the channel; the key travels in the metadata of the first part."""
        first, *more = self._parts(message)
        posted = await self._post(channel.id, first, key)
        for n, part in enumerate(more, 1):
            await self._post(channel.id, part, f"{key}#{n}", thread=posted)
        return posted

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace what a posted message says."""
        part, *_ = self._parts(message)
        await self._change(channel, message_id, part)

    async def _change(self, channel: Channel, message_id: str, part: Part) -> None:
        try:
            await self.client.chat_update(
                channel=channel.id, ts=message_id, text=part.text, blocks=part.blocks
            )
        except SlackApiError as fault:
            if error_of(fault) not in NOT_TO_EDIT:
                raise refused(fault) from fault
            log.warning("message %s in %s stays as it is: %s", message_id, channel.id, error_of(fault))

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        """Post in a thread, or in the channel if that is gone, what does not stand there yet."""
        thread, there = await self._place(channel, message_id, after)
        # Without its question, a reveal says what was asked.
        heading = (Heading(title),) if title and thread is None else ()
        last = after
        for n, part in enumerate(self._parts(replace(message, blocks=(*heading, *message.blocks)))):
            part_key = f"{key}#{n}"
            last = there.get(part_key) or await self._post(channel.id, part, part_key, thread=thread)
        return last

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        """Edit the parts that stand there, post those that do not, delete those that are too many."""
        thread, there = await self._place(channel, message_id, after)
        parts = self._parts(message) if message else ()
        for n, part in enumerate(parts):
            if stands := there.get(f"{key}#{n}"):
                await self._change(channel, stands, part)
            else:
                await self._post(channel.id, part, f"{key}#{n}", thread=thread)
        for n in count(len(parts)):
            if (stands := there.get(f"{key}#{n}")) is None:
                break
            await self._delete(channel, stands)

    async def pin(self, channel: Channel, message_id: str) -> None:
        """Pin a message."""
        await self._pinned(self.client.pins_add(channel=channel.id, timestamp=message_id))

    async def unpin(self, channel: Channel, message_id: str) -> None:
        """Take a pin off, where there is one."""
        await self._pinned(self.client.pins_remove(channel=channel.id, timestamp=message_id))

    async def _pinned(self, asking: Awaitable[AsyncSlackResponse]) -> None:
        try:
            await asking
        except SlackApiError as fault:
            error = error_of(fault)
            if error not in AS_WISHED:
                raise ChannelRefused(NOT_PINNED[error]) if error in NOT_PINNED else refused(fault) from fault

    async def find(self, channel: Channel, key: str) -> str | None:
        """The message with this key among the channel's latest."""
        return (await self._latest(channel)).get(key)

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        """Send a direct message. Who cannot be reached is refused like a channel."""
        try:
            await self.send(member_id, self._parts(with_files(message)))
        except SlackApiError as fault:
            raise ChannelRefused(f"Slack takes no message for them ({error_of(fault)}).") from fault
        except TokenRefused as fault:
            raise ChannelRefused(str(fault)) from fault

    async def send(self, member_id: str, parts: Sequence[Part]) -> None:
        """Send parts of a message to a member alone."""
        for part in parts:
            await self._post(member_id, part, "")

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        """Owners and admins of the workspace, the channel's creator, and those whom the settings name."""
        if member.id in self._admins:
            return "admin"
        user, place = await asyncio.gather(self._asked_of(member), self._asked_about(channel))
        if user.get("is_admin") or user.get("is_owner"):
            return "admin"
        if place.get("creator") == member.id:
            return "channel"
        if place.get("error") in NOT_IN:
            return "outside"
        return "unknown" if "error" in user or "error" in place else "member"

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        """An invitation to the channel, or a scope. Whom llmq may call Slack does not tell."""
        if to == "ping":
            return ()
        if to == "pin":
            return () if await self._may("pins:write") else (NO_PINS,)
        place = await self._asked_about(channel)
        if place.get("error") in NOT_IN or place.get("is_member") is False:
            return ("llmq is not in this channel: type `/invite @llmq`.",)
        return ("This channel is archived.",) if place.get("is_archived") else ()

    async def zone_of(self, team: str, member_id: str) -> str | None:
        """The zone of a member's Slack."""
        zone = (await self._asked_of(Member(member_id, ""))).get("tz")
        return zone if isinstance(zone, str) else None

    def _parts(self, message: Message) -> tuple[Part, ...]:
        return parts_of(with_links_to(self._site, message))

    async def _asked_of(self, member: Member) -> dict[str, Any]:
        return await asked(self.client.users_info(user=member.id), "user")

    async def _asked_about(self, channel: Channel) -> dict[str, Any]:
        return await asked(self.client.conversations_info(channel=channel.id), "channel")

    async def _may(self, scope: str) -> bool:
        """Whether the app has a scope; where Slack does not tell, the first use will."""
        try:
            answer = await self.client.auth_test()
        except (SlackApiError, ClientError, TimeoutError):
            return True
        granted = (answer.headers or {}).get("x-oauth-scopes", "")
        return not granted or scope in granted.replace(" ", "").split(",")

    async def _delete(self, channel: Channel, message_id: str) -> None:
        try:
            await self.client.chat_delete(channel=channel.id, ts=message_id)
        except SlackApiError as fault:
            if error_of(fault) not in NOT_TO_DELETE:
                raise refused(fault) from fault
            log.warning("message %s in %s stays: %s", message_id, channel.id, error_of(fault))

    async def _place(
        self, channel: Channel, message_id: str, after: str
    ) -> tuple[str | None, dict[str | None, str]]:
        """The thread of a message, or none where that is gone; and what stands there, by keys."""
        try:
            return message_id, await self._in_thread(channel, message_id, after)
        except SlackApiError as fault:
            if error_of(fault) not in NO_THREAD:
                raise refused(fault) from fault
            return None, await self._latest(channel)

    async def _in_thread(self, channel: Channel, message_id: str, after: str) -> dict[str | None, str]:
        """The ids of what stands in a thread behind a message, by their keys."""
        found: dict[str | None, str] = {}
        cursor: str | None = ""
        while cursor is not None:
            thread = await self.client.conversations_replies(
                channel=channel.id,
                ts=message_id,
                oldest=after or None,
                limit=PAGE,
                include_all_metadata=True,
                cursor=cursor or None,
            )
            found |= self._keys_of(thread["messages"])
            cursor = next_page(thread)
        return found

    def _keys_of(self, messages: Sequence[dict[str, Any]]) -> dict[str | None, str]:
        """The ids of our own messages by their keys: other apps write into metadata what they like."""
        own = (one for one in messages if not self._bot or one.get("bot_id") == self._bot)
        return {key_of(message): message["ts"] for message in own}

    async def _latest(self, channel: Channel) -> dict[str | None, str]:
        """The ids of the channel's latest messages by their keys."""
        latest: dict[str | None, str] = {}
        cursor: str | None = ""
        for _ in range(MOST_PAGES):
            try:
                history = await self.client.conversations_history(
                    channel=channel.id, limit=PAGE, include_all_metadata=True, cursor=cursor or None
                )
            except SlackApiError as fault:
                raise refused(fault) from fault
            latest |= self._keys_of(history["messages"])
            cursor = next_page(history)
            if cursor is None:
                break
        return latest

    async def _post(self, channel: str, part: Part, key: str, thread: str | None = None) -> str:
        await self._turn(channel)
        try:
            posted = await self.client.chat_postMessage(
                channel=channel,
                text=part.text,
                blocks=part.blocks,
                thread_ts=thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}} if key else None,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as fault:
            raise refused(fault) from fault
        return str(posted["ts"])

    async def _turn(self, channel: str) -> None:
        """Wait until the channel may be posted to again."""
        now = self._now()
        free_at = max(now, self._free_at.get(channel, now))
        self._free_at = {id: at for id, at in self._free_at.items() if at > now}
        self._free_at[channel] = free_at + SECONDS_BETWEEN_POSTS
        if free_at > now:
            await self._sleep(free_at - now)


def with_files(message: Message) -> Message:
    """The message with its files as text: to upload one takes a permission that nothing else needs."""
    shown = (block for file in message.files for block in (Heading(file.name), Grid(file.text)))
    return replace(message, blocks=(*message.blocks, *shown))


def with_links_to(site: str, message: Message) -> Message:
    """The message with its links to threads as links to the workspace, as Slack itself writes them."""

    def link(found: re.Match[str]) -> str:
        return f"({site.rstrip('/')}/archives/{found['channel']}/p{found['message'].replace('.', '')})"

    blocks = tuple(
        replace(block, text=THREAD.sub(link, block.text)) if isinstance(block, Markdown) else block
        for block in message.blocks
    )
    return replace(message, blocks=blocks)


async def asked(call: Awaitable[AsyncSlackResponse], what: str) -> dict[str, Any]:
    """What a call tells, or Slack's word for why it does not."""
    try:
        return cast(dict[str, Any], (await call)[what])
    except SlackApiError as fault:
        log.warning("Slack does not tell the %s: %s", what, error_of(fault))
        return {"error": error_of(fault)}
    except (ClientError, TimeoutError) as fault:
        log.warning("Slack does not tell the %s: %s", what, type(fault).__name__)
        return {"error": type(fault).__name__}


def error_of(fault: SlackApiError) -> str:
    """Slack's word for what is wrong, or the status of an answer that is none of Slack's."""
    try:
        word = fault.response.get("error")
    except (AttributeError, ValueError):
        word = None
    status = getattr(fault.response, "status_code", getattr(fault.response, "status", "unknown"))
    return str(word or f"status {status}")


def next_page(answer: AsyncSlackResponse) -> str | None:
    return (answer.get("response_metadata") or {}).get("next_cursor") or None


def refused(fault: SlackApiError) -> Exception:
    """A refusal of the channel for good, of the app, or the fault itself where trying again may help."""
    error = error_of(fault)
    if error in TOKEN_REFUSED:
        return TokenRefused(TOKEN_REFUSED[error])
    return ChannelRefused(REFUSED[error]) if error in REFUSED else fault


def key_of(message: dict[str, Any]) -> str | None:
    """The key that a message was posted with."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
