"""One fault at one step of a day of real processes: one question, one reveal, each answer once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from redis import RedisError
from redis.asyncio import Redis

from bot.game.schedule import from_ms
from bot.requests import Member
from bot.store.keys import due_member, due_slot
from bot.store.scripts import read_sources
from bot.store.store import FOLDER, Store
from llmq.redis.connection import connected
from tests.faults.cases import ALL, CASES, OF_TEAM, SCRIPTS, Case, Stage
from tests.faults.platforms import PATIENCE as FIRST_PATIENCE
from tests.faults.platforms import PLATFORMS, PeopledPlatform
from tests.faults.processes import Process, llmq_run
from tests.faults.wire import Trap, Wire, wired

# An hour and a day apart, so that each has a date of its own.
FIRST_ZONE, SECOND_ZONE = "Pacific/Pago_Pago", "Pacific/Kiritimati"
SHORT = "A first answer, which is short."
LONG = f"A second answer begins, {'and goes on ' * 220}until it comes to its tailpiece."
SHORT_ANSWER = "A cache keeps the keys. It also keeps the values, and it grows with the context."
SUGGESTED = {
    "question": "Why is a zebra cache of any use?",
    "points": "keeps the keys\nkeeps the values\ngrows with the context",
}
ADDED = {**SUGGESTED, "question": "What is a yak cache good for?"}
# Longer than a client waits for Redis, and shorter than a turn may take.
SLOW_REDIS, SLOW_PLATFORM = 1.5, 1.5
# Each attempt may take longer than the one before it, so that on a busy machine one of them is long enough.
PATIENCE, ATTEMPT, LONGER = 120.0, 4.0, 1.5
# `make test` has time for some of them.
PART = CASES if ALL else CASES[::41]


@dataclass
class Day:
    """A day in a channel, served by one process that is started again whenever it was killed."""

    platform: PeopledPlatform
    wire: Wire
    redis: Redis
    folder: Path
    case: Case
    stage: Stage | None = None
    seen: int = 0
    struck: bool = False
    process: Process | None = None
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.store, self.calm = Store(self.redis), asyncio.Event()
        self.calm.set()

    # The process

    async def serve(self) -> None:
        """Run the process, again and again until it ends by itself."""
        while True:
            url = f"unix://{self.wire.socket}"
            async with llmq_run(self.folder, url, **self.platform.settings) as self.process:
                await self.process.wait()

    # The fault

    def begin(self, stage: Stage) -> None:
        """From here on the fault lies in wait, if it is one of this stage."""
        self.stage, self.seen = stage, 0
        case = self.case
        if stage == case.stage and case.step in SCRIPTS[stage]:
            sign = (self.platform.place.team if stage in OF_TEAM else self.platform.place.id).encode()
            self.wire.trap = Trap(case.step, case.moment, sign, self.strike_redis)

    async def strike_redis(self) -> bool:
        self.struck = True
        if self.case.fault == "slow":
            self.calm.clear()
            try:
                await asyncio.sleep(SLOW_REDIS)
            finally:
                self.calm.set()
            return True
        self.kill()
        return False

    def kill(self) -> None:
        if self.case.fault == "kill llmq":
            assert self.process
            self.process.kill()
        elif self.case.fault == "kill redis":
            self.wire.server.kill()
            self.in_background(self.wire.server.start())

    def in_background(self, work: Awaitable[Any]) -> None:
        self.tasks.add(asyncio.ensure_future(work))

    def watch(self, call: str) -> Any:
        """What happens to a call of the platform."""
        if self.struck or self.stage != self.case.stage or call != self.case.step:
            return None
        self.seen += 1
        if self.seen < self.case.nth:
            return None
        self.struck = True
        self.kill()
        return self.fault_of_a_call()

    def fault_of_a_call(self) -> Any:
        kinds, after = self.platform.kinds, self.case.moment == "after"
        match self.case.fault:
            case "kill llmq" | "cut":
                return kinds.Dropped(after=after)
            case "429":
                return kinds.RateLimited(1)
            case "500" | "500 but done":
                return kinds.ServerError(500, after=after)
            case "silent":
                return kinds.Hang(after=True)
            case "slow":
                hang = kinds.Hang()
                asyncio.get_running_loop().call_later(SLOW_PLATFORM, hang.release.set)
                return hang
        return None

    # The day

    async def play(self) -> None:
        """A question, two answers, the reveal, the next question."""
        platform = self.platform
        await self.insist(lambda: self.turns_on(FIRST_ZONE))
        self.begin("opening")
        await self.insist(lambda: platform.says("boss", "daily", "now"), lambda: self.stands(1))
        self.begin("answering")
        await self.insist(lambda: self.answers("ana", SHORT))
        self.begin("filling in")
        await self.insist(lambda: platform.fills_in("bob", LONG))
        self.begin("revealing")
        await self.insist(lambda: platform.says("boss", "reveal"), self.told)
        # Its last step is not seen from outside, and the fault in wait for it is not to strike in the next.
        await self.until(self.quiet)
        # Questions are hours apart in earnest: what was on its way for a second was for the first one.
        await self.calm.wait()
        await self.insist(lambda: self.turns_on(SECOND_ZONE))
        self.begin("closing")
        await self.insist(lambda: platform.says("boss", "daily", "now"), lambda: self.stands(2))
        await self.until(self.quiet)

    async def play_of_team(self) -> None:
        """A question that a member suggests and an admin approves."""
        platform, team = self.platform, self.platform.place.team
        self.begin("suggesting")
        await self.insist(lambda: platform.writes("ana", "suggest", SUGGESTED, SHORT_ANSWER), self.kept)
        self.begin("approving")
        await self.insist(lambda: platform.approves("boss"), self.taken)
        await self.until(lambda: self.heard("ana"))
        self.begin("adding")
        await self.insist(lambda: platform.writes("boss", "questions add", ADDED, SHORT_ANSWER), self.added)
        assert self.struck
        assert len((await self.store.own.shelf(team))[1]) == 2
        assert await self.store.suggestions.waiting(team) == []
        assert await self.redis.hlen(f"llmq:{{{team}}}:credits") == 1

    async def kept(self) -> bool:
        return await self.taken() or bool(await self.store.suggestions.waiting(self.platform.place.team))

    async def taken(self) -> bool:
        return bool((await self.store.own.shelf(self.platform.place.team))[1])

    async def added(self) -> bool:
        return len((await self.store.own.shelf(self.platform.place.team))[1]) > 1

    async def heard(self, who: str) -> bool:
        return "Your question is in" in self.platform.told_to(who)

    async def turns_on(self, zone: str) -> bool:
        # Twelve hours from now, so that no round opens by itself.
        moment = datetime.now(UTC) + timedelta(hours=1)
        said = await self.platform.says(
            "boss", "daily", "on", time=f"{moment:%H}:00", days="daily", zone=zone
        )
        return "The daily question" in said

    async def answers(self, who: str, text: str) -> bool:
        return "Your answer is" in await self.platform.says(who, "answer", text=text)

    async def insist(
        self, act: Callable[[], Awaitable[object]], done: Callable[[], Awaitable[bool]] | None = None
    ) -> None:
        """Do something as a person does: again, when nothing has come of it."""
        async with asyncio.timeout(PATIENCE):
            for attempt in count():
                longer, acted = LONGER**attempt, None
                self.platform.wait(FIRST_PATIENCE * longer)
                with suppress(TimeoutError):
                    async with asyncio.timeout(ATTEMPT * longer):
                        await self.platform.served()
                        acted = await act()
                        await self.deliver_twice()
                with suppress(TimeoutError):
                    if acted and await self.until(done or always, ATTEMPT * longer):
                        return
                await asyncio.sleep(0.1)

    async def deliver_twice(self) -> None:
        if self.case.fault in ("twice", "twice later") and self.stage == self.case.stage and not self.struck:
            self.struck = True
            if self.case.fault == "twice later":
                await self.until(self.quiet)
            await self.platform.twice()

    async def until(self, look: Callable[[], Awaitable[bool]], limit: float = PATIENCE) -> bool:
        async with asyncio.timeout(limit):
            while not await self.looks(look):  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(0.05)
        return True

    async def looks(self, look: Callable[[], Awaitable[bool]]) -> bool:
        """What is seen; nothing while the server is away."""
        try:
            return await look()
        except RedisError:
            return False

    async def stands(self, count: int) -> bool:
        round = (await self.store.channel(self.platform.place)).round
        return len(self.platform.questions()) >= count and round is not None and round.state == "open"

    async def told(self) -> bool:
        round = (await self.store.channel(self.platform.place)).round
        return round is not None and round.reveal_posted

    async def quiet(self) -> bool:
        """Whether the channel's claim is given back, with a moment that lies ahead."""
        key, member = due_slot(self.platform.place), due_member(self.platform.place)
        score, held = await self.redis.zscore(key, member), await self.redis.hexists(f"{key}:held", member)
        return (
            not held and score is not None and from_ms(int(score)) > datetime.now(UTC) + timedelta(minutes=30)
        )

    async def check(self) -> None:
        """One message for each question, one reveal, each answer that was acknowledged counted once."""
        assert self.struck
        questions = self.platform.questions()
        assert len(questions) == len(set(questions)) == 2
        told = self.platform.told()
        assert told.count("Reference answer") == 1
        assert told.count(SHORT) == told.count(LONG.split()[-1]) == 1
        assert "2 answered" in questions[0]
        board = await self.store.leaderboard(self.platform.place, Member("x", "x"), "all", datetime.now(UTC))
        assert sorted((one.name, one.score) for one in board.top) == [("ana", 10), ("bob", 10)]


async def always() -> bool:
    return True


@asynccontextmanager
async def day(case: Case, folder: Path) -> AsyncIterator[Day]:
    async with (
        PLATFORMS[case.platform]() as platform,
        wired(folder) as wire,
        connected(wire.server.url) as redis,
    ):
        one = Day(platform, wire, redis, folder, case)
        platform.faults.watch = one.watch
        # A process that ends by itself ends the day at once.
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(one.serve())
            try:
                yield one
            finally:
                serving.cancel()
        await asyncio.gather(*one.tasks, return_exceptions=True)


@pytest.mark.parametrize("case", PART, ids=str)
async def test_a_fault_at_any_step_changes_nothing_in_the_end(
    case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with day(case, tmp_path_factory.mktemp("f")) as one:
        if case.stage in OF_TEAM:
            await one.play_of_team()
        else:
            await one.play()
            await one.check()


def test_there_are_five_hundred_cases_and_more() -> None:
    assert len({str(case) for case in CASES}) == len(CASES) >= 500


def test_the_cases_name_scripts_that_exist() -> None:
    named = {script for scripts in SCRIPTS.values() for script in scripts}
    assert named <= read_sources(FOLDER).keys()
