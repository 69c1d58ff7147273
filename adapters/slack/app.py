"""Slack's events, each turned into one request, and the reply shown where it was asked for."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
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
from adapters.slack.platform import Identity, SlackPlatform, error_of
from adapters.slack.replies import mentioned, moment_of, said_in, unescaped
from bot.bot import Bot
from bot.messages import Form, Markdown, Message, say
from bot.requests import Channel, Member, Request, ThreadMessage

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

# Of an acknowledgement's three seconds the core takes up to two and a half.
ASK_NAME_SECONDS = 0.4
# How often Slack takes an answer to one command or button.
MOST_RESPONSES = 5
OPENED_BEFORE = "exchanged_trigger_id"
OTHER_TEAM = "This llmq serves another workspace."
NOT_OPENED = "**The form did not open.** Press again, or type `/llmq answer TEXT`."
# Names are asked for again after so long, since people change them.
NAME_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A member's name, and since when it is known."""

    name: str
    since: datetime


@dataclass(frozen=True)
class Slack:
    """The app of one workspace; `names` are those that Slack has told so far, and when."""

    bot: Bot
    platform: SlackPlatform
    identity: Identity
    names: dict[str, KnownName] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def team(self) -> str:
        return self.identity.team

    def build(self, signing_secret: str | None) -> AsyncApp:
        """The bolt app. Without a secret it is for Socket Mode, where Slack signs nothing."""
        # An event is acknowledged when it is stored, not before: a reply in a thread must not be lost.
        app = AsyncApp(
            client=self.platform.client,
            signing_secret=signing_secret or "",
            request_verification_enabled=signing_secret is not None,
            process_before_response=True,
            authorize=known(self.identity, self.platform.client.token),
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
        user, channel, trigger = body["user_id"], body["channel_id"], body["trigger_id"]
        await self.know(user)
        member = self.member(user, body.get("user_name"))
        reply = await self.bot.handle(
            Request(trigger, self.channel(channel), member, unescaped(body.get("text") or "", {}))
        )
        match reply:
            case Form():
                await ack()
                self.later(self.open(reply, trigger, channel, user))
            case Message():
                self.later(self.tick(reply))
                return self.answer(respond, reply, user)
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
        """A button: its value is the command. It is acknowledged at once, and acted on after that."""
        await ack()
        if body["team"]["id"] == self.team:
            self.later(self.press(respond, body))

    async def press(self, respond: AsyncRespond, body: Body) -> None:
        view, user, trigger = body.get("view"), body["user"]["id"], body["trigger_id"]
        channel = body.get("channel", {}).get("id") or metadata_of(view or {}).get("channel", "")
        pressed = body["actions"][0]
        await self.know(user)
        member, at = self.member(user, body["user"].get("name")), moment_of(pressed["action_ts"])
        reply = await self.bot.handle(
            Request(trigger, self.channel(channel), member, pressed["value"], at=at)
        )
        match reply:
            case Form():
                inside = bool(view and view["type"] == "modal")
                await self.open(reply, trigger, channel, user, inside=inside)
            case Message() if view:
                await self.show_in_modal(reply, body, view, channel)
            case Message():
                await self.respond_all(respond, reply, user)
        if isinstance(reply, Message):
            await self.tick(reply)

    async def show_in_modal(self, message: Message, body: Body, view: Body, channel: str) -> None:
        """A modal shows the reply itself; App Home opens one for it."""
        shown_view, rest = result_view("llmq", message, json.dumps({"channel": channel}))
        if view["type"] == "modal":
            await self.platform.client.views_update(view_id=view["id"], view=shown_view)
        else:
            opening = self.platform.client.views_open(trigger_id=body["trigger_id"], view=shown_view)
            await ignore(opening, OPENED_BEFORE)
        self.later(self.platform.send(body["user"]["id"], rest))

    async def open(self, form: Form, trigger: str, channel: str, user: str, inside: bool = False) -> None:
        """Open a form: on top of the modal whose button asked for it, if there is one."""
        metadata = json.dumps({"command": form.command, "channel": channel, "title": form.title})
        client = self.platform.client
        opening = client.views_push if inside else client.views_open
        try:
            await ignore(opening(trigger_id=trigger, view=form_view(form, metadata)), OPENED_BEFORE)
        except (SlackApiError, ClientError, TimeoutError) as fault:
            log.warning("a form did not open: %s", words_for(fault))
            await self.whisper(say(Markdown(NOT_OPENED)), channel, user)

    async def submission(self, ack: AsyncAck, body: Body) -> None:
        """A form that was sent. It stays open, with its text, when nothing could be done with it."""
        view, metadata, user = body["view"], metadata_of(body["view"]), body["user"]["id"]
        if body["team"]["id"] != self.team:
            await ack(response_action="errors", errors={ANSWER_BLOCK: OTHER_TEAM})
            return
        await self.know(user)
        member = self.member(user, body["user"].get("name"))
        channel = self.channel(metadata["channel"])
        request = Request(view["id"], channel, member, metadata["command"], typed_in(view))
        reply = await self.bot.handle(request)
        if isinstance(reply, Form):
            await ack()
        elif reply.refused:
            await ack(response_action="errors", errors={ANSWER_BLOCK: reason(reply)})
        elif channel.id:
            # The form closes, and the receipt comes where the question stands.
            await ack()
            self.later(self.whisper(reply, channel.id, user))
            self.later(self.tick(reply))
        else:
            result, rest = result_view(metadata["title"], reply, json.dumps({"channel": ""}))
            await ack(response_action="update", view=result)
            self.later(self.platform.send(user, rest))
            self.later(self.tick(reply))

    async def message(self, body: Body, event: Body) -> None:
        """A reply in a thread answers; editing it replaces the answer, deleting it takes it back."""
        said = said_in(event)
        if body["team_id"] != self.team or said is None:
            return
        await asyncio.gather(*map(self.know, {said.user, *mentioned(said.text or "")}))
        names = {user: known.name for user, known in self.names.items()}
        typed = None if said.text is None else unescaped(said.text, names)
        thread = ThreadMessage(said.thread, said.ts, moment_of(said.ts))
        member, channel = self.member(said.user, None), self.channel(said.channel)
        request = Request(body["event_id"], channel, member, "reply", typed, said.at, thread)
        reply = await self.bot.handle(request)
        assert isinstance(reply, Message)
        if reply.away:
            # Slack is to tell it again.
            raise NotStored(reason(reply))
        self.later(self.tick(reply))
        if reply.refused:
            self.later(self.whisper(reply, said.channel, said.user, said.thread))

    async def tick(self, message: Message) -> None:
        """Mark the replies that count, and take the mark off those that do so no more."""
        client = self.platform.client
        for tick in message.ticks:
            call = client.reactions_add if tick.on else client.reactions_remove
            done = call(channel=tick.channel, timestamp=tick.message, name="white_check_mark")
            await ignore(done, "already_reacted", "no_reaction", "message_not_found")

    async def whisper(self, message: Message, channel: str, user: str, thread: str | None = None) -> None:
        """Show a message to one member in a channel, or send it where they cannot be shown one there."""
        parts = parts_of(message)
        try:
            for part in parts if channel else ():
                await self.platform.client.chat_postEphemeral(
                    channel=channel, user=user, thread_ts=thread, text=part.text, blocks=part.blocks
                )
            if not channel:
                await self.platform.send(user, parts)
        except SlackApiError as fault:
            log.warning("%s cannot be shown a message in %s: %s", user, channel, error_of(fault))
            await self.platform.send(user, parts)

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
        known = self.names.get(id)
        return Member(id, known.name if known else handle or id)

    async def know(self, user: str) -> None:
        """Learn a member's name, since events carry only the id; but nothing waits long for that."""
        now, known = self.bot.game.clock(), self.names.get(user)
        if known and now - known.since < NAME_LASTS:
            return
        try:
            async with asyncio.timeout(ASK_NAME_SECONDS):
                profile = (await self.platform.client.users_info(user=user))["user"]
        except (SlackApiError, ClientError, TimeoutError) as fault:
            log.warning("the name of %s is not known: %s", user, type(fault).__name__)
            return
        shown_name = profile.get("profile", {}).get("display_name") or profile.get("real_name")
        self.names[user] = KnownName(shown_name or profile["name"], now)

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


def known(identity: Identity, token: str | None) -> Callable[[], Awaitable[AuthorizeResult]]:
    """What was learnt of the token at the start; asking again with each request could fail."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_id=identity.bot,
            bot_user_id=identity.user,
            bot_token=token,
        )

    return authorize


def shown(part: Part, message: Message) -> dict[str, Any]:
    """A part as the body of a response."""
    return {"text": part.text, "blocks": part.blocks, "response_type": visibility(message)}


def visibility(message: Message) -> str:
    return "ephemeral" if message.private else "in_channel"


def metadata_of(view: Body) -> dict[str, str]:
    """What a modal was given to bring back."""
    return cast(dict[str, str], json.loads(view.get("private_metadata") or "{}"))


def reason(message: Message) -> str:
    """Why a submission was refused, for the line under its field."""
    words = next(block.text for block in message.blocks if isinstance(block, Markdown))
    return words.replace("`", "").replace("**", "")


class NotStored(Exception):
    """An event that could not be kept, so that Slack is to tell it again. The text is what the core says."""


def words_for(fault: Exception) -> str:
    return error_of(fault) if isinstance(fault, SlackApiError) else type(fault).__name__


async def ignore(call: Coroutine[Any, Any, Any], *errors: str) -> None:
    """Make a call whose failures of these kinds mean that there is nothing to do."""
    try:
        await call
    except SlackApiError as fault:
        if error_of(fault) not in errors:
            raise
