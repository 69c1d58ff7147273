"""What Slack sends to the app, each try of it, and what the app said to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tests.fakes.slack.people import Json
from tests.fakes.slack.world import World

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(slots=True)
class Attempt:
    """One try. `ack` is what the app answered, `failure` why Slack does not count it."""

    number: int
    ack: Json | None = None
    failure: str | None = None
    seconds: float = 0.0
    connection: int | None = None
    status: int | None = None
    no_retry: bool = False


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing that happened, as often as it was sent. `late` are answers that came too late to count."""

    kind: Kind
    payload: Json
    id: str
    attempts: list[Attempt] = field(default_factory=list)
    late: list[Json] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        return any(attempt.ack is not None and not attempt.failure for attempt in self.attempts)

    @property
    def ack(self) -> Json | None:
        """What the app said, the first time that counted."""
        good = (attempt.ack for attempt in self.attempts if not attempt.failure)
        return next((ack for ack in good if ack is not None), None)

    @property
    def failure(self) -> str | None:
        return None if self.acked or not self.attempts else self.attempts[-1].failure

    @property
    def what(self) -> str:
        """In a few words, for a message about it."""
        event = self.payload.get("event", {})
        kind = event.get("type") or self.payload.get("command") or self.payload.get("type")
        return " ".join(str(word) for word in (self.kind, kind, event.get("subtype")) if word)


class Transport(Protocol):
    """A way to the app."""

    async def send(self, delivery: Delivery, attempt: Attempt) -> None:
        """Make one try, and write down in the attempt how it went."""


class Outbox:
    """Sends deliveries, keeps them, holds them back and repeats them."""

    def __init__(self, world: World, transport: Transport) -> None:
        self.world, self.transport = world, transport
        self.deliveries: list[Delivery] = []
        self.copies = 1
        self._held: list[Delivery] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def new(self, kind: Kind, payload: Json) -> Delivery:
        delivery = Delivery(kind, payload, self.world.new_id("envelope-"))
        self.deliveries.append(delivery)
        return delivery

    async def send(self, kind: Kind, payload: Json) -> Delivery:
        """Something a person waits for: a command or an interaction."""
        delivery = self.new(kind, payload)
        await self.attempt(delivery)
        return delivery

    def event(self, payload: Json) -> None:
        """An event, in the background, `copies` times; held back while `hold` lasts."""
        delivery = self.new("events_api", payload)
        if self._held is not None:
            self._held.append(delivery)
            return
        for _ in range(self.copies):
            self.background(self.attempt(delivery))

    async def attempt(self, delivery: Delivery) -> Attempt:
        """One more try."""
        attempt = Attempt(len(delivery.attempts))
        delivery.attempts.append(attempt)
        began = asyncio.get_running_loop().time()
        await self.transport.send(delivery, attempt)
        attempt.seconds = asyncio.get_running_loop().time() - began
        if attempt.failure:
            self.world.fail(f"{delivery.what}: {attempt.failure}")
        self.world.changed()
        return attempt

    def hold(self) -> None:
        """Keep further events back."""
        self._held = self._held or []

    async def release(self, order: Callable[[Sequence[Delivery]], Sequence[Delivery]] = list) -> None:
        """Send what was held back, one after another, in an order of your own."""
        held, self._held = self._held or [], None
        for delivery in order(held):
            await self.attempt(delivery)

    @property
    def unacked(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.attempts and not one.acked]

    async def redeliver(self, delivery: Delivery) -> Attempt:
        """Send something again, whether or not it was acknowledged."""
        return await self.attempt(delivery)

    async def redeliver_unacked(self) -> list[Delivery]:
        """Send again what the app did not acknowledge and did not ask to be spared."""
        again = [one for one in self.unacked if not one.attempts[-1].no_retry]
        for delivery in again:
            await self.attempt(delivery)
        return again

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            # Unlike a gather of tasks that are done, this lets their callbacks run on Python 3.12, too.
            done, _ = await asyncio.wait(self._tasks)
            for task in done:
                task.result()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
