"""What a person does in Slack, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.fakes.slack import events, payloads, responses, submissions
from tests.fakes.slack.acted import Acted, NotPossible, Submitted
from tests.fakes.slack.call import SlackFault
from tests.fakes.slack.delivery import Delivery, Outbox
from tests.fakes.slack.mentions import as_stored
from tests.fakes.slack.people import Channel, Json, Message, User, View
from tests.fakes.slack.tickets import ResponseUrl, Trigger
from tests.fakes.slack.world import Workspace, World


@dataclass(frozen=True, slots=True)
class Member:
    """A user at the keyboard. One that is a bot posts as another app."""

    world: World
    outbox: Outbox
    workspace: Workspace
    user: User

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def view(self) -> View | None:
        """The modal on top."""
        return self.user.views[-1] if self.user.views else None

    @property
    def home(self) -> View | None:
        return self.user.home

    @property
    def ephemerals(self) -> list[Message]:
        """What the app showed to this person alone."""
        return [message for message in self.workspace.ephemerals if message.ephemeral_to == self.id]

    @property
    def dm(self) -> list[Message]:
        """What stands in the conversation with the bot."""
        channel = self.workspace.dm(self.id)
        return channel.messages if channel else []

    async def command(self, name: str, text: str, channel: Channel) -> Acted:
        """Type a slash command. Slack takes none in a thread."""
        self.enter(channel)
        trigger, response = self.trigger(), self.response_url(channel)
        sent = self.stored(text, named=True) if self.world.app.should_escape else text
        payload = payloads.command(self.world, self.workspace, (name, sent), trigger, response)
        delivery = await self.outbox.send("slash_commands", payload)
        self.show_ack(delivery, response, f"{name} {text}".strip())
        return Acted(self.world, delivery, trigger, response)

    async def press(self, where: Message | View, what: str) -> Acted:
        """Press a button, by its action id or its label, as it stands there now."""
        block, element = self.find(where, what, "button")
        return await self.act(where, block, element, None)

    async def shortcut(self, id: str) -> Acted:
        """Choose a global shortcut of the app: no channel comes with it, and nowhere to answer."""
        if id not in self.world.app.shortcuts:
            raise NotPossible(f"The app has no shortcut {id!r}.")
        trigger = self.trigger()
        payload = payloads.interaction(self.world, self.workspace, "shortcut", trigger)
        payload |= {"callback_id": id, "action_ts": self.world.next_ts()}
        return Acted(self.world, await self.outbox.send("interactive", payload), trigger)

    async def choose(self, where: Message | View, what: str, value: str) -> Acted:
        """Choose from a menu, by its action id and the option's value or label."""
        block, element = self.find(where, what, "static_select", "overflow", "radio_buttons")
        option = next(
            (one for one in element["options"] if value in (one["value"], one["text"]["text"])), None
        )
        if not option:
            raise NotPossible(f"There is no option {value!r} in {what!r}.")
        return await self.act(where, block, element, option)

    async def act(self, where: Message | View, block: Json, element: Json, option: Json | None) -> Acted:
        trigger = self.trigger(where if isinstance(where, View) else None)
        payload = payloads.interaction(self.world, self.workspace, "block_actions", trigger)
        payload["actions"] = [payloads.action(self.world, block, element, option)]
        response = None
        if isinstance(where, Message):
            response = self.response_url(where.channel, where)
            payload |= payloads.in_message(self.world, where, response)
        else:
            payload |= payloads.in_view(self.world, self.workspace, where)
        delivery = await self.outbox.send("interactive", payload)
        return Acted(self.world, delivery, trigger, response)

    def find(self, where: Message | View, what: str, *kinds: str) -> tuple[Json, Json]:
        """An element by its action id or its label, with its block."""
        self.look_at(where)
        there = [pair for pair in payloads.elements(where.blocks) if pair[1]["type"] in kinds]
        for block, element in there:
            if what in (element.get("action_id"), element.get("text", {}).get("text")):
                return block, element
        labels = [
            str(element.get("text", {}).get("text") or element.get("action_id")) for _, element in there
        ]
        raise NotPossible(f"There is no {what!r} here. There are: {', '.join(labels) or 'none'}.")

    def look_at(self, where: Message | View) -> None:
        """Refuse what this person does not see."""
        if isinstance(where, View):
            if where not in self.user.views and where is not self.user.home:
                raise NotPossible("The view is not open.")
        elif where.deleted or where.ephemeral_to not in (None, self.id):
            raise NotPossible("The message is deleted, or for somebody else alone.")
        elif self.id not in where.channel.members:
            raise NotPossible("This person is not in the channel.")

    def fill(self, view: View, texts: Mapping[str, str]) -> None:
        """Type into the fields of a view, by block id, and send nothing yet."""
        self.look_at(view)
        submissions.fill(view, texts)

    async def submit(self, view: View, texts: Mapping[str, str] | None = None) -> Submitted:
        """Type into the fields, by block id, and send the form. It closes or stays as the app says."""
        self.fill(view, texts or {})
        submissions.check(view)
        payload = payloads.interaction(self.world, self.workspace, "view_submission", self.trigger(view))
        payload |= payloads.submitted(self.world, self.workspace, view)
        delivery = await self.outbox.send("interactive", payload)
        errors = submissions.apply(self.world, self.workspace, view, delivery)
        return Submitted(delivery, errors, self.view)

    async def close(self, view: View) -> Delivery | None:
        """Close a modal; the app hears of it only if the view asked for that."""
        self.look_at(view)
        payload = payloads.interaction(self.world, self.workspace, "view_closed", self.trigger(view))
        payload |= {"view": view.wire(self.workspace.bot_id, self.world.app.id), "is_cleared": False}
        submissions.close(view)
        return await self.outbox.send("interactive", payload) if view.payload.get("notify_on_close") else None

    def post(
        self,
        channel: Channel,
        text: str,
        thread_ts: Message | str | None = None,
        *,
        broadcast: bool = False,
        files: Sequence[str] = (),
    ) -> Message:
        """Write in a channel or a thread. The event is on its way when this returns."""
        self.enter(channel)
        thread = self.thread(channel, thread_ts)
        if channel.archived or (not text and not files):
            raise NotPossible("The channel is archived, or there is nothing to send.")
        subtype = "file_share" if files else "thread_broadcast" if broadcast else None
        message = Message(
            channel, self.world.next_ts(), self.id, self.stored(text), thread_ts=thread, subtype=subtype
        )
        message.bot_id = f"B{self.id}" if self.user.is_bot else None
        message.files = [{"id": self.world.new_id("F"), "name": name} for name in files]
        message.blocks = self.composed(text)
        channel.messages.append(message)
        events.posted(self.world, self.workspace, message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Change what one wrote."""
        if message.user != self.id or message.deleted:
            raise NotPossible("Only the author edits a message, while it stands there.")
        before = message.wire()
        message.text, message.blocks = self.stored(text), self.composed(text)
        message.edited = {"user": self.id, "ts": self.world.next_ts()}
        events.changed(self.world, self.workspace, message, before)

    def delete(self, message: Message) -> None:
        """Delete what one wrote; an admin deletes what anybody wrote."""
        if message.deleted or (message.user != self.id and not (self.user.is_admin or self.user.is_owner)):
            raise NotPossible("Only the author or an admin deletes a message, while it stands there.")
        events.remove(self.world, self.workspace, message)

    def open_home(self, tab: str = "home") -> None:
        events.home_opened(self.world, self.workspace, self.user, tab)

    def join(self, channel: Channel) -> None:
        channel.members.add(self.id)
        events.joined(self.world, self.workspace, channel, self.user)

    def enter(self, channel: Channel) -> None:
        if self.id not in channel.members:
            raise NotPossible("This person is not in the channel.")

    def thread(self, channel: Channel, thread: Message | str | None) -> str | None:
        """The ts of a thread, whose first message must stand in the channel."""
        ts = thread.ts if isinstance(thread, Message) else thread
        if ts and not channel.find(ts):
            raise NotPossible("There is no such message in the channel to reply to.")
        return ts

    def stored(self, text: str, *, named: bool = False) -> str:
        """What Slack makes of a text; in a command the code of a member has the name, too."""
        users = {user.name: user.id for user in self.workspace.users.values()}
        places = {one.name: one.id for one in self.workspace.channels.values() if one.kind == "channel"}
        return as_stored(text, users, places, named=named)

    def composed(self, text: str) -> list[Json]:
        """Slack adds what was typed as rich text, too."""
        runs = [{"type": "text", "text": text}] if text else []
        section = {"type": "rich_text_section", "elements": runs}
        return (
            [{"type": "rich_text", "block_id": self.world.new_id("b"), "elements": [section]}] if runs else []
        )

    def trigger(self, origin: View | None = None) -> Trigger:
        trigger = Trigger(self.world.new_id("trigger."), self.user, self.world.now(), origin)
        self.world.triggers[trigger.id] = trigger
        return trigger

    def response_url(self, channel: Channel, original: Message | None = None) -> ResponseUrl:
        response = ResponseUrl(self.world.new_id("response"), self.user, channel, self.world.now(), original)
        self.world.responses[response.id] = response
        return response

    def show_ack(self, delivery: Delivery, response: ResponseUrl, typed: str) -> None:
        """What rides on the acknowledgement of a command. In the channel, Slack shows what was typed, too."""
        body = {name: value for name, value in (delivery.ack or {}).items() if value not in (None, "")}
        if not body.keys() & {"text", "blocks", "attachments"}:
            return
        if body.get("response_type") == "in_channel":
            echo = Message(response.channel, self.world.next_ts(), self.id, typed, subtype="typed_command")
            response.channel.messages.append(echo)
        try:
            responses.show(self.world, response, body)
        except SlackFault as fault:
            self.world.fail(
                f"{delivery.what}: Slack does not take what came with the acknowledgement: {fault}"
            )
