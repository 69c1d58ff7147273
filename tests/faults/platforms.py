"""People on the two platforms, each driven in one way against a stand-in that a process is connected to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Protocol

from adapters.discord.clickable import root_of
from adapters.slack.platform import key_of
from bot.requests import Channel
from tests.adapters.slack_team import words
from tests.fakes import discord as fake_discord
from tests.fakes import slack as fake_slack
from tests.fakes.discord import DiscordStandIn
from tests.fakes.slack import SlackStandIn
from tests.faults.test_run import in_discord, in_slack, part_of, served

# How long a person waits for an answer before asking again, at first.
PATIENCE = 3.0
# How a line begins that announces a reveal in the channel.
REVEALED = "**Revealed"
# What is said of a question that was taken.
TAKEN = ("Thank you.", "It can be asked now")
Watch = Callable[[str], Any]


class PeopledPlatform(Protocol):
    """A channel with an admin, `boss`, and the members `ana` and `bob`."""

    faults: Any
    # What the platform's faults are made of: `RateLimited`, `Dropped` and so on.
    kinds: ModuleType

    @property
    def place(self) -> Channel:
        """The channel as the core knows it."""

    @property
    def settings(self) -> dict[str, str]:
        """What a process must be told to serve it."""

    async def served(self) -> None:
        """Wait until a process is connected."""

    async def says(self, who: str, *path: str, **options: str) -> str:
        """Type a command; what is shown."""

    async def fills_in(self, who: str, text: str) -> bool:
        """Answer by the question's button; whether the form was taken."""

    async def writes(self, who: str, command: str, inputs: dict[str, str], answer: str) -> bool:
        """Send a question in the form of a command; whether that was taken."""

    async def approves(self, who: str) -> bool:
        """Approve the first suggestion that waits; whether that was said to be done."""

    def told_to(self, who: str) -> str:
        """All that was told to a member privately."""

    async def twice(self) -> None:
        """Deliver the latest command or form once more."""

    def wait(self, seconds: float) -> None:
        """How long people wait for an answer from now on."""

    def questions(self) -> list[str]:
        """The texts of the questions that stand in the channel, oldest first."""

    def told(self) -> str:
        """All that stands in the threads of the questions."""


@dataclass
class PeopledSlack:
    """A workspace, over Socket Mode."""

    slack: SlackStandIn

    def __post_init__(self) -> None:
        self.kinds: ModuleType = fake_slack
        self.faults: Any = self.slack.faults
        self.people = {name: self.slack.user(name, admin=name == "boss") for name in ("boss", "ana", "bob")}
        self.channel = self.slack.channel("practice", self.people.values())

    @property
    def place(self) -> Channel:
        return Channel(f"slack:{self.slack.workspace.id}", self.channel.id)

    @property
    def settings(self) -> dict[str, str]:
        return in_slack(self.slack)

    async def served(self) -> None:
        await served(self.slack)

    async def says(self, who: str, *path: str, **options: str) -> str:
        text = " ".join((*path, *options.values()))
        acted = await self.people[who].command("/llmq", text, self.channel)
        return words(await acted.shown()) if acted.failure is None else ""

    async def fills_in(self, who: str, text: str) -> bool:
        person = self.people[who]
        person.user.views.clear()
        acted = await person.press(self._posts()[-1], "Answer")
        if acted.failure:
            return False
        sent = await person.submit(await acted.view(), {"answer": text})
        return sent.failure is None and not sent.errors

    async def writes(self, who: str, command: str, inputs: dict[str, str], answer: str) -> bool:
        person = self.people[who]
        person.user.views.clear()
        acted = await person.command("/llmq", command, self.channel)
        if acted.failure:
            return False
        sent = await person.submit(await acted.view(), {**inputs, "answer": answer})
        return sent.failure is None and not sent.errors

    async def approves(self, who: str) -> bool:
        person = self.people[who]
        acted = await person.command("/llmq", "suggestions", self.channel)
        if acted.failure or "Approve" not in words(shown := await acted.shown()):
            return acted.failure is None
        pressed = await person.press(shown, "Approve")
        return pressed.failure is None and "It can be asked now" in words(await pressed.shown())

    def told_to(self, who: str) -> str:
        return "\n".join(words(one) for one in self.people[who].dm)

    async def twice(self) -> None:
        asked = [one for one in self.slack.outbox.deliveries if one.kind != "events_api"]
        await self.slack.outbox.redeliver(asked[-1])

    def wait(self, seconds: float) -> None:
        self.slack.socket.ack_limit = seconds

    def _posts(self) -> list[fake_slack.Message]:
        """The questions: what announces a reveal carries a key, too."""
        top = [one for one in self.channel.messages if one.at_top]
        return [one for one in top if part_of(key_of(one.wire()) or "") == ""]

    def questions(self) -> list[str]:
        return [words(one) for one in self._posts()]

    def told(self) -> str:
        return "\n".join(words(one) for post in self._posts() for one in post.replies)


@dataclass
class PeopledDiscord:
    """A server, over the gateway."""

    discord: DiscordStandIn

    def __post_init__(self) -> None:
        self.kinds: ModuleType = fake_discord
        self.faults: Any = self.discord.faults
        self.people = {name: self.discord.user(name, admin=name == "boss") for name in ("boss", "ana", "bob")}
        self.channel = self.discord.channel("practice")

    @property
    def place(self) -> Channel:
        return Channel(f"discord:{self.discord.guild.id}", self.channel.id)

    @property
    def settings(self) -> dict[str, str]:
        return in_discord(self.discord)

    async def served(self) -> None:
        await served(self.discord)

    async def says(self, who: str, *path: str, **options: str) -> str:
        acted = await self.people[who].slash(self.channel, root_of(" ".join(path)), *path, **options)
        return (await acted.shown()).text if acted.failure is None else ""

    async def fills_in(self, who: str, text: str) -> bool:
        person = self.people[who]
        acted = await person.press(self._posts()[-1], "Answer")
        if acted.failure or not acted.interaction.modal:
            return False
        sent = await person.submit(acted.modal, {"answer": text})
        return sent.failure is None and "Your answer is" in (await sent.shown()).text

    async def writes(self, who: str, command: str, inputs: dict[str, str], answer: str) -> bool:
        person = self.people[who]
        acted = await person.slash(self.channel, root_of(command), *command.split())
        if acted.failure or not acted.interaction.modal:
            return False
        sent = await person.submit(acted.modal, {**inputs, "answer": answer})
        if sent.failure:
            return False
        said = (await sent.shown()).text
        return any(words in said for words in TAKEN)

    async def approves(self, who: str) -> bool:
        person = self.people[who]
        acted = await person.slash(self.channel, root_of("questions suggested"), "questions", "suggested")
        if acted.failure or "Suggestion 1" not in (shown := await acted.shown()).text:
            return acted.failure is None
        pressed = await person.press(shown, "Approve")
        return pressed.failure is None and "It can be asked now" in (await pressed.shown()).text

    def told_to(self, who: str) -> str:
        return "\n".join(one.text for one in self.people[who].dm.posts)

    async def twice(self) -> None:
        self.discord.gateway.repeat("INTERACTION_CREATE")

    def wait(self, seconds: float) -> None:
        self.people = {name: replace(one, answer_limit=seconds) for name, one in self.people.items()}

    def questions(self) -> list[str]:
        return [one.text for one in self._posts()]

    def _posts(self) -> list[fake_discord.Message]:
        return [one for one in self.channel.posts if one.layout and not one.text.startswith(REVEALED)]

    def told(self) -> str:
        return "\n".join(one.text for thread in self.channel.threads for one in thread.posts)


@asynccontextmanager
async def slack() -> AsyncIterator[PeopledPlatform]:
    async with SlackStandIn(now=time.time, ack_limit=PATIENCE) as stand_in:
        yield PeopledSlack(stand_in)


@asynccontextmanager
async def discord() -> AsyncIterator[PeopledPlatform]:
    async with DiscordStandIn(now=time.time, answer_limit=PATIENCE) as stand_in:
        yield PeopledDiscord(stand_in)


PLATFORMS: dict[str, Callable[[], AbstractAsyncContextManager[PeopledPlatform]]] = {
    "slack": slack,
    "discord": discord,
}
