"""What a person does in Discord, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import events, options, payloads, posting, submissions
from tests.fakes.discord.acted import Acted, NotPossible
from tests.fakes.discord.components import walk
from tests.fakes.discord.elements import BUTTON, LINK_STYLE, SELECTS
from tests.fakes.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    SUBMIT,
    Interaction,
    Modal,
)
from tests.fakes.discord.people import Json, User
from tests.fakes.discord.permissions import may
from tests.fakes.discord.places import DM, FORUM, REPLY, Channel, Message
from tests.fakes.discord.world import Event, World


@dataclass(frozen=True, slots=True)
class Member:
    """A user at the keyboard. One that is a bot posts as another app."""

    world: World
    user: User
    answer_limit: float

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def dm(self) -> Channel:
        """The conversation with our bot."""
        return self.world.open_dm(self.user)

    def ephemerals(self, channel: Channel) -> list[Message]:
        """What this person alone sees in a channel, oldest first."""
        return [one for one in channel.ephemerals if one.ephemeral_to is self.user and not one.deleted]

    async def slash(self, channel: Channel, *path: str, **values: Any) -> Acted:
        """Send a command, such as `slash(channel, "quiz", "answer", text="...")`."""
        self.enter(channel)
        data = options.typed_in(self.world, self.user, channel, path, values)
        return await self.ask(self.begin(COMMAND, channel, f"/{' '.join(path)}"), data)

    async def autocomplete(self, channel: Channel, *path: str, **values: Any) -> Acted:
        """Type into an option, the last of those given, and see what is offered."""
        self.enter(channel)
        focus = list(values)[-1]
        data = options.typed_in(self.world, self.user, channel, path, values, focus)
        what = f"/{' '.join(path)} {focus}"
        return await self.ask(self.begin(AUTOCOMPLETE, channel, what), data)

    async def press(self, message: Message, what: str) -> Acted:
        """Press a button, by its custom_id or its label, as it stands there now."""
        button = self.find(message, what, BUTTON)
        if button.get("disabled") or button.get("style") == LINK_STYLE:
            raise NotPossible(f"The button {what!r} is disabled, or a link.")
        data = {"custom_id": button["custom_id"], "component_type": BUTTON, "id": button["id"]}
        return await self.ask(
            self.begin(COMPONENT, message.channel, f"button {what!r}", source=message), data
        )

    async def choose(self, message: Message, what: str, *values: str) -> Acted:
        """Choose from a menu, by its custom_id or its placeholder, options by value or label."""
        menu = self.find(message, what, *SELECTS)
        chosen = submissions.options_of(menu, values)
        data = {
            "custom_id": menu["custom_id"],
            "component_type": menu["type"],
            "id": menu["id"],
            "values": chosen,
        }
        return await self.ask(self.begin(COMPONENT, message.channel, f"menu {what!r}", source=message), data)

    async def submit(self, modal: Modal, values: Mapping[str, Any] | None = None) -> Acted:
        """Fill a form in, by custom_id or label, and send it. It stays open if the app does not answer."""
        if not modal.is_open or modal.opened_by.user is not self.user:
            raise NotPossible("The form is not open, or not before this person.")
        opener = modal.opened_by
        what = f"form {modal.title!r}"
        sent = self.begin(SUBMIT, opener.channel, what, source=opener.source, opened_by=opener)
        acted = await self.ask(sent, submissions.filled(modal, values or {}))
        modal.is_open = acted.failure is not None
        return acted

    def begin(self, kind: int, channel: Channel, what: str, **more: Any) -> Interaction:
        if not self.world.has_bot(channel.guild):
            raise NotPossible("Our bot is not in this guild.")
        return payloads.begin(self.world, kind, self.user, channel, what, **more)

    async def ask(self, interaction: Interaction, data: Json) -> Acted:
        """Tell the app, and wait for its first answer as long as Discord does."""
        guild = interaction.channel.guild
        told = payloads.wire(self.world, interaction, data)
        self.world.emit(Event("INTERACTION_CREATE", told, guild.id if guild else None))
        try:
            await self.world.until(lambda: interaction.answered or interaction.failure, self.answer_limit)
        except TimeoutError:
            interaction.failure = "no answer within three seconds"
        if interaction.failure:
            self.world.fail(f"{interaction.what}: {interaction.failure}")
        return Acted(self.world, interaction)

    def find(self, message: Message, what: str, *kinds: int) -> Json:
        """A button or a menu by its custom_id or by what stands on it."""
        self.look_at(message)
        there = [one for one, _ in walk(message.components) if one["type"] in kinds]
        for one in there:
            if what in (one.get("custom_id"), one.get("label"), one.get("placeholder")):
                return one
        raise NotPossible(f"There is no {what!r} here. There are: {', '.join(names(there)) or 'none'}.")

    def look_at(self, message: Message) -> None:
        """Refuse what this person does not see."""
        if message.deleted or message.ephemeral_to not in (None, self.user):
            raise NotPossible("The message is deleted, or for somebody else alone.")
        self.enter(message.channel)

    def enter(self, channel: Channel) -> None:
        here = channel.guild is not None or self.user in channel.recipients
        if not here or not may(channel, self.user, "view_channel"):
            raise NotPossible("This person does not see the channel.")

    def say(
        self, channel: Channel, text: str, reply_to: Message | None = None, *, ping: bool = True
    ) -> Message:
        """Write in a channel, a thread or a DM. `ping` is the switch that a reply has."""
        self.enter(channel)
        need = "send_messages_in_threads" if channel.is_thread else "send_messages"
        if channel.kind == FORUM or (channel.kind != DM and not may(channel, self.user, need)):
            raise NotPossible("This person cannot write here.")
        message = Message(self.world.new_id(), channel, self.user, self.world.now(), text)
        message.reply_to, message.kind = reply_to, REPLY if reply_to else 0
        posting.ping(message, {"allowed_mentions": asked_for(ping)}, people_only=False)
        posting.stand(self.world, message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Change what one wrote."""
        if message.author is not self.user or message.deleted:
            raise NotPossible("Only the author edits a message, while it stands there.")
        message.content, message.edited_at = text, self.world.new_moment()
        events.message_event(self.world, "MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Delete what one wrote; a moderator deletes what anybody wrote."""
        self.look_at(message)
        if message.author is not self.user and not may(message.channel, self.user, "manage_messages"):
            raise NotPossible("Only the author or a moderator deletes a message.")
        posting.remove(self.world, message)

    def react(self, message: Message, emoji: str) -> None:
        self.look_at(message)
        message.reactions.setdefault(emoji, []).append(self.id)
        events.reacted(self.world, message, self.id, emoji, "MESSAGE_REACTION_ADD")


def asked_for(ping: bool) -> Json:
    return {"parse": ["users", "roles", "everyone"], "replied_user": ping}


def names(there: list[Json]) -> Iterator[str]:
    for one in there:
        yield str(one.get("label") or one.get("placeholder") or one.get("custom_id"))
