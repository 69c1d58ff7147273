"""Acts beside a day, in processes that die at any step of them: `python -m tests.faults.acts`.

Each line of the input, `URL FOLDER ACT FATAL`, is an act in a process of its own; its exit status is the line
that comes back. Each script of the store and each call of the platform is two steps, before and after; at
number FATAL the process ends as by kill -9. Whoever acts insists until it is acknowledged, as a platform that
delivers again. FOLDER holds what outlives the process: what was acknowledged, what the platform was given.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot import bot as bot_module
from bot.game.rules import PURGE_AFTER
from bot.game.schedule import to_ms
from bot.messages import Message
from bot.requests import Channel, Member, Request
from bot.store.keys import team_prefix
from llmq.redis import clients
from llmq.redis.connection import connected
from tests.dialogue import ADMIN, PRACTICE, START, Dialogue, Post, Recorder, buttons_of
from tests.faults.cases import Act
from tests.faults.victim import Fate

ACT_SECONDS = 40
# Of a day whose question is not asked yet.
BEGUN = START + timedelta(days=10)
FIRST, LAST = "practice:20780", "practice:20789"
ANSWERS = ("The first answer says something.", "The second answer says something.")
A_DAY = timedelta(days=1)
# Its lease is over when a process is started again.
RESTARTED = timedelta(minutes=2)


class Remembered(Recorder):
    """A platform whose channel is a file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path, self.mute = folder / "platform", False
        for key, id in self.given("post"):
            into = self.lines if key.endswith(":revealed") else self.posts
            into.append(Post(PRACTICE, id, Message(()), key))

    def given(self, kind: str) -> list[tuple[str, str]]:
        """What was given of a kind, in order: a key or whom it is for, and an id or words."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [(key, words) for one, key, words in map(json.loads, lines) if one == kind]

    def write(self, kind: str, key: str, words: str) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps((kind, key, words)) + "\n")

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        id = await super().post(channel, message, key)
        self.write("post", key, id)
        return id

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if self.mute:
            raise ConnectionError("no thread")
        if all(one != key for one, _ in self.given("reply")):
            self.write("reply", key, Dialogue.text(message))
        return await super().reply(channel, message_id, message, key, after, title)

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        self.write("tell", member_id, Dialogue.text(message))

    async def pin(self, channel: Channel, message_id: str) -> None:
        self.write("pin", message_id, "")

    async def unpin(self, channel: Channel, message_id: str) -> None:
        self.write("unpin", message_id, "")


@dataclass
class Life:
    """A team in which somebody does something, and does it again until it is acknowledged."""

    d: Dialogue
    folder: Path
    acts: int = 0

    async def insists(
        self, who: str, text: str, body: str | None = None, inputs: Mapping[str, str] | None = None
    ) -> list[str]:
        """What the buttons of the reply would send."""
        self.acts += 1
        done, at = self.folder / f"done{self.acts}", BEGUN + timedelta(seconds=self.acts)
        if not done.exists():
            request = Request(f"act{self.acts}", self.d.channel, Member(who, who.title()), text, body, at)
            reply = await self.d.handle(replace(request, inputs=inputs or {}))
            done.write_text(json.dumps([button.command for button in buttons_of(reply)]))
        return list(json.loads(done.read_text()))


# What is there before


async def revealed(d: Dialogue) -> None:
    """A question that two have answered, its reveal, and a week of silence."""
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    for who in ("ana", "bob"):
        await d.says(who, "answer", f"What {who} says of it.")
    await d.reveal()
    await d.says("ana", f"grade @{FIRST} again")
    await d.says(ADMIN, "daily off")
    await d.forward(hours=23)
    d.now = BEGUN


async def lived(d: Dialogue) -> None:
    """What there may be of a member, an admin, in a team."""
    await revealed(d)
    d.platform.admins.add("ana")
    await d.says("ana", "remind reveal on")
    await d.says("ana", "daily on 09:00 daily")
    await d.says("ana", "daily now")
    for who in ("ana", "bob"):
        await d.says(who, "answer", f"What {who} says today.")
    await d.says("ana", "flag basics/q9", "So ana knows better.")
    await d.says("ana", "random answer basics/q9", "What ana says in practice.")
    await d.says("ana", "interview 2")
    await d.forward(minutes=1)


async def flagged(d: Dialogue) -> None:
    await revealed(d)
    await d.says("ana", f"flag @{FIRST}", "This is wrong.")


async def planned(d: Dialogue) -> None:
    d.now = BEGUN
    await d.open_round()


async def held_up(d: Dialogue) -> None:
    """A reveal shortly before the next question, which stands now, and no word in the thread yet."""
    assert isinstance(d.platform, Remembered)
    d.now = BEGUN - timedelta(hours=24, minutes=30)
    await d.says(ADMIN, "daily on 08:00 daily")
    await d.forward(hours=1)
    for who in ("ana", "bob"):
        await d.says(who, "answer", f"What {who} says of it.")
    await d.redis.hset(f"{team_prefix(d.channel.team)}:round:{LAST}", "deadline", to_ms(BEGUN + A_DAY))
    await d.forward(hours=23, minutes=28)
    d.platform.mute = True
    await d.says(ADMIN, "reveal")
    await d.forward(minutes=17)


async def nothing(d: Dialogue) -> None:
    """Nobody was here before."""
    d.now = BEGUN


# What is done


async def erases(life: Life) -> None:
    await life.insists("ana", "privacy erase yes")
    await life.d.forward(minutes=20)


async def leaves(life: Life) -> None:
    if not (life.folder / "left").exists():
        await life.d.bot.left(life.d.channel.team)
        (life.folder / "left").touch()
    await life.d.clockwork.work()
    life.d.now += PURGE_AFTER
    await life.d.clockwork.work()


async def turns_on(life: Life) -> None:
    await life.insists(ADMIN, "daily on 10:00 daily")
    await life.d.forward(hours=3)


async def waits(life: Life) -> None:
    await life.d.forward(minutes=40)


async def pins(life: Life) -> None:
    await life.insists(ADMIN, "daily pin on")
    await life.d.forward(hours=26)


async def flags(life: Life) -> None:
    await life.insists("ana", f"flag @{FIRST}", "This is wrong.", {"reason": "error"})


async def settles(life: Life) -> None:
    (flag,) = await life.d.store.flags.waiting(life.d.channel.team) or ("settled",)
    kept = life.folder / "flag"
    if not kept.exists():
        kept.write_text(flag)
    await life.insists(ADMIN, f"flags retire {kept.read_text()}")
    await life.d.forward(minutes=20)


async def sends_away(life: Life) -> None:
    """Who gets no reply need not try again."""
    tried = life.folder / "tried"
    if not tried.exists():
        tried.touch()
        await life.insists(ADMIN, "away @ana 2026-12-10 2026-12-12")
    await life.d.forward(minutes=20)


async def exports(life: Life) -> None:
    await life.insists("ana", "privacy export")
    await life.d.forward(minutes=20)


async def is_interviewed(life: Life) -> None:
    await life.insists("ana", "interview 2")
    offered = await life.insists("ana", "interview next")
    for text in ANSWERS:
        offered = await life.insists("ana", named(offered, "interview answer"), text)
    assert "interview show 1" in offered


async def reviews(life: Life) -> None:
    offered = await life.insists("ana", "review")
    offered = await life.insists("ana", named(offered, "review answer"), ANSWERS[0])
    await life.insists("ana", next(one for one in offered if one.endswith(" good")))


def named(offered: list[str], begins: str) -> str:
    return next(one for one in offered if one.startswith(begins))


ACTS: dict[Act, tuple[Callable[[Dialogue], Awaitable[None]], Callable[[Life], Awaitable[None]]]] = {
    "erasing": (lived, erases),
    "purging": (lived, leaves),
    "turning on": (nothing, turns_on),
    "telling the rest": (held_up, waits),
    "pinning": (planned, pins),
    "flagging": (revealed, flags),
    "settling": (flagged, settles),
    "sending away": (revealed, sends_away),
    "exporting": (revealed, exports),
    "interview": (nothing, is_interviewed),
    "review": (revealed, reviews),
}


class Steps(Fate):
    """Looking for what is due is no step: nothing has been done yet."""

    def scripts(self, run: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        stepped = self.around(run)

        async def named(name: str, *args: object) -> object:
            return await (run if name == "claim" else stepped)(name, *args)

        return named


async def act(url: str, folder: Path, what: Act, fate: Steps) -> None:
    async with connected(url) as redis:
        platform = Remembered(folder)
        runs = folder / "runs"
        count = int(runs.read_text()) if runs.exists() else 0
        runs.write_text(str(count + 1))
        d = Dialogue(redis, platform=platform, now=BEGUN + RESTARTED * count)
        vars(d.store._scripts)["run"] = fate.scripts(d.store._scripts.run)
        fate.guard(platform, ("post", "edit", "reply", "tell", "pin", "unpin"))
        await ACTS[what][1](Life(d, folder))


def act_in_a_child(url: str, folder: str, what: str, fatal: str) -> int:
    """Act in a process that has everything imported already; the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        signal.alarm(ACT_SECONDS)
        fate, home = Steps(int(fatal)), Path(folder)
        asyncio.run(act(url, home, what.replace("_", " "), fate))  # type: ignore[arg-type]
        (home / "steps").write_text(str(fate.steps))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    bot_module.ANSWER_WITHIN_SECONDS = clients.ANSWER_SECONDS = 30.0
    for line in sys.stdin:
        sys.stdout.write(f"{act_in_a_child(*line.split())}\n")
        sys.stdout.flush()
