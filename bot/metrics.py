"""What is counted, in the form that Prometheus reads; no team, channel or member is named in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from prometheus_client import Counter, Histogram

OUTCOMES = ("done", "refused", "away", "broken")
EVENTS = ("opened", "late", "skipped", "revealed", "untold")

COMMANDS = Counter("llmq_commands_total", "Commands by name and outcome", ["command", "outcome"])
COMMAND_SECONDS = Histogram(
    "llmq_command_seconds",
    "Time to answer a command",
    ["command"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
# To find a label's counter takes longer than to count.
commands_counted, command_timed = cache(COMMANDS.labels), cache(COMMAND_SECONDS.labels)
ROUNDS = Counter("llmq_rounds_total", f"Rounds by what became of them: {', '.join(EVENTS)}", ["event"])
LATE_SECONDS = Histogram(
    "llmq_due_lag_seconds",
    "How long after its moment a due channel was taken up",
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600),
)
RETRIES = Counter("llmq_due_retries_total", "Due channels whose work failed and is tried again")
REFUSALS = Counter("llmq_token_refusals_total", "Times a platform refused llmq itself", ["platform"])
PAUSES = Counter("llmq_schedules_paused_total", "Schedules that a platform's refusal paused", ["platform"])
RATE_LIMITS = Counter("llmq_rate_limits_total", "Calls that a platform asked to be made later", ["platform"])


def begin_at_zero(commands: Iterable[str], platforms: Iterable[str]) -> None:
    """Count from 0: of what shows up with a 1, Prometheus sees no increase, and an alert misses the first."""
    for event in EVENTS:
        ROUNDS.labels(event)
    for command in commands:
        for outcome in OUTCOMES:
            COMMANDS.labels(command, outcome)
    for platform in platforms:
        RATE_LIMITS.labels(platform)
        PAUSES.labels(platform)
        REFUSALS.labels(platform)
