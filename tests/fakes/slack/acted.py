"""What came of something a person did: what the app said at once, and what it showed later."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.people import Json, Message, View
from tests.fakes.slack.tickets import ResponseUrl, Trigger
from tests.fakes.slack.world import World


class NotPossible(Exception):
    """Slack's own window would not let a person do this."""


@dataclass(frozen=True, slots=True)
class Acted:
    """A command or a pressed button."""

    world: World
    delivery: Delivery
    trigger: Trigger
    response: ResponseUrl | None = None

    @property
    def ack(self) -> Json | None:
        return self.delivery.ack

    @property
    def failure(self) -> str | None:
        """Why the person sees an error of Slack's own."""
        return self.delivery.failure

    @property
    def messages(self) -> list[Message]:
        """What the app has shown in answer, through its acknowledgement and the response_url."""
        return self.response.shown if self.response else []

    @property
    def message(self) -> Message:
        """The latest of them."""
        if not self.messages:
            raise NotPossible("The app has shown nothing in answer.")
        return self.messages[-1]

    async def shown(self, count: int = 1) -> Message:
        """Wait until the app has shown so many messages in answer; gives the latest."""
        await self.world.until(lambda: len(self.messages) >= count)
        return self.message

    async def view(self) -> View:
        """Wait for the view that the app opens with the trigger."""
        await self.world.until(lambda: self.trigger.view)
        assert self.trigger.view
        return self.trigger.view


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent. `errors` stand under its fields; `view` is what is open after, if anything."""

    delivery: Delivery
    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None

    @property
    def failure(self) -> str | None:
        return self.delivery.failure

    @property
    def closed(self) -> bool:
        return self.view is None
