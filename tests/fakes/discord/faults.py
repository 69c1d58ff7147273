"""What goes wrong with calls of the REST API when a test says so."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RateLimited:
    """429. `everywhere` holds all routes up, not this one alone; without `via` it comes from Cloudflare."""

    retry_after: float = 0.0
    everywhere: bool = False
    via: bool = True


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx. With `after`, the call was carried out all the same."""

    status: int = 503
    after: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A 4xx with one of Discord's numbers."""

    status: int
    code: int
    message: str = "refused by the test"


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
class Lacking:
    """The call is carried out, but its answer lacks some fields."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing: this call goes well, and the next fault waits for the one after it."""


Fault = RateLimited | ServerError | Refused | Dropped | Hang | Lacking | Pass


@dataclass(slots=True)
class PostingLimit:
    """So many messages in so many seconds in each channel. `now` is the stand-in's clock."""

    now: Callable[[], float]
    most: int = 5
    seconds: float = 5.0
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def take(self, place: str) -> tuple[int, float]:
        """How many more there may be, -1 when this one may not; and in how many seconds all may again."""
        now = self.now()
        began, used = self._windows.get(place, (now, 0))
        if now - began >= self.seconds:
            began, used = now, 0
        self._windows[place] = began, min(used + 1, self.most)
        return self.most - used - 1, began + self.seconds - now


class Faults:
    """A queue of faults for each endpoint; each call takes one."""

    def __init__(self, endpoints: Collection[str]) -> None:
        self._endpoints = endpoints
        self._queues: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._hangs: list[Hang] = []
        # Sees each call as it comes, and may give it a fault.
        self.watch: Callable[[str], Fault | None] = lambda _: None

    def add(self, endpoint: str, *faults: Fault) -> None:
        """The next calls of the endpoint go so, one fault a call."""
        self._check(endpoint)
        self._queues[endpoint].extend(faults)
        self._hangs += [fault for fault in faults if isinstance(fault, Hang)]

    def always(self, endpoint: str, fault: Fault | None) -> None:
        """Answer each call so, until told None."""
        self._check(endpoint)
        self._always.pop(endpoint, None)
        if fault:
            self._always[endpoint] = fault
            self._hangs += [fault] if isinstance(fault, Hang) else []

    def take(self, endpoint: str) -> Fault:
        queue = self._queues[endpoint]
        planned = queue.popleft() if queue else self._always.get(endpoint, Pass())
        return self.watch(endpoint) or planned

    def release_all(self) -> None:
        for hang in self._hangs:
            hang.release.set()

    def _check(self, endpoint: str) -> None:
        if endpoint not in self._endpoints:
            raise ValueError(f"There is no endpoint {endpoint!r}. There are: {', '.join(self._endpoints)}.")
