"""A call of the REST API while it is carried out: its address, its body, and what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import permissions
from tests.fakes.discord.errors import refuse_faults, refused
from tests.fakes.discord.people import Guild, Json
from tests.fakes.discord.places import DM, Channel, Message
from tests.fakes.discord.schema import Check, Wrong
from tests.fakes.discord.world import Call, World


@dataclass(frozen=True, slots=True)
class Here:
    """The world, the call, and the names in its address."""

    world: World
    call: Call
    names: dict[str, str]

    @property
    def body(self) -> Any:
        return self.call.body

    @property
    def files(self) -> dict[str, bytes]:
        return self.call.files

    def check(self, wrongs: Iterable[Wrong]) -> None:
        """Refuse what is wrong, and note what Discord passes over."""
        for unknown in refuse_faults(wrongs):
            self.world.warn(f"{self.call.endpoint}: {unknown}")

    def fits(self, check: Check) -> None:
        self.check(check(self.body, ()))

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.call.query.get(name, str(default))
        number = int(value) if value.isdecimal() else -1
        if not low <= number <= high:
            words = f"int value should be between {low} and {high}."
            self.check([Wrong((name,), "NUMBER_TYPE_MAX", words)])
        return number

    def guild(self) -> Guild:
        """The guild of the call. One that our bot is not in is as good as none."""
        found = self.world.guilds.get(self.names["guild"])
        if not found or not self.world.has_bot(found):
            raise refused("unknown_guild")
        return found

    def channel(self, *needs: str) -> Channel:
        """The channel of the call, if our bot sees it and may do these things there."""
        found = self.world.channel(self.names["channel"])
        if not found:
            raise refused("unknown_channel")
        if not self.world.has_bot(found.guild) or not self.may(found, "view_channel"):
            raise refused("missing_access")
        if not self.may(found, *needs):
            raise refused("missing_permissions")
        return found

    def may(self, channel: Channel, *names: str) -> bool:
        return permissions.may(channel, self.world.bot, *names)

    def message(self, channel: Channel) -> Message:
        found = channel.find(self.names["message"])
        if not found:
            raise refused("unknown_message")
        return found

    def open_for_changes(self, channel: Channel) -> None:
        """Nothing changes in a thread that has been put away."""
        if channel.archived:
            raise refused("thread_archived")

    def speak_in(self, channel: Channel) -> None:
        """What it takes to post: another permission in a thread, and an open door in a DM."""
        if channel.kind == DM:
            if not all(user.dms_open for user in channel.recipients):
                raise refused("closed_to_us")
            return
        if not self.may(channel, "send_messages_in_threads" if channel.is_thread else "send_messages"):
            raise refused("missing_permissions")
        if channel.locked and not self.may(channel, "manage_threads"):
            raise refused("thread_archived")


def wire(here: Here, message: Message) -> Json:
    return message.wire(here.world.bot.id)
