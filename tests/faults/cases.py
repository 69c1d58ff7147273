"""Every fault at every step of a day, written out: what `make faults` tries, and `make test` a part of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.faults.wire import Moment

# Whether everything is tried, however long it takes: `make faults`.
ALL = os.environ.get("FAULTS") == "all"
# What takes long is tried there, and a part of it in each run.
IN_FAULTS = pytest.mark.skipif(not ALL, reason="make faults")

# One before and one after each call of a day that changes something.
STEPS = 64
# What is done beside a day.
Act = Literal[
    "erasing",
    "purging",
    "turning on",
    "telling the rest",
    "pinning",
    "flagging",
    "settling",
    "sending away",
    "exporting",
    "interview",
    "review",
]
# So many steps each has: one before and one after each script, and each call of a platform.
ACT_STEPS: dict[Act, int] = {
    "erasing": 28,
    "purging": 18,
    "turning on": 26,
    "telling the rest": 24,
    "pinning": 88,
    "flagging": 4,
    "settling": 18,
    "sending away": 18,
    "exporting": 14,
    "interview": 26,
    "review": 14,
}
# How many requests of anybody go through `Bot.handle`, and through the signed HTTP port.
FUZZED, FUZZED_AT_THE_PORT = 80_000, 20_000

# What is sent to the HTTP port beside what people do.
AT_THE_PORT = (
    "half a header",
    "half a body",
    "no HTTP",
    "no signature",
    "a wrong signature",
    "an old signature",
    "signed nonsense",
    "too large",
    "a replay",
)
# What happens to the embedded server under a running process.
TO_THE_SERVER = ("killed", "killed twice", "cannot write")
# What a channel was at when the clock went 400 days ahead, and what an admin does once it is right again.
BEFORE_THE_CLOCK, AFTER_THE_CLOCK = ("turned on", "open", "revealed"), ("nothing", "off and on")
# What was due while a platform refused the token for a while.
UNDER_A_TOKEN = ("opening", "revealing")

# So many answers of so many characters are revealed at once.
LONG_REVEAL, LONG_ANSWERS = 5000, 4000

Stage = Literal[
    "opening", "answering", "filling in", "revealing", "closing", "suggesting", "approving", "adding"
]
Fault = Literal[
    "kill llmq", "kill redis", "cut", "slow", "429", "500", "500 but done", "silent", "twice", "twice later"
]

# The scripts that a stage calls, in their order: what takes a round from one state to the next, and reads.
SCRIPTS: dict[Stage, tuple[str, ...]] = {
    "opening": ("channel", "configure", "enqueue", "claim", "begin", "posted", "finish"),
    "answering": ("act",),
    "filling in": ("today", "act"),
    "revealing": ("force", "enqueue", "claim", "reveal", "answers", "reveal_posted", "finish"),
    "closing": ("configure", "enqueue", "claim", "close", "lapse", "begin", "posted", "finish"),
    "suggesting": ("read", "draft", "suggest"),
    "approving": ("read", "take_suggestion", "enqueue"),
    "adding": ("read", "draft", "put_question"),
}
# What is no part of a day, but of the team's own deck.
OF_TEAM: tuple[Stage, ...] = ("suggesting", "approving", "adding")
# The calls by which a platform hears of it, each with which of its calls in the stage is meant.
CALLS: dict[str, dict[Stage, tuple[tuple[str, int], ...]]] = {
    "slack": {
        "opening": (("chat.postMessage", 1),),
        "filling in": (("views.open", 1),),
        "revealing": (
            ("chat.update", 1),
            ("chat.postMessage", 1),
            ("chat.postMessage", 2),
            ("chat.postMessage", 3),
        ),
        "closing": (("chat.postMessage", 1),),
        "suggesting": (("views.open", 1),),
    },
    "discord": {
        "opening": (("create_message", 1),),
        "answering": (("create_response", 1),),
        "filling in": (("create_response", 1), ("create_response", 2)),
        "revealing": (
            ("edit_message", 1),
            ("start_thread_from_message", 1),
            ("create_message", 1),
            ("create_message", 2),
            ("create_message", 3),
        ),
        "closing": (("create_message", 1),),
        "suggesting": (("create_response", 1), ("create_response", 2)),
    },
}
IN_REDIS: tuple[Fault, ...] = ("kill llmq", "kill redis", "cut", "slow")
IN_A_CALL: tuple[tuple[Fault, Moment], ...] = (
    ("kill llmq", "before"),
    ("kill llmq", "after"),
    ("kill redis", "before"),
    ("cut", "before"),
    ("cut", "after"),
    ("slow", "before"),
    ("429", "before"),
    ("500", "before"),
    ("500 but done", "after"),
    ("silent", "after"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A fault before or after the nth of these calls of a stage."""

    platform: str
    stage: Stage
    fault: Fault
    step: str
    moment: Moment
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.platform}: {self.stage}, {self.fault} {self.moment} {self.step} {self.nth}"


def all_cases() -> Iterator[Case]:
    """One after another, the platforms and the stages in turn."""
    for platform, calls in CALLS.items():
        for stage, scripts in SCRIPTS.items():
            for script in scripts:
                # Before a claim nothing has been done yet that a fault could undo.
                moments: tuple[Moment, ...] = ("after",) if script == "claim" else ("before", "after")
                for moment in moments:
                    yield from (Case(platform, stage, fault, script, moment) for fault in IN_REDIS)
            for call, nth in calls.get(stage, ()):
                yield from (Case(platform, stage, fault, call, moment, nth) for fault, moment in IN_A_CALL)
            yield Case(platform, stage, "twice", "delivery", "before")
            yield Case(platform, stage, "twice later", "delivery", "after")


CASES = tuple(all_cases())
KILLS: tuple[tuple[Act, int], ...] = tuple(
    (act, step) for act, steps in ACT_STEPS.items() for step in range(steps)
)
