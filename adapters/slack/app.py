"""Slack's events, each turned into one request, and the reply shown where it was asked for."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse

from adapters.slack.blocks import parts_of
from adapters.slack.names import Names
from adapters.slack.platform import Identity, SlackPlatform
from adapters.slack.replies import Said, moment_of, said_in
from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.showing import Asked, Brought, Showing, visibility
from adapters.slack.typed import as_typed, mentioned, with_mentions
from adapters.slack.views import field_of, form_view, home_view, result_view, typed_in
from bot.bot import Bot
from bot.messages import TEXT, Form, Markdown, Message
from bot.requests import Channel, Member, Request, ThreadMessage

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

# Slack is asked for the names of so many; those behind them stay as Slack wrote them.
MOST_NAMED = 5


@dataclass(frozen=True)
class Slack:
    """The app of one workspace."""

    bot: Bot
    platform: SlackPlatform
    identity: Identity
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def team(self) -> str:
        return self.identity.team

    @cached_property
    def names(self) -> Names:
        def remembered(user: str) -> Awaitable[str]:
            return self.bot.name_of(self.channel("").team, user)

        return Names(self.platform.client, remembered, self.bot.game.clock)

    @cached_property
    def showing(self) -> Showing:
        return Showing(self.platform)

    async def command(self, ack: AsyncAck, body: Body) -> BoltResponse | None:
        """`/llmq …`"""
        typed, trigger = body.get("text") or "", body["trigger_id"]
        asked = Asked(body["user_id"], body["channel_id"], trigger, body["response_url"])
        member, names = await asyncio.gather(
            self.member(asked.user, body.get("user_name")), self.named_in(typed)
        )
        text = with_mentions(typed, names)
        reply = await self.bot.handle(Request(trigger, self.channel(asked.channel), member, text))
        match reply:
            case Form():
                await ack()
                self.later(self.showing.open(reply, asked))
            case Message():
                self.later(self.showing.tick(reply))
                return self.answer(reply, asked)
        return None

    def answer(self, message: Message, asked: Asked) -> BoltResponse:
        """The reply rides on the acknowledgement; more than one part follows it."""
        parts = parts_of(message)
        if len(parts) == 1:
            body = f'{{"response_type":"{visibility(message)}",{parts[0].json}}}'
            return BoltResponse(status=200, body=body)
        self.later(self.showing.show(message, asked))
        return BoltResponse(status=200)

    async def press(self, body: Body) -> None:
        """A button: its value is the command."""
        view, pressed, asked = body.get("view"), body["actions"][0], asked_by_button(body)
        member = await self.member(asked.user, body["user"].get("name"))
        at = moment_of(pressed["action_ts"])
        request = Request(asked.trigger, self.channel(asked.channel), member, pressed["value"], at=at)
        reply = await self.bot.handle(request)
        match reply:
            case Form():
                await self.showing.open(reply, asked, inside=bool(view and view["type"] == "modal"))
            case Message():
                self.later(self.showing.tick(reply))
                if view:
                    await self.showing.show_in_view(reply, asked, view)
                else:
                    await self.showing.show(reply, asked)

    async def shortcut(self, body: Body) -> None:
        """One of Slack's own menu. There is no channel, so what it shows comes in a window."""
        asked = Asked(body["user"]["id"], "", body["trigger_id"])
        member = await self.member(asked.user, body["user"].get("username"))
        command, at = SHORTCUTS[body["callback_id"]].command, moment_of(body["action_ts"])
        reply = await self.bot.handle(Request(asked.trigger, self.channel(""), member, command, at=at))
        match reply:
            case Form():
                await self.showing.open(reply, asked)
            case Message():
                await self.showing.show_in_view(reply, asked, {"type": "home"})

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form that was sent. It stays open, with its text, when nothing could be done with it."""
        view, brought, user = body["view"], Brought.read(body["view"]), body["user"]
        inputs, channel = typed_in(view), self.channel(brought.channel)
        text = inputs.get(TEXT, "")
        member = await self.member(user["id"], user.get("name"))
        request = Request(sent_id(view, inputs), channel, member, brought.command, text, inputs=inputs)
        reply = await self.bot.handle(request)
        match reply:
            case Form():
                again = replace(brought, command=reply.command)
                await ack(response_action="update", view=form_view(reply, again.written))
            case Message(refused=True):
                await ack(response_action="errors", errors={field_of(view, reply.field): reason(reply)})
            case Message() if channel.id:
                # The form closes, and the receipt comes where the question stands.
                await ack()
                asked = Asked(user["id"], channel.id, "", brought.url, brought.replaces)
                self.later(self.showing.show(reply, asked))
            case Message():
                result, rest = result_view(view["title"]["text"], reply, brought.written)
                await ack(response_action="update", view=result)
                self.later(self.platform.send(user["id"], rest))
        if isinstance(reply, Message):
            self.later(self.showing.tick(reply))

    async def message(self, body: Body, event: Body) -> BoltResponse | None:
        """A reply in a thread answers; editing it replaces the answer, deleting it takes it back."""
        said = said_in(event)
        if said is None:
            return None
        reply = await self.bot.handle(await self.said_request(body["event_id"], said))
        assert isinstance(reply, Message)
        if reply.away:
            # Slack tells it again of what was not taken.
            return BoltResponse(status=503)
        self.later(self.showing.tick(reply))
        if reply.refused:
            asked = Asked(said.user, said.channel, thread=said.thread)
            self.later(self.showing.whisper(parts_of(reply), asked))
        return None

    async def said_request(self, id: str, said: Said) -> Request:
        member, names = await asyncio.gather(self.member(said.user), self.named_in(said.text or ""))
        text = None if said.text is None else as_typed(said.text, names)
        thread = ThreadMessage(said.thread, said.ts, moment_of(said.ts))
        return Request(id, self.channel(said.channel), member, "reply", text, said.at, thread)

    async def home(self, body: Body, event: Body) -> None:
        """App Home was opened."""
        if event.get("tab") == "home":
            self.later(self.publish(event["user"], body["event_id"]))

    async def publish(self, user: str, id: str) -> None:
        member = await self.member(user)
        reply = await self.bot.handle(Request(id, self.channel(""), member, "home"))
        assert isinstance(reply, Message)
        await self.platform.client.views_publish(user_id=user, view=home_view(reply))

    def channel(self, id: str) -> Channel:
        return Channel(f"slack:{self.team}", id)

    async def member(self, id: str, handle: str | None = None) -> Member:
        return Member(id, await self.names.of(id, handle or ""))

    async def named_in(self, text: str) -> dict[str, str]:
        """The names of the members whose codes stand in a text, of the first few."""
        users = dict(islice(mentioned(text).items(), MOST_NAMED))
        named = await asyncio.gather(*(self.names.of(user, label) for user, label in users.items()))
        return dict(zip(users, named, strict=True))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the acknowledgement."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("a reply could not be shown", exc_info=task.exception())

    async def drain(self) -> None:
        """Wait for what is still to be shown."""
        while self._tasks:
            # Unlike a gather of tasks that are done, this lets their callbacks run on Python 3.12, too.
            await asyncio.wait(self._tasks)


def asked_by_button(body: Body) -> Asked:
    """Where a button was pressed: in a message, or in a view that was given its channel to bring back."""
    channel = body.get("channel", {}).get("id") or Brought.read(body.get("view") or {}).channel
    alone = bool(body.get("container", {}).get("is_ephemeral"))
    return Asked(body["user"]["id"], channel, body["trigger_id"], body.get("response_url", ""), alone)


def sent_id(view: Body, inputs: Mapping[str, str]) -> str:
    """One id for the same words from the same form, which a person may send once more with others."""
    return f"{view['id']}:{hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]}"


def reason(message: Message) -> str:
    """Why a submission was refused, for the line under its field."""
    words = next(block.text for block in message.blocks if isinstance(block, Markdown))
    return words.replace("`", "").replace("**", "")
