"""Teams in which anybody does anything, through `Bot.handle`, while the clock moves on."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from redis.asyncio import Redis

from bot.commands.parsing import Game
from bot.messages import TEXT
from bot.requests import Channel, Member, Request, ThreadMessage
from bot.store.keys import team_prefix
from bot.store.store import Store
from llmq.redis.clients import client_of
from scheduler.clockwork import Clockwork
from tests.dialogue import START, catalogue_of
from tests.faults.chatter import ADMINS, CHANNELS, PEOPLE, Chatter
from tests.faults.test_topologies import asked as asked_of
from tests.faults.watch import Leak, Team, Watch, Watched, Watching, asked, gathered

# Two of them share a due queue.
TEAMS = {"slack:T1": "tAx", "slack:T2": "tBx", "discord:T1": "tCx", "console:local": "tDx"}
NOBODY = Member("", "")
SENT = 400


@dataclass
class World:
    """All teams and their clock. `sent` are the latest requests, which may be delivered again."""

    seed: int
    redis: Redis
    watch: Watch
    platform: Watching
    bots: dict[str, Watched]
    clockwork: Clockwork
    now: datetime = START
    due: bool = False
    number: int = 0
    sent: deque[Request] = field(default_factory=lambda: deque(maxlen=SENT))
    written: deque[tuple[Channel, Member, ThreadMessage]] = field(default_factory=lambda: deque(maxlen=SENT))

    @property
    def chatter(self) -> Chatter:
        return self.watch.chatter

    @property
    def rng(self) -> random.Random:
        return self.chatter.rng

    def clock(self) -> datetime:
        return self.now

    def wake(self) -> None:
        self.due = True

    async def go_on(self, requests: int) -> None:
        """So many requests, and what they and the clock make due."""
        for _ in range(requests):
            self.number += 1
            request = self.request()
            try:
                await self.bots[request.channel.team].handle(request)
                self.sent.append(request)
                if self.due:
                    await self.work()
                await self.pass_time()
                self.watch.check()
            except Exception as fault:
                raise Leak(
                    f"{fault}\nseed {self.seed}, request {self.number}, {self.now}: {request!r:.2000}"
                ) from fault

    async def work(self) -> None:
        self.due = False
        await self.clockwork.work()
        for bot in self.bots.values():
            await bot.team.remember()

    # Time

    async def pass_time(self) -> None:
        """Now and then minutes, hours or days; and a clock may be put back."""
        drawn = self.rng.random()
        if drawn < 0.0005:
            await self.forward(timedelta(days=self.rng.randrange(1, 8)))
        elif drawn < 0.0035:
            await self.forward(timedelta(hours=self.rng.randrange(1, 15)))
        elif drawn < 0.02:
            await self.forward(timedelta(minutes=self.rng.randrange(1, 90)))
        elif drawn < 0.0205:
            self.now -= timedelta(seconds=self.rng.randrange(1, 60))
        else:
            self.now += timedelta(milliseconds=self.rng.randrange(1, 3000))

    async def forward(self, span: timedelta) -> None:
        """Move the clock from due moment to due moment."""
        end = self.now + span
        await self.work()
        store = self.clockwork.store
        while (due := await store.due.next_due(self.clockwork.platforms)) and due <= end:
            self.now = max(self.now, due)
            await self.work()
        self.now = end

    # Requests

    def request(self) -> Request:
        """Anything that may arrive."""
        team, channel = self.rng.choice(list(TEAMS)), self.rng.choice(CHANNELS)
        place = Channel(team, channel)
        who = self.rng.choice(ADMINS if self.rng.random() < 0.15 else PEOPLE)
        kinds: dict[Callable[[Channel, str], Request], int] = {
            self.types: 32, self.presses: 26, self.fills_in: 12, self.answers: 10, self.writes: 7,
            self.repeats: 4, self.administers: 4, self.is_hostile: 5,
        }  # fmt: skip
        (kind,) = self.rng.choices(list(kinds), list(kinds.values()))
        return kind(place, who)

    def asked(self, place: Channel, who: str, text: str, body: str | None = None) -> Request:
        """A request of now, or one that took its time, or one whose moment nobody tells."""
        late = self.rng.choice((0, 0, 0, 0, 0, 1, 30, 4000))
        at = None if self.rng.random() < 0.2 else self.now - timedelta(seconds=late)
        return Request(f"r{self.number}", place, self.member(place, who), text, body, at)

    def member(self, place: Channel, who: str) -> Member:
        odd = self.chatter.hostile()[:30] if self.rng.random() < 0.03 else ""
        return Member(who, f"{who.title()} {TEAMS[place.team]}{odd}")

    def types(self, place: Channel, who: str) -> Request:
        return self.asked(place, who, self.chatter.command(self.now))

    def is_hostile(self, place: Channel, who: str) -> Request:
        text = f"{self.rng.choice(('', 'answer ', 'random ', 'today ', 'help '))}{self.chatter.hostile()}"
        return self.asked(place, who, text, self.rng.choice((None, None, self.chatter.hostile())))

    def presses(self, place: Channel, who: str) -> Request:
        """A button that was offered; now and then one that somebody else was, here or in another team."""
        whose = (place.team, who)
        if self.rng.random() < 0.25:
            whose = (place.team, "")
        elif self.rng.random() < 0.1:
            whose = (self.rng.choice(list(TEAMS)), self.rng.choice(PEOPLE))
        buttons = self.chatter.offered[whose].buttons
        return self.asked(place, who, self.rng.choice(buttons).command) if buttons else self.types(place, who)

    def fills_in(self, place: Channel, who: str) -> Request:
        forms = self.chatter.offered[place.team, who].forms
        if not forms:
            return self.answers(place, who)
        form = self.rng.choice(forms)
        inputs = self.chatter.filled(form, TEAMS[place.team], who)
        request = self.asked(place, who, form.command, inputs.get(TEXT, ""))
        return replace(request, inputs=inputs)

    def answers(self, place: Channel, who: str) -> Request:
        words = self.chatter.answer(TEAMS[place.team], who)
        target = self.rng.choice(("", "", "", f"{self.chatter.round(self.now)} "))
        practice = f"{self.rng.choice(('random', 'review', 'interview'))} answer {self.chatter.question()}"
        if self.rng.random() < 0.3:
            return self.asked(place, who, practice, words)
        if self.rng.random() < 0.5:
            return self.asked(place, who, f"answer {target}{words}")
        return self.asked(place, who, f"answer {target}", words)

    def writes(self, place: Channel, who: str) -> Request:
        """A message in a thread: new, changed or deleted, by its author or by nobody who is known."""
        questions = [id for channel, id in self.platform.questions[-12:] if channel == place]
        if self.written and self.rng.random() < 0.4:
            place, member, message = self.rng.choice(self.written)
            body = None if self.rng.random() < 0.4 else self.chatter.answer(TEAMS[place.team], member.id)
            if body is None and self.rng.random() < 0.5:
                member, message = NOBODY, replace(message, question="")
        else:
            question = self.rng.choice([*questions, "m999999"])
            member, message = self.member(place, who), ThreadMessage(question, f"w{self.number}", self.now)
            body = self.chatter.answer(TEAMS[place.team], who)
            self.written.append((place, member, message))
        return Request(f"r{self.number}", place, member, "reply", body, self.now, message)

    def repeats(self, place: Channel, who: str) -> Request:
        """One of the latest requests once more, letter by letter."""
        return self.rng.choice(self.sent) if self.sent else self.types(place, who)

    def administers(self, place: Channel, who: str) -> Request:
        """What keeps questions coming."""
        texts = (
            "daily on 09:00 daily",
            "daily now",
            "daily now",
            "reveal",
            "daily resume",
            "daily reveal 1 1h 8h",
        )
        return self.asked(place, self.rng.choice(ADMINS), self.rng.choice(texts))


@asynccontextmanager
async def world(redis: Redis, url: str, seed: int) -> AsyncIterator[World]:
    """The teams on one server, each with a user of the server's that may touch no other team's keys."""
    catalogue = catalogue_of(asked())
    chatter = Chatter(random.Random(seed), catalogue)
    watch = Watch(chatter)
    teams = {id: Team(id, mark, redis) for id, mark in TEAMS.items()}
    platform = Watching(watch, teams)
    platforms = dict.fromkeys(("slack", "discord", "console"), platform)
    bots: dict[str, Watched] = {}
    one = World(
        seed, redis, watch, platform, bots, Clockwork(Store(redis), catalogue, platforms, lambda: one.now)
    )
    async with AsyncExitStack() as stack:
        for id, team in teams.items():
            own = await stack.enter_async_context(confined(redis, url, id))
            game = Game(Store(own), catalogue, one.clock, random.Random(seed), platforms, one.wake)
            bots[id] = Watched(game, team, watch)
        with gathered(watch.errors):
            yield one


@asynccontextmanager
async def confined(redis: Redis, url: str, team: str) -> AsyncIterator[Redis]:
    """A client that the server lets touch the keys of one team, and the due queue, alone."""
    name, platform = f"only-{team.replace(':', '-')}", team.partition(":")[0]
    keys = (f"~{team_prefix(team)}*", f"~llmq:{{due:{platform}:*")
    await asked_of(redis, "ACL", "SETUSER", name, "reset", "on", ">word", "+@all", *keys)
    own = client_of(f"{url}?username={name}&password=word")
    try:
        yield own
    finally:
        await own.aclose()
        await asked_of(redis, "ACL", "DELUSER", name)
