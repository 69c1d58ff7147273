"""What came of something a person did: what the app said at once, and what it showed later."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.discord.interactions import Interaction, Modal
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import Message
from tests.fakes.discord.world import World

THINK, LEAVE, UPDATE = 5, 6, 7


class NotPossible(Exception):
    """Discord's own window would not let a person do this."""


@dataclass(frozen=True, slots=True)
class Acted:
    """A command, a pressed button, a form that was sent, or what was offered while somebody typed."""

    world: World
    interaction: Interaction

    @property
    def failure(self) -> str | None:
        """Why the person sees an error of Discord's own."""
        return self.interaction.failure

    @property
    def deferred(self) -> bool:
        """Whether the app said that it would take its time."""
        return self.interaction.answered in (THINK, LEAVE)

    @property
    def updated(self) -> bool:
        """Whether the answer was to change the message under which the button stands."""
        return self.interaction.answered == UPDATE

    @property
    def messages(self) -> list[Message]:
        """What the app has shown in answer, each as it stands now; what it changed comes first."""
        original = self.interaction.original
        changed = [original] if self.updated and original else []
        return [one for one in (*changed, *self.interaction.messages) if not (one.deleted or one.loading)]

    @property
    def message(self) -> Message:
        """The latest of them."""
        if not self.messages:
            raise NotPossible("The app has shown nothing in answer.")
        return self.messages[-1]

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        """Whether the person alone sees it."""
        return self.message.ephemeral_to is not None

    @property
    def modal(self) -> Modal:
        """The form that the app opened."""
        if not self.interaction.modal:
            raise NotPossible("The app has opened no form.")
        return self.interaction.modal

    @property
    def choices(self) -> list[Json]:
        """What is offered while somebody types: names and values."""
        return self.interaction.choices or []

    async def shown(self, count: int = 1) -> Message:
        """Wait until the app has shown so many messages in answer; gives the latest."""
        await self.world.until(lambda: len(self.messages) >= count)
        return self.message
