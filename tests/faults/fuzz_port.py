"""A workspace in which anybody does anything, through the signed HTTP port; and who is not Slack."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis

from adapters.slack.app import Slack
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of, identity_of
from adapters.slack.showing import Brought
from bot.commands.parsing import Game
from bot.store.store import Store
from scheduler.clockwork import Clockwork
from tests.adapters.slack_team import ACK_LIMIT, Hands, over_http, words
from tests.dialogue import START, catalogue_of
from tests.fakes.clock import Clock
from tests.fakes.slack import Channel, Message, SlackStandIn, View
from tests.fakes.slack.acted import NotPossible
from tests.fakes.slack.payloads import elements
from tests.fakes.slack.signed import FORM, JSON_BODY, Signed, SignedHttp
from tests.fakes.slack.submissions import inputs
from tests.fakes.slack.users import Member
from tests.faults.chatter import CHANNELS, PEOPLE, Chatter, is_answer
from tests.faults.fuzz import confined
from tests.faults.watch import ANSWER, Leak, Team, Watch, Watched, asked, gathered

MARK = "tAx"
REFUSED = {400, 401, 403, 404, 405, 408, 413}
LOOK_EVERY = 20
# People leave a form open for hours; Slack then takes no answer where it was asked for, and llmq says so.
LATE = ("expired_url", "used_url", "expired_trigger_id")


@dataclass
class Workspace:
    """A workspace, its people, and what each of them has before their eyes."""

    seed: int
    slack: SlackStandIn
    http: SignedHttp
    app: Slack
    team: Team
    watch: Watch
    clockwork: Clockwork
    clock: Hands
    people: list[Member]
    admin: Member
    channels: list[Channel]
    shown: deque[Message] = field(default_factory=lambda: deque(maxlen=60))
    seen: dict[str, int] = field(default_factory=dict)
    number: int = 0
    # How many requests were what Slack did not sign, or nonsense.
    refused: int = 0

    @property
    def rng(self) -> random.Random:
        return self.watch.chatter.rng

    async def go_on(self, requests: int) -> None:
        """So many requests at the port, and what they and the clock make due."""
        kinds: dict[Callable[[], Awaitable[None]], int] = {
            self.types: 30, self.presses: 22, self.fills_in: 12, self.writes: 8, self.goes_home: 2,
            self.administers: 5, self.repeats: 3, self.is_no_request_of_slacks: 18,
        }  # fmt: skip
        for _ in range(requests):
            self.number += 1
            (kind,) = self.rng.choices(list(kinds), list(kinds.values()))
            try:
                # What Slack's own window does not send never reaches the port.
                with suppress(NotPossible):
                    await kind()
                await self.look()
            except Exception as fault:
                raise Leak(f"{fault}\nseed {self.seed}, request {self.number}: {kind.__name__}") from fault

    async def look(self) -> None:
        """Let what was begun end, and look at what stands in the channels since the last look."""
        await self.app.drain()
        await self.slack.settled()
        if self.number % LOOK_EVERY == 0 or self.rng.random() < 0.03:
            self.clock.now += timedelta(minutes=self.rng.choice((1, 5, 40, 300, 2000)))
        await self.clockwork.work()
        await self.app.drain()
        await self.slack.settled()
        for channel in self.channels:
            await self.look_at(channel)
        await self.team.remember()
        self.watch.check()
        if complaints := [one for one in self.slack.complaints if not any(late in one for late in LATE)]:
            raise Leak("\n".join(complaints))

    async def look_at(self, channel: Channel) -> None:
        """Look at what our bot has posted; people may write into a thread what they like."""
        new = channel.messages[self.seen.get(channel.id, 0) :]
        self.seen[channel.id] = len(channel.messages)
        for message in (
            one for one in new if one.bot_id == self.app.identity.bot and one.ephemeral_to is None
        ):
            said = words(message)
            if not message.at_top:
                self.team.told |= {int(number) for number, _ in ANSWER.findall(said)}
            await self.watch.words(self.team, f"{said}\n{message.text}", "", await self.team.look())
            self.shown.append(message)

    # What people do

    def someone(self) -> Member:
        return self.rng.choice(self.people)

    def answer(self, who: Member) -> str:
        return self.watch.chatter.answer(MARK, who.id)

    async def types(self) -> None:
        who, chatter = self.someone(), self.watch.chatter
        text = self.rng.choice(
            (chatter.command(self.clock.now), chatter.command(self.clock.now), f"answer {self.answer(who)}")
        )
        await self.say(who, text)

    async def administers(self) -> None:
        texts = ("daily on 09:00 daily", "daily now", "daily now", "reveal", "daily resume")
        await self.say(self.admin, self.rng.choice(texts))

    async def say(self, who: Member, text: str) -> None:
        # Half a character has no form in which it could be sent.
        sent = text.encode(errors="ignore").decode()
        acted = await who.command("/llmq", sent, self.rng.choice(self.channels))
        self.shown.extend(acted.messages)

    async def presses(self) -> None:
        """A button of a message or of the view on top."""
        who = self.someone()
        where: Message | View = who.view or who.home or self.rng.choice(self.shown)
        if self.shown and self.rng.random() < 0.7:
            where = self.rng.choice(self.shown)
            who = next((one for one in self.people if one.id == where.ephemeral_to), who)
        who.look_at(where)
        buttons = [pair for pair in elements(where.blocks) if pair[1]["type"] == "button"]
        if buttons:
            acted = await who.act(where, *self.rng.choice(buttons), None)
            self.shown.extend(acted.messages)

    async def fills_in(self) -> None:
        """The form on top, if one is open; else one is opened."""
        who = next((one for one in self.people if one.view and list(inputs(one.view))), None)
        if who is None or who.view is None:
            await self.say(self.someone(), self.rng.choice(("answer", "flag basics/q3", "settings edit")))
            return
        answers = is_answer(Brought.read(who.view.payload).command)
        fields = {block["block_id"]: self.typed(who, block, answers=answers) for block in inputs(who.view)}
        await who.submit(who.view, fields)
        self.shown.extend(who.ephemerals[-1:])

    def typed(self, who: Member, block: dict[str, Any], *, answers: bool) -> str:
        element = block["element"]
        if options := element.get("options"):
            return str(self.rng.choice(options)["value"])
        text = self.answer(who) if answers and self.rng.random() < 0.7 else self.watch.chatter.hostile()
        return text[: element.get("max_length", 3000)]

    async def writes(self) -> None:
        """In the thread of a question, or anew what was written there; or it is deleted."""
        who, channel = self.someone(), self.rng.choice(self.channels)
        own = [
            one for one in channel.messages[-40:] if one.user == who.id and not one.deleted and one.thread_ts
        ]
        questions = [one for one in channel.posts[-4:] if one.bot_id]
        if own and self.rng.random() < 0.5:
            if self.rng.random() < 0.4:
                who.delete(self.rng.choice(own))
            else:
                who.edit(self.rng.choice(own), self.answer(who))
        elif questions:
            said = self.answer(who) if self.rng.random() < 0.8 else self.watch.chatter.hostile()
            who.post(channel, said, self.rng.choice(questions))

    async def goes_home(self) -> None:
        self.someone().open_home()

    async def repeats(self) -> None:
        """The latest request once more, letter by letter: a replay."""
        if self.http.latest:
            answer = await self.http.post(self.http.latest)
            if answer.status >= 500:
                raise Leak(f"a replay was answered with {answer.status}")

    async def is_no_request_of_slacks(self) -> None:
        """Nonsense that is signed, or what nobody signed: refused, and no more than that."""
        latest = self.http.latest
        answer = await self.http.post(self.nonsense())
        self.http.latest = latest
        self.refused += 1
        if answer.status not in REFUSED:
            raise Leak(f"nonsense was answered with {answer.status}")

    def nonsense(self) -> Signed:
        hostile = self.watch.chatter.hostile().encode(errors="ignore").decode()
        broken = (f"payload={hostile}", "payload=%5B%5D", "[1,2]", '{"a":', "[" * 2000, '"text"', "nonsense")
        body, kind = self.rng.choice(broken), self.rng.choice((FORM, JSON_BODY))
        if kind == FORM and "payload=" not in body:
            body = "no form at all"
        whole = "command=%2Fllmq&text=today&trigger_id=1.2.3&team_id=T0STANDIN&user_id=U1&channel_id=C1"
        made = (
            self.http.sign(body, kind),
            self.http.sign(whole, FORM, secret="another"),
            self.http.sign(whole, FORM, age=400),
            Signed(whole, {"Content-Type": FORM}),
            Signed(json.dumps({"type": "event_callback", "event": hostile}), {"Content-Type": JSON_BODY}),
            Signed(whole, {"X-Slack-Signature": "v0=1", "X-Slack-Request-Timestamp": hostile.strip() or "x"}),
        )
        one = self.rng.choice(made)
        # A header of HTTP holds no line end and no letters of everywhere.
        headers = {
            name: value for name, value in one.headers.items() if value.isascii() and value.isprintable()
        }
        return Signed(one.body, headers)


@asynccontextmanager
async def workspace(redis: Redis, url: str, seed: int) -> AsyncIterator[Workspace]:
    """The workspace, its app behind a real port, with a user that may touch its keys alone."""
    clock = Hands(Clock(START.timestamp()))
    chatter = Chatter(random.Random(seed), catalogue_of(asked()))
    watch = Watch(chatter)
    async with SlackStandIn(now=clock.tick, ack_limit=ACK_LIMIT) as slack:
        slack.clock = clock.slack
        id = f"slack:{slack.workspace.id}"

        async def sleep(seconds: float) -> None:
            slack.clock.advance(seconds)

        client = client_of(slack.bot_token, slack.api_url, sleep)
        identity = await identity_of(client)
        platform = SlackPlatform(client, frozenset(), slack.clock, sleep, identity.site, identity.bot)
        admin, *people = [slack.user(name, admin=name == "boss") for name in ("boss", *PEOPLE)]
        for one in (admin, *people):
            one.user.display_name = f"{one.user.name.title()} {MARK}"
        channels = [slack.channel(name, (admin, *people)) for name in CHANNELS]
        chatter.channels = [one.id for one in channels]
        async with confined(redis, url, id) as own:
            team = Team(id, MARK, redis, channels=tuple(chatter.channels))
            game = Game(
                Store(own), chatter.catalogue, clock, random.Random(seed), {"slack": platform}, lambda: None
            )
            app = Slack(Watched(game, team, watch), platform, identity)
            clockwork = Clockwork(Store(redis), chatter.catalogue, {"slack": platform}, clock)
            async with over_http(slack, app):
                assert slack.http
                with gathered(watch.errors):
                    everyone = [admin, *people]
                    yield Workspace(
                        seed, slack, slack.http, app, team, watch, clockwork, clock, everyone, admin, channels
                    )
                await slack.settled()
                await app.drain()
