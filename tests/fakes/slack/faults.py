"""What goes wrong with calls of the Web API when a test says so, and how fast Slack lets an app post."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Any


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429 with Retry-After."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx. With `after`, the call was carried out all the same."""

    status: int = 503
    after: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """`ok: false` with an error."""

    error: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection breaks, before the call was carried out or after."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer until `release` is set. With `after`, the call was carried out before."""

    release: asyncio.Event = field(default_factory=asyncio.Event)
    after: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing: this call goes well, and the next fault waits for the one after it."""


Fault = RateLimited | ServerError | Refused | Dropped | Hang | Pass


class Faults:
    """A queue of faults for each method; each call takes one."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._hangs: list[Hang] = []
        # Sees each call as it comes, and may give it a fault.
        self.watch: Callable[[str], Fault | None] = lambda _: None

    def add(self, method: str, *faults: Fault) -> None:
        self._queues[method].extend(faults)
        self._hangs += [fault for fault in faults if isinstance(fault, Hang)]

    def always(self, method: str, fault: Fault | None) -> None:
        """Answer each call so, until told None."""
        self._always.pop(method, None)
        if fault:
            self._always[method] = fault
            self._hangs += [fault] if isinstance(fault, Hang) else []

    def take(self, method: str) -> Fault:
        queue = self._queues[method]
        planned = queue.popleft() if queue else self._always.get(method, Pass())
        return self.watch(method) or planned

    def release_all(self) -> None:
        for hang in self._hangs:
            hang.release.set()


@dataclass(slots=True)
class PostingLimit:
    """About one message a second in each channel, after a burst. `now` is the stand-in's clock."""

    now: Callable[[], float]
    per_second: float = 1.0
    burst: int = 1
    _full_at: dict[str, float] = field(default_factory=dict)

    def wait_for(self, place: str) -> int:
        """The Retry-After of a post now: 0 lets it pass and counts it."""
        now, step = self.now(), 1 / self.per_second
        full_at = max(now, self._full_at.get(place, now))
        wait = full_at + step - now - self.burst * step
        if wait > 1e-6:
            return ceil(wait)
        self._full_at[place] = full_at + step
        return 0
