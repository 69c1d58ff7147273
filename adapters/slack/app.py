"""Slack's events, each turned into one request, and the reply shown where it was asked for."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.blocks import (
    ANSWER_BLOCK,
    FORM,
    Part,
    form_view,
    home_view,
    parts_of,
    result_view,
    unescape,
)
from adapters.slack.platform import SlackPlatform
from bot.bot import Bot
from bot.messages import Form, Markdown, Message
from bot.requests import Channel, Member, Request

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

# What a person wrote, alone, with a file, or with "also send to channel"; all other subtypes are Slack's own.
TYPED = (None, "file_share", "thread_broadcast")
OTHER_TEAM = "This llmq serves another workspace."


@dataclass(frozen=True)
class Slack:
    """The app of one workspace. `team` is its id; `names` are those that Slack has told so far."""

    bot: Bot
    platform: SlackPlatform
    team: str
    names: dict[str, str] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def build(self, signing_secret: str | None) -> AsyncApp:
        """The bolt app. Without a secret it is for Socket Mode, where Slack signs nothing."""
        # An event is acknowledged when it is stored, not before: a reply in a thread must not be lost.
        app = AsyncApp(
            client=self.platform.client,
            signing_secret=signing_secret or "",
            request_verification_enabled=signing_secret is not None,
            process_before_response=True,
        )
        app.command("/llmq")(self.command)
        app.action(re.compile("^llmq_"))(self.action)
        app.view(FORM)(self.submission)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home)
        return app

    async def command(self, ack: AsyncAck, respond: AsyncRespond, body: Body) -> BoltResponse | None:
        """`/llmq …`"""
        if body["team_id"] != self.team:
            await ack(OTHER_TEAM)
            return None
        member = self.member(body["user_id"], body.get("user_name"))
        request = Request(
            body["trigger_id"], self.channel(body["channel_id"]), member, body.get("text") or ""
        )
        reply = await self.bot.handle(request)
        match reply:
            case Form():
                await ack()
                await self.open(reply, body["trigger_id"], body["channel_id"])
            case Message():
                return self.answer(respond, reply)
        return None

    def answer(self, respond: AsyncRespond, message: Message) -> BoltResponse:
        """The reply rides on the acknowledgement; more than one part follows it."""
        parts = parts_of(message)
        if len(parts) == 1:
            body = f'{{"response_type":"{visibility(message)}",{parts[0].json}}}'
            return BoltResponse(status=200, body=body)
        self.later(self.respond_all(respond, message))
        return BoltResponse(status=200)

    async def respond_all(self, respond: AsyncRespond, message: Message) -> None:
        for part in parts_of(message):
            await respond(replace_original=False, **shown(part, message))

    async def action(self, ack: AsyncAck, respond: AsyncRespond, body: Body) -> None:
        """A button: its value is the command."""
        await ack()
        if body["team"]["id"] != self.team:
            return
        place = body.get("channel", {}).get("id") or place_of(body.get("view", {})).get("channel", "")
        member = self.member(body["user"]["id"], body["user"].get("name"))
        text = body["actions"][0]["value"]
        reply = await self.bot.handle(Request(body["trigger_id"], self.channel(place), member, text))
        view = body.get("view")
        match reply:
            case Form():
                await self.open(
                    reply, body["trigger_id"], place, inside=bool(view and view["type"] == "modal")
                )
            case Message() if view:
                await self.show_in_modal(reply, body["trigger_id"], view, place)
            case Message():
                self.later(self.respond_all(respond, reply))

    async def show_in_modal(self, message: Message, trigger: str, view: Body, place: str) -> None:
        """A modal shows the reply in its own place; App Home opens one for it."""
        shown_view = result_view("llmq", message, json.dumps({"channel": place}))
        if view["type"] == "modal":
            await self.platform.client.views_update(view_id=view["id"], view=shown_view)
        else:
            await self.platform.client.views_open(trigger_id=trigger, view=shown_view)

    async def open(self, form: Form, trigger: str, place: str, inside: bool = False) -> None:
        """Open a form: on top of the modal whose button asked for it, if there is one."""
        metadata = json.dumps({"command": form.command, "channel": place, "title": form.title})
        client = self.platform.client
        opening = client.views_push if inside else client.views_open
        await opening(trigger_id=trigger, view=form_view(form, metadata))

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form that was sent. It stays open, with its text, when nothing could be done with it."""
        view, place = body["view"], place_of(body["view"])
        if body["team"]["id"] != self.team:
            await ack(response_action="errors", errors={ANSWER_BLOCK: OTHER_TEAM})
            return
        typed = view["state"]["values"][ANSWER_BLOCK][ANSWER_BLOCK]["value"] or ""
        member = self.member(body["user"]["id"], body["user"].get("name"))
        channel = self.channel(place["channel"])
        reply = await self.bot.handle(Request(view["id"], channel, member, place["command"], typed))
        if isinstance(reply, Form):
            await ack()
        elif reply.refused:
            await ack(response_action="errors", errors={ANSWER_BLOCK: reason(reply)})
        else:
            metadata = json.dumps({"channel": place["channel"]})
            await ack(response_action="update", view=result_view(place["title"], reply, metadata))

    async def message(self, body: Body, event: Body) -> None:
        """A reply in a thread answers; editing it replaces the answer, deleting it takes it back."""
        if body["team_id"] != self.team:
            return
        match event.get("subtype"):
            case "message_changed":
                now, before = event["message"], event.get("previous_message") or {}
                # Slack sends this too when it has recognised the language or unfurled a link.
                if now.get("text") != before.get("text"):
                    await self.reply_in_thread(body["event_id"], event["channel"], now)
            case "message_deleted":
                gone = event.get("previous_message") or {}
                if is_thread_reply(gone):
                    await self.bot.handle(self.thread_request(body["event_id"], event["channel"], gone, None))
            case _:
                await self.reply_in_thread(body["event_id"], event["channel"], event)

    async def reply_in_thread(self, event_id: str, channel: str, message: Body) -> None:
        if not is_thread_reply(message):
            return
        await self.know(message["user"])
        typed = unescape(message.get("text") or "")
        reply = await self.bot.handle(self.thread_request(event_id, channel, message, typed))
        if isinstance(reply, Message) and reply.blocks:
            self.later(self.acknowledge(reply, channel, message))

    def thread_request(self, event_id: str, channel: str, message: Body, typed: str | None) -> Request:
        text = "answer" if typed is not None else "answer withdraw"
        member = self.member(message["user"], None)
        return Request(event_id, self.channel(channel), member, text, typed, reply_to=message["thread_ts"])

    async def acknowledge(self, reply: Message, channel: str, message: Body) -> None:
        """A reaction for what was stored; words for the author alone when it was not."""
        client = self.platform.client
        if not reply.refused:
            await ignore(
                client.reactions_add(channel=channel, timestamp=message["ts"], name="white_check_mark"),
                "already_reacted",
            )
            return
        for part in parts_of(reply):
            await client.chat_postEphemeral(
                channel=channel,
                user=message["user"],
                thread_ts=message["thread_ts"],
                text=part.text,
                blocks=part.blocks,
            )

    async def home(self, body: Body, event: Body) -> None:
        """App Home was opened."""
        if event.get("tab") != "home" or body["team_id"] != self.team:
            return
        await self.know(event["user"])
        member = self.member(event["user"], None)
        reply = await self.bot.handle(Request(body["event_id"], self.channel(""), member, "home"))
        if isinstance(reply, Message):
            await self.platform.client.views_publish(user_id=event["user"], view=home_view(reply))

    def channel(self, id: str) -> Channel:
        return Channel(f"slack:{self.team}", id)

    def member(self, id: str, handle: str | None) -> Member:
        """A member by the name that Slack shows, or by the handle of the event until that is known."""
        return Member(id, self.names.get(id) or handle or id)

    async def know(self, user: str) -> None:
        """Learn a member's name; events carry only the id."""
        if user in self.names:
            return
        try:
            profile = (await self.platform.client.users_info(user=user))["user"]
        except SlackApiError as fault:
            log.warning("the name of %s is not known: %s", user, fault.response["error"])
            return
        shown_name = profile.get("profile", {}).get("display_name") or profile.get("real_name")
        self.names[user] = shown_name or profile["name"]

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
        await asyncio.gather(*self._tasks, return_exceptions=True)


def shown(part: Part, message: Message) -> dict[str, Any]:
    """A part as the body of a response."""
    return {"text": part.text, "blocks": part.blocks, "response_type": visibility(message)}


def visibility(message: Message) -> str:
    return "ephemeral" if message.private else "in_channel"


def place_of(view: Body) -> dict[str, str]:
    """What a modal was given to bring back."""
    return cast(dict[str, str], json.loads(view.get("private_metadata") or "{}"))


def reason(message: Message) -> str:
    """Why a submission was refused, for the line under its field."""
    words = next(block.text for block in message.blocks if isinstance(block, Markdown))
    return words.replace("`", "").replace("**", "")


def is_thread_reply(message: Body) -> bool:
    """Whether a person wrote it in a thread."""
    thread = message.get("thread_ts")
    typed = message.get("subtype") in TYPED and not message.get("bot_id") and message.get("user")
    return bool(typed and thread and thread != message.get("ts"))


async def ignore(call: Coroutine[Any, Any, Any], error: str) -> None:
    """Make a call whose one failure means that it was made before."""
    try:
        await call
    except SlackApiError as fault:
        if fault.response["error"] != error:
            raise
