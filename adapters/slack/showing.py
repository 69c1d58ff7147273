"""Where replies are shown: where they were asked for, else to the asker alone; and the marks beside them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.blocks import Part, parts_of
from adapters.slack.platform import SlackPlatform, error_of
from adapters.slack.views import form_view, result_view
from bot.messages import Form, Markdown, Message, say

log = logging.getLogger(__name__)

# How often Slack takes an answer to one command or button.
MOST_RESPONSES = 5
# Slack opens no view whose trigger is older than three seconds; what is on its way then may still arrive.
OPEN_SECONDS = 10.0
OPENED_BEFORE = "exchanged_trigger_id"
NOT_OPENED = "**The form did not open.** Press again, or type `/llmq answer TEXT`."
TICK = "white_check_mark"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a member asked for something, and `trigger` that opens one view there.

    `url` is where Slack takes answers for half an hour; there is none in a view. `replaces`: a button was
    pressed under a message to the member alone, which a reply may take the place of.
    """

    user: str
    channel: str
    trigger: str = ""
    url: str = ""
    replaces: bool = False
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What a modal is given to bring back: the command of its form and where that was asked for."""

    channel: str = ""
    command: str = ""
    url: str = ""
    replaces: bool = False

    @property
    def written(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Brought:
        """From a view, which another version of llmq may have opened."""
        brought = json.loads(view.get("private_metadata") or "{}")
        return cls(**{one.name: brought[one.name] for one in fields(cls) if one.name in brought})


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows messages and opens views in a workspace."""

    platform: SlackPlatform

    async def show(self, message: Message, asked: Asked) -> None:
        """Show a reply where it was asked for; what Slack takes no more of there goes to the asker."""
        parts = parts_of(message)
        taken = await self._answered(message, parts[:MOST_RESPONSES], asked) if asked.url else 0
        if taken == MOST_RESPONSES:
            await self.platform.send(asked.user, parts[taken:])
        else:
            await self.whisper(parts[taken:], asked)

    async def _answered(self, message: Message, parts: Sequence[Part], asked: Asked) -> int:
        """How many parts Slack took in answer to a command or a button."""
        for n, part in enumerate(parts):
            body = {
                "response_type": visibility(message),
                "replace_original": message.edits and asked.replaces and n == 0,
                "text": part.text,
                "blocks": part.blocks,
            }
            answer = await self._webhook(asked.url).send_dict(body)
            if answer.status_code != 200:
                log.warning("Slack takes no answer there any more: %s", answer.body)
                return n
        return len(parts)

    def _webhook(self, url: str) -> AsyncWebhookClient:
        # slack_sdk's own default repeats a call after a lost connection, when the message may stand there.
        client = self.platform.client
        return AsyncWebhookClient(
            url, timeout=client.timeout, proxy=client.proxy, retry_handlers=client.retry_handlers
        )

    async def whisper(self, parts: Sequence[Part], asked: Asked) -> None:
        """Show parts to one member in a channel, or send them where they cannot be shown one there."""
        left = list(parts)
        try:
            while left and asked.channel:
                await self.platform.client.chat_postEphemeral(
                    channel=asked.channel,
                    user=asked.user,
                    thread_ts=asked.thread,
                    text=left[0].text,
                    blocks=left[0].blocks,
                )
                left.pop(0)
        except SlackApiError as fault:
            log.warning("%s sees no message in %s: %s", asked.user, asked.channel, error_of(fault))
        await self.platform.send(asked.user, left)

    async def show_in_view(self, message: Message, asked: Asked, view: Mapping[str, Any]) -> None:
        """A modal shows the reply itself; App Home opens one for it."""
        client = self.platform.client
        shown, rest = result_view("llmq", message, Brought(asked.channel).written)
        try:
            if view["type"] == "modal":
                await client.views_update(view_id=view["id"], view=shown)
            else:
                await opened(client.views_open(trigger_id=asked.trigger, view=shown))
        except (SlackApiError, ClientError, TimeoutError) as fault:
            log.warning("a view did not open: %s", words_for(fault))
            rest = parts_of(message)
        await self.platform.send(asked.user, rest)

    async def open(self, form: Form, asked: Asked, *, inside: bool = False) -> None:
        """Open a form: on top of the modal whose button asked for it, if there is one."""
        client = self.platform.client
        call = client.views_push if inside else client.views_open
        brought = Brought(asked.channel, form.command, asked.url, asked.replaces)
        try:
            await opened(call(trigger_id=asked.trigger, view=form_view(form, brought.written)))
        except (SlackApiError, ClientError, TimeoutError) as fault:
            log.warning("a form did not open: %s", words_for(fault))
            await self.show(say(Markdown(NOT_OPENED)), asked)

    async def tick(self, message: Message) -> None:
        """Mark the replies that count, and take the mark off those that do so no more."""
        client = self.platform.client
        for tick in message.ticks:
            call = client.reactions_add if tick.on else client.reactions_remove
            done = call(channel=tick.channel, timestamp=tick.message, name=TICK)
            await ignore(done, "already_reacted", "no_reaction", "message_not_found")


def visibility(message: Message) -> str:
    return "ephemeral" if message.private else "in_channel"


def words_for(fault: Exception) -> str:
    return error_of(fault) if isinstance(fault, SlackApiError) else type(fault).__name__


async def opened(call: Coroutine[Any, Any, Any]) -> None:
    """Open a view; what was delivered twice has opened it before."""
    async with asyncio.timeout(OPEN_SECONDS):
        await ignore(call, OPENED_BEFORE)


async def ignore(call: Coroutine[Any, Any, Any], *errors: str) -> None:
    """Make a call whose failures of these kinds mean that there is nothing to do."""
    try:
        await call
    except SlackApiError as fault:
        if error_of(fault) not in errors:
            raise
