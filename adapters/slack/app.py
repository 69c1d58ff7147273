"""Slack's events, each turned into one request, and the reply shown where it was asked for."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import ClientError
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
    typed_in,
)
from adapters.slack.platform import SlackPlatform, error_of
from adapters.slack.replies import Heard, Said, as_typed, mentioned, said_in
from bot.bot import Bot
from bot.messages import NOTHING, Form, Markdown, Message
from bot.requests import Channel, Member, Request

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

# Of an acknowledgement's three seconds the core takes up to two and a half.
ASK_NAME_SECONDS = 0.4
# How often Slack takes an answer to one command or button.
MOST_RESPONSES = 5
OPENED_BEFORE = "exchanged_trigger_id"
OTHER_TEAM = "This llmq serves another workspace."


@dataclass(frozen=True)
class Slack:
    """The app of one workspace. `team` is its id; `names` are those that Slack has told so far."""

    bot: Bot
    platform: SlackPlatform
    team: str
    names: dict[str, str] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)
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
                return self.answer(respond, reply, body["user_id"])
        return None

    def answer(self, respond: AsyncRespond, message: Message, user: str) -> BoltResponse:
        """The reply rides on the acknowledgement; more than one part follows it."""
        parts = parts_of(message)
        if len(parts) == 1:
            body = f'{{"response_type":"{visibility(message)}",{parts[0].json}}}'
            return BoltResponse(status=200, body=body)
        self.later(self.respond_all(respond, message, user))
        return BoltResponse(status=200)

    async def respond_all(self, respond: AsyncRespond, message: Message, user: str) -> None:
        """Show a reply where it was asked for; what Slack takes no more of there is sent to the asker."""
        parts = parts_of(message)
        for part in parts[:MOST_RESPONSES]:
            await respond(replace_original=False, **shown(part, message))
        await self.platform.send(user, parts[MOST_RESPONSES:])

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
                await self.show_in_modal(reply, body, view, place)
            case Message():
                self.later(self.respond_all(respond, reply, member.id))

    async def show_in_modal(self, message: Message, body: Body, view: Body, place: str) -> None:
        """A modal shows the reply in its own place; App Home opens one for it."""
        shown_view, rest = result_view("llmq", message, json.dumps({"channel": place}))
        if view["type"] == "modal":
            await self.platform.client.views_update(view_id=view["id"], view=shown_view)
        else:
            opening = self.platform.client.views_open(trigger_id=body["trigger_id"], view=shown_view)
            await ignore(opening, OPENED_BEFORE)
        self.later(self.platform.send(body["user"]["id"], rest))

    async def open(self, form: Form, trigger: str, place: str, inside: bool = False) -> None:
        """Open a form: on top of the modal whose button asked for it, if there is one."""
        metadata = json.dumps({"command": form.command, "channel": place, "title": form.title})
        client = self.platform.client
        opening = client.views_push if inside else client.views_open
        await ignore(opening(trigger_id=trigger, view=form_view(form, metadata)), OPENED_BEFORE)

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form that was sent. It stays open, with its text, when nothing could be done with it."""
        view, place = body["view"], place_of(body["view"])
        if body["team"]["id"] != self.team:
            await ack(response_action="errors", errors={ANSWER_BLOCK: OTHER_TEAM})
            return
        member = self.member(body["user"]["id"], body["user"].get("name"))
        channel = self.channel(place["channel"])
        reply = await self.bot.handle(Request(view["id"], channel, member, place["command"], typed_in(view)))
        if isinstance(reply, Form):
            await ack()
        elif reply.refused:
            await ack(response_action="errors", errors={ANSWER_BLOCK: reason(reply)})
        else:
            result, rest = result_view(place["title"], reply, json.dumps({"channel": place["channel"]}))
            await ack(response_action="update", view=result)
            self.later(self.platform.send(member.id, rest))

    async def message(self, body: Body, event: Body) -> None:
        """A reply in a thread answers; editing it replaces the answer, deleting it takes it back."""
        said = said_in(event)
        if body["team_id"] != self.team or said is None:
            return
        replies = self.heard.of(said.author)
        async with replies.turn:
            news = replies.is_news(said)
            reply = await self.hear(body["event_id"], said) if news else NOTHING
            replies.heard(said, counts=said.text is not None and bool(reply.blocks) and not reply.refused)
        if reply.blocks and said.text is not None:
            self.later(self.acknowledge(reply, said))

    async def hear(self, event_id: str, said: Said) -> Message:
        """What the core says to a reply in a thread."""
        await asyncio.gather(*map(self.know, {said.user, *mentioned(said.text or "")}))
        member, channel = self.member(said.user, None), self.channel(said.channel)
        typed = None if said.text is None else as_typed(said.text, self.names)
        text = "answer withdraw" if typed is None else "answer"
        reply = await self.bot.handle(Request(event_id, channel, member, text, typed, said.thread))
        assert isinstance(reply, Message)
        if typed is None and reply.refused:
            # Nobody is there to be told and to try again, so Slack is to tell it again.
            raise NotTakenBack(reply)
        return reply

    async def acknowledge(self, reply: Message, said: Said) -> None:
        """A reaction for what was stored; words for the author alone when it was not."""
        client = self.platform.client
        if not reply.refused:
            tick = client.reactions_add(channel=said.channel, timestamp=said.ts, name="white_check_mark")
            await ignore(tick, "already_reacted", "message_not_found")
            return
        for part in parts_of(reply):
            await client.chat_postEphemeral(
                channel=said.channel,
                user=said.user,
                thread_ts=said.thread,
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
        """Learn a member's name, since events carry only the id; but nothing waits long for that."""
        if user in self.names:
            return
        try:
            async with asyncio.timeout(ASK_NAME_SECONDS):
                profile = (await self.platform.client.users_info(user=user))["user"]
        except (SlackApiError, ClientError, TimeoutError) as fault:
            log.warning("the name of %s is not known: %s", user, type(fault).__name__)
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
        while self._tasks:
            # Unlike a gather of tasks that are done, this lets their callbacks run on Python 3.12, too.
            await asyncio.wait(self._tasks)


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


class NotTakenBack(Exception):
    """A deleted reply whose answer still stands. The text is what the core says of it."""

    def __init__(self, reply: Message) -> None:
        super().__init__(reason(reply))


async def ignore(call: Coroutine[Any, Any, Any], *errors: str) -> None:
    """Make a call whose failures of these kinds mean that there is nothing to do."""
    try:
        await call
    except SlackApiError as fault:
        if error_of(fault) not in errors:
            raise
