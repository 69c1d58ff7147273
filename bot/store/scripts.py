"""How the Lua scripts reach the server: calls of one turn of the event loop share a round trip."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha1
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisClusterException, RedisError, ResponseError

from bot.game import rules
from bot.game.schedule import milliseconds

# So many commands in one go keep the server's turn short for everyone else.
LARGEST_BATCH = 32

Argument = str | int
# How bot/store/lua/common.lua says that a team's own deck is another one by now.
DECK_CHANGED = "DECKCHANGED"


class DeckChanged(Exception):
    """A team's own deck is not the one that an act was begun with; nothing has been done."""


@dataclass(slots=True)
class Reading:
    """What an act knows of its team's own deck, and whether a script has found that to be so."""

    key: str
    revision: str
    checked: bool = False

    def keys(self, key: str) -> tuple[str, ...]:
        """The keys of a script: the first one of the team is told what deck is known."""
        if self.checked or key != self.key:
            return (key,)
        self.checked = True
        return key, f"{key}:deck@{self.revision}"


READING: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(key: str, revision: str) -> Iterator[Reading]:
    """Let the first script of the team with the prefix `key` refuse where its deck has another revision."""
    one = Reading(key, revision)
    token = READING.set(one)
    try:
        yield one
    finally:
        READING.reset(token)


def rules_in_lua(set_here: Mapping[str, timedelta] = MappingProxyType({})) -> str:
    """The numbers of the game as a table `RULES`, spans in milliseconds; the operator may set some."""
    numbers = {name.lower(): value for name, value in vars(rules).items() if name.isupper()} | dict(set_here)
    pairs = (f"{name}={lua_number(value)}" for name, value in numbers.items())
    return f"local RULES={{{','.join(pairs)}}}\n"


def lua_number(value: float | timedelta) -> str:
    return str(milliseconds(value) if isinstance(value, timedelta) else value)


def read_sources(
    folder: Traversable, set_here: Mapping[str, timedelta] = MappingProxyType({})
) -> dict[str, str]:
    """A folder's scripts by name; what is shared stands in front of those that name no key of their own."""
    sources = {file.name.removesuffix(".lua"): file.read_text() for file in folder.iterdir()}
    common = rules_in_lua(set_here) + sources.pop("common", "")
    return {name: source if "-- KEYS:" in source else common + source for name, source in sources.items()}


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the name under which the server keeps it."""

    source: str
    sha: str


@dataclass(frozen=True, slots=True, eq=False)
class ScriptCall:
    """A script with its keys and arguments, and where its answer goes."""

    script: Script
    keys: tuple[str, ...]
    args: tuple[Argument, ...]
    answer: asyncio.Future[Any]

    def settle(self, answer: Any) -> None:
        """Hand the answer over, unless nobody waits for it any more."""
        if self.answer.done():
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Scripts:
    """Runs scripts by name. A script must be safe to run twice: a lost connection repeats it."""

    def __init__(
        self,
        redis: Redis,
        folder: Traversable,
        set_here: Mapping[str, timedelta] = MappingProxyType({}),
    ) -> None:
        self._redis = redis
        self._scripts = {
            # The server names a script so; nothing secret hangs on it.
            name: Script(source, sha1(source.encode(), usedforsecurity=False).hexdigest())
            for name, source in read_sources(folder, set_here).items()
        }
        self._waiting: list[ScriptCall] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self, name: str, key: str, *args: Argument) -> Any:
        """The script's answer. Raises what the server or the connection says against it, or `DeckChanged`."""
        loop, known = asyncio.get_running_loop(), READING.get()
        keys = known.keys(key) if known else (key,)
        call = ScriptCall(self._scripts[name], keys, args, loop.create_future())
        self._waiting.append(call)
        if len(self._waiting) == 1:
            loop.call_soon(self._send)
        try:
            return await call.answer
        except ResponseError as fault:
            if str(fault).startswith(DECK_CHANGED):
                raise DeckChanged from fault
            raise

    def _send(self) -> None:
        calls, self._waiting = self._waiting, []
        for start in range(0, len(calls), LARGEST_BATCH):
            # The loop keeps no strong reference to a task.
            task = asyncio.create_task(self._deliver(calls[start : start + LARGEST_BATCH]))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _deliver(self, calls: list[ScriptCall]) -> None:
        answers: list[Any] = [RedisError("nothing came back")] * len(calls)
        try:
            answers = await self._ask(calls)
        except (RedisError, OSError, ValueError) as fault:
            # ValueError: text that cannot be encoded.
            answers = [fault] * len(calls)
        except RedisClusterException as fault:
            answers = [RedisError(str(fault))] * len(calls)
        finally:
            # Whatever happened, nobody may be left waiting.
            for call, answer in zip(calls, answers, strict=True):
                call.settle(answer)

    async def _ask(self, calls: list[ScriptCall]) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for call in calls:
            pipeline.execute_command("EVALSHA", call.script.sha, len(call.keys), *call.keys, *call.args)
        answers = await pipeline.execute(raise_on_error=False)
        # A restart or a failover forgets the scripts; sending one whole teaches it again.
        for n, answer in enumerate(answers):
            if isinstance(answer, NoScriptError):
                answers[n] = await self._teach(calls[n])
        return answers

    async def _teach(self, call: ScriptCall) -> Any:
        try:
            return await self._redis.eval(call.script.source, len(call.keys), *call.keys, *call.args)
        except RedisError as fault:
            return fault
