"""`python -m tests.bench`: what llmq costs, beside floors; with words behind it, only those parts."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from redis.asyncio import Redis

from llmq.redis.connection import connected, describe
from llmq.redis.embedded import embedded_server
from scheduler.clockwork import MOST_TURNS
from tests.bench import (
    boards,
    commands,
    costs,
    coverage,
    cycle,
    discord,
    herd,
    port,
    processes,
    questions,
    slack,
)
from tests.bench.measure import RUNS
from tests.bench.starts import STARTS, starts
from tests.bench.tables import cost, printed, rates

MEDIANS = f"medians of {RUNS} runs"


def machine() -> str:
    """What this ran on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    model = next(names, platform.processor())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


async def the_commands(redis: Redis) -> None:
    rows = [
        (name, str(in_flight), *rates(found)) async for name, in_flight, found in commands.compared(redis)
    ]
    printed(
        f"Commands a second, {MEDIANS}; goal: 0.6 of the floor with 64 in flight",
        "Floor: the command's own calls of the store, alone.",
        ("Command", "In flight", "Ours", "Floor", "Ratio"),
        *rows,
    )


async def the_boards(redis: Redis) -> None:
    printed(
        f"Leaderboards a second, {MEDIANS}; goal: a million cost 1.3 times a thousand at the most",
        f"Floor: the same in a team of {boards.SMALL:,}.",
        (f"{boards.LARGE:,} members", f"{boards.SMALL:,}", "Cost ratio"),
        cost(await boards.boards(redis)),
    )


async def memory(redis: Redis) -> None:
    per_member, per_round = await boards.sizes(redis)
    printed(
        "Redis bytes",
        "No floor: what the server counts as data.",
        ("What", "Bytes"),
        (f"a member with a first answer of {len(boards.SHORT_ANSWER)} characters", f"{per_member:,.0f}"),
        (f"a round with {boards.ANSWERS} such answers", f"{per_round:,.0f}"),
    )


async def looks(redis: Redis) -> None:
    async with server() as other:
        found, size = await cycle.idle_looks(redis, other)
    printed(
        f"Idle looks at the due queue a second, {MEDIANS}; goal: many cost 1.3 times few at the most",
        f"Floor: the same with {cycle.FEW:,} schedules.",
        (f"{cycle.MANY:,} schedules", f"{cycle.FEW:,}", "Cost ratio", "Bytes a schedule"),
        (*cost(found), f"{size:,.0f}"),
    )


async def posts(redis: Redis) -> None:
    printed(
        f"Questions into Slack a second, {MOST_TURNS} at once, {MEDIANS}; goal: 0.7 of bare posts",
        "Floor: the same posts by the same client, alone.",
        ("Ours", "Bare posts", "Ratio"),
        rates(await cycle.posts(redis)),
    )


async def herds(redis: Redis) -> None:
    many = await herd.of_many_teams(redis)
    await redis.flushall()
    one = await herd.of_one_team(redis)
    printed(
        f"Channels due at once, on a platform that takes {herd.ANSWER_SECONDS * 1000:.0f} ms",
        f"No floor. {herd.ONE_TEAM:,} channels of one team took 111 s once, and two were never asked.",
        ("Channels", "All asked in", "More memory", "`random` meanwhile, median and 99th", "Before"),
        (f"{herd.HERD:,} of as many teams", *herd_row(many)),
        (f"{herd.ONE_TEAM:,} of one team", *herd_row(one)),
    )
    await random(redis)


def herd_row(seen: herd.Herd) -> tuple[str, ...]:
    meanwhile = f"{seen.median_ms:.0f} ms, {seen.p99_ms:.0f} ms"
    return f"{seen.seconds:.1f} s", f"{seen.megabytes:.1f} MB", meanwhile, f"{seen.calm_median_ms:.0f} ms"


async def random(redis: Redis) -> None:
    """On the rounds of the herds."""
    crowd, many = await herd.random_of_a_crowd(redis), await herd.random_of_many_questions(redis)
    printed(
        f"`/llmq random` a second, {herd.IN_FLIGHT} at once, {MEDIANS}; goal: 1.3 times the floor's cost",
        f"Floor: in a team without a round; from {herd.FEW_QUESTIONS:,} questions.",
        ("Where", "Ours", "Floor", "Cost ratio"),
        (f"in a team with {herd.ONE_TEAM:,} open rounds", *cost(crowd)),
        (f"from {herd.MANY_QUESTIONS:,} questions", *cost(many)),
    )


async def many_questions(redis: Redis) -> None:
    printed(
        f"{questions.MANY:,} questions, {MEDIANS}; goal: 1.3 times the cost of the shipped decks at the most",
        "Floor: the same with the decks that come with llmq. Operations a second.",
        ("What", "Ours", "Floor", "Cost ratio"),
        *[(name, *cost(found)) for name, found in await questions.compared(redis)],
    )
    printed(
        f"Starts with them, medians of {questions.STARTS}; goal: two seconds more than the floor",
        "Floor: the same with the decks that come with llmq.",
        ("Start", "Ours", "Floor", "More"),
        *(
            (name, f"{many:.2f} s", f"{few:.2f} s", f"{many - few:.2f} s")
            for name, many, few in questions.starts()
        ),
    )


async def the_processes(redis: Redis) -> None:
    found, spent = await processes.one_and_two(redis)
    limit = spent.limit()
    printed(
        f"Signed `/llmq random` of whole processes a second, {MEDIANS}; goal: 0.9 of the limit",
        "Limit: 2P/(P+R), for two processors do no more. P and R are the time of a processor that a command "
        "takes in the process, with what signs and sends it, and in the server.",
        ("Two", "One", "Ratio", "P", "R", "Limit", "Of the limit"),
        (*rates(found), *spent.shown(), f"{limit:.2f}", f"{found.ratio / limit:.2f}"),
    )


async def at_the_port(redis: Redis) -> None:
    found = await port.under_load(redis)
    printed(
        f"Signed `/llmq random` beside {port.SLOW} slow clients and {port.BAD_EACH_SECOND:,} bad requests a "
        "second; goal: under 1 s at the 99th percentile",
        "No floor. Who sends all of that is on the same machine.",
        ("Commands", "Median", "99th", "Slowest", "Bad requests a second", "Of them answered with 401"),
        (
            str(len(found.commands)),
            *(f"{found.at(percent) * 1000:.0f} ms" for percent in (50, 99, 100)),
            f"{found.bad / port.SECONDS:,.0f}",
            f"{found.refused / max(found.bad, 1):.0%}",
        ),
    )


async def in_slack(redis: Redis) -> None:
    printed(
        f"Signed `/llmq random` a second, {slack.IN_FLIGHT} in flight, {MEDIANS}; goal: 0.6 of the floor",
        f"Floor: {slack.FLOOR}.",
        ("Ours", "Floor", "Ratio"),
        rates(await slack.slack_commands(redis)),
    )
    printed(
        f"The same in {slack.WORKSPACES} workspaces, {MEDIANS}; goal: 0.9 of the floor",
        "Floor: the same app with one workspace's token.",
        ("Ours", "Floor", "Ratio"),
        rates(await slack.many_workspaces(redis)),
    )


async def in_discord(redis: Redis) -> None:
    printed(
        f"Discord's `/llmq random` a second, {discord.IN_FLIGHT} at once, {MEDIANS}; goal: 0.6 of the floor",
        f"Floor: {discord.FLOOR}",
        ("Ours", "Floor", "Ratio"),
        rates(await discord.discord_commands(redis)),
    )


async def single_costs(redis: Redis) -> None:
    found = [*costs.costs(), await costs.second_start(redis)]
    printed(
        f"Single things, {MEDIANS}",
        "Once: before it was made faster, on an AMD EPYC.",
        ("What", "Takes", "Once"),
        *((what, shown(took), once) for what, took, once in found),
    )


async def key_points(_: Redis) -> None:
    times, (text, worst) = coverage.usual(), coverage.slowest()
    printed(
        f"Key points in {coverage.LENGTH:,} characters; goal: 20 ms for 95 of 100",
        "No floor.",
        ("Median", "95th of 100", f"Worst of {len(coverage.SLOW)} hostile texts"),
        (
            f"{median(times):.1f} ms",
            f"{coverage.percentile(times, 95):.1f} ms",
            f"{worst:.0f} ms ({text!r})",
        ),
    )


def shown(microseconds: float) -> str:
    return f"{microseconds / 1000:,.1f} ms" if microseconds >= 1000 else f"{microseconds:,.1f} µs"


async def the_starts(_: Redis) -> None:
    printed(
        f"Time to start, medians of {STARTS} runs",
        "No floor.",
        ("Command", "Time"),
        *((f"llmq {name}", f"{seconds:.2f} s") for name, seconds in starts()),
    )


PARTS: dict[str, Callable[[Redis], Awaitable[None]]] = {
    "commands": the_commands,
    "boards": the_boards,
    "memory": memory,
    "looks": looks,
    "posts": posts,
    "herds": herds,
    "questions": many_questions,
    "processes": the_processes,
    "port": at_the_port,
    "slack": in_slack,
    "discord": in_discord,
    "costs": single_costs,
    "key_points": key_points,
    "starts": the_starts,
}


@asynccontextmanager
async def server() -> AsyncIterator[Redis]:
    """A server of its own, whose every write is synced to disk."""
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_server(Path(folder)) as url, connected(url) as redis:
            yield redis


async def main(names: list[str]) -> None:
    async with server() as redis:
        seen = await describe(redis)
    print(f"{machine()}, load {os.getloadavg()[0]:.1f} before")
    print(f"{seen.name} {seen.version}, every write synced to disk\n", flush=True)
    for name in names or PARTS:
        async with server() as redis:
            await PARTS[name](redis)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
