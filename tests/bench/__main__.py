"""`python -m tests.bench`: commands, boards, memory, the day's cycle and the time to start, beside floors."""

from __future__ import annotations

import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from bot.requests import Channel, Member
from llmq.redis.connection import connected, describe
from llmq.redis.embedded import embedded_server
from scheduler.clockwork import MOST_TURNS
from tests.bench import coverage, cycle
from tests.bench.discord import discord_commands
from tests.bench.measure import RUNS, compare
from tests.bench.processes import one_and_two
from tests.bench.slack import IN_FLIGHT, slack_commands
from tests.dialogue import Dialogue, catalogue_of, deck, question

MEMBERS = [Member(f"m{n}", f"Member number {n}") for n in range(500)]
CHANNELS = [Channel("console:bench", f"c{n}") for n in range(50)]
ANSWER = "It learns the joint distribution, so it can sample; the other only learns a boundary. " * 5
OPERATIONS = {1: 150, 64: 1500}
COMMANDS = {"random": 700, "answer": 200, "today": 900, "leaderboard": 450, "me": 600}
WRITES = ("answer", "random")
STARTS = 5


def printed(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(*header, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def machine() -> str:
    """What this ran on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    model = next(names, platform.processor())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


async def commands(redis: Redis) -> None:
    """Each command through `Bot.handle` beside a bare script with as many bytes in and out."""
    game = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(60)))))
    for channel in CHANNELS:
        await game.says("boss", "daily on 09:00 daily", channel=channel)
        await game.says("boss", "daily reveal 1000 1h 8h", channel=channel)
    for _ in range(3):
        for channel in CHANNELS:
            await game.says("boss", "daily now", channel=channel)
        for n, member in enumerate(MEMBERS):
            await game.says(member.id, "answer", ANSWER, channel=CHANNELS[n % len(CHANNELS)])
        await game.forward(days=1)
    for channel in CHANNELS:
        await game.says("boss", "daily now", channel=channel)
    read = redis.register_script("return ARGV[1]")
    write = redis.register_script("redis.call('HSET', KEYS[1], ARGV[2], ARGV[1]) return ARGV[1]")

    def floor(name: str):  # type: ignore[no-untyped-def]
        script, payload = write if name in WRITES else read, "x" * COMMANDS[name]
        return lambda n: script(keys=["llmq:{floor}:h"], args=[payload, n % 500])

    def ours(name: str):  # type: ignore[no-untyped-def]
        def one(n: int):  # type: ignore[no-untyped-def]
            member, channel = MEMBERS[n * 7 % 500], CHANNELS[n % 50]
            body = f"{n} {ANSWER}" if name == "answer" else None
            return game.bot.handle(game.request(member.id, name, body, channel=channel))

        return one

    rows = []
    for name in COMMANDS:
        for in_flight, operations in OPERATIONS.items():
            found = await compare(ours(name), floor(name), in_flight, operations)
            rows.append(
                (name, str(in_flight), f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{found.ratio:.2f}")
            )
    title = f"Operations a second, medians of {RUNS} runs; goal: 0.6 of the floor with 64 in flight"
    printed(title, ("Command", "In flight", "Ours", "Floor", "Ratio"), rows)


async def boards(redis: Redis) -> None:
    """The leaderboard of a team of a million beside that of a team of a thousand."""
    game = Dialogue(redis)
    teams = {size: Channel(f"console:{size}", "c") for size in (1_000, 1_000_000)}
    for size, channel in teams.items():
        await fill_board(redis, game, channel, size)

    def board(size: int):  # type: ignore[no-untyped-def]
        return lambda n: game.bot.handle(
            game.request(f"m{n * 7 % size}", "leaderboard week", channel=teams[size])
        )

    found = await compare(board(1_000_000), board(1_000), 64, 1500)
    cost = f"{1 / found.ratio:.2f}"
    printed(
        f"Leaderboard, medians of {RUNS} runs; goal: a million cost 1.3 times a thousand at the most",
        ("A million", "A thousand", "Cost ratio"),
        [(f"{found.ours:,.0f} a second", f"{found.floor:,.0f} a second", cost)],
    )


async def fill_board(redis: Redis, game: Dialogue, channel: Channel, size: int) -> None:
    """One member plays; the others are written beside it in bulk, with the keys that this made."""
    await game.says("boss", "daily on 09:00 daily", channel=channel)
    await game.says("boss", "daily now", channel=channel)
    await game.says("m0", "answer", ANSWER, channel=channel)
    prefix = f"llmq:{{{channel.team}}}"
    (week,) = [key async for key in redis.scan_iter(f"{prefix}:board:week:*", count=10_000)]
    for start in range(0, size, 10_000):
        numbers = range(start, min(size, start + 10_000))
        await redis.zadd(week, {f"m{n}": n % 5000 + 1 for n in numbers})
        await redis.hset(f"{prefix}:names", mapping={f"m{n}": f"Member number {n}" for n in numbers})


async def in_slack(redis: Redis) -> None:
    """A command through the whole Slack app beside an empty bolt handler."""
    found = await slack_commands(redis)
    printed(
        f"Signed `/llmq random`, {IN_FLIGHT} in flight, medians of {RUNS} runs; goal: 0.6 of the floor",
        ("Ours a second", "Empty bolt handler", "Ratio"),
        [(f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{found.ratio:.2f}")],
    )


async def in_discord(redis: Redis) -> None:
    """A command from Discord's gateway to the answer beside an empty discord.py command."""
    found = await discord_commands(redis)
    printed(
        f"Discord's `/llmq random`, {IN_FLIGHT} in flight, medians of {RUNS} runs; goal: 0.6 of the floor",
        ("Ours a second", "Empty discord.py command", "Ratio"),
        [(f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{found.ratio:.2f}")],
    )


async def the_cycle(redis: Redis) -> None:
    """The scheduler: idle, beside bare posts, and with a herd."""
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_server(Path(folder)) as url, connected(url) as other:
            looks, size = await cycle.idle_looks(redis, other)
    printed(
        f"An idle look at the due queue, medians of {RUNS} runs; goal: many cost 1.3 times few at the most",
        (f"{cycle.MANY:,} schedules", f"{cycle.FEW:,}", "Cost ratio", "Bytes a schedule"),
        [(f"{looks.ours:,.0f} a second", f"{looks.floor:,.0f}", f"{1 / looks.ratio:.2f}", f"{size:,.0f}")],
    )
    await redis.flushall()
    posted = await cycle.posts(redis)
    printed(
        f"Questions into Slack, {MOST_TURNS} at once, medians of {RUNS} runs; goal: 0.7 of bare posts",
        ("Ours a second", "Bare posts", "Ratio"),
        [(f"{posted.ours:,.0f}", f"{posted.floor:,.0f}", f"{posted.ratio:.2f}")],
    )
    await redis.flushall()
    seen = await cycle.herd(redis)
    printed(
        f"{cycle.HERD:,} channels due at once, on a platform that takes {cycle.ANSWER_SECONDS * 1000:.0f} ms",
        ("All asked in", "More memory", "`random` meanwhile: median, 99th of 100", "Before"),
        [
            (
                f"{seen.seconds:.0f} s",
                f"{seen.megabytes:.1f} MB",
                f"{seen.median_ms:.0f} ms, {seen.p99_ms:.0f} ms",
                f"{seen.calm_median_ms:.0f} ms",
            )
        ],
    )


async def processes(redis: Redis) -> None:
    """Signed commands of one process and of two."""
    url = f"unix://{redis.connection_pool.connection_kwargs['path']}"
    found = await one_and_two(url)
    printed(
        f"Signed `/llmq random` of whole processes, medians of {RUNS} runs; goal: two do 1.7 times one",
        ("Two a second", "One", "Ratio"),
        [(f"{found.ours:,.0f}", f"{found.floor:,.0f}", f"{found.ratio:.2f}")],
    )


async def memory(redis: Redis) -> None:
    """Bytes that a member and a round take, as the server counts them."""
    game = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(60)))))
    await game.says("boss", "daily on 09:00 daily")
    await game.says("boss", "daily now")
    before = await used(redis)
    members = 1000
    for n in range(members):
        await game.says(f"m{n}", "answer", ANSWER[:400])
    per_member = (await used(redis) - before) / members
    await game.forward(days=1, hours=1)
    before, rounds = await used(redis), 20
    for _ in range(rounds):
        for n in range(10):
            await game.says(f"m{n}", "answer", ANSWER[:400])
        await game.forward(days=1)
    per_round = (await used(redis) - before) / rounds
    printed(
        "Redis bytes",
        ("What", "Bytes"),
        [
            ("a member with a first answer of 400 characters", f"{per_member:,.0f}"),
            ("a round with ten such answers", f"{per_round:,.0f}"),
        ],
    )


async def used(redis: Redis) -> int:
    return int((await redis.info("memory"))["used_memory_dataset"])


def key_points() -> None:
    """Key points in answers of the greatest length."""
    times, (text, worst) = coverage.usual(), coverage.slowest()
    printed(
        f"Key points in {coverage.LENGTH:,} characters; goal: 20 ms for 95 of 100",
        ("Median", "95th of 100", f"Worst of {len(coverage.SLOW)} hostile texts"),
        [
            (
                f"{median(times):.1f} ms",
                f"{coverage.percentile(times, 95):.1f} ms",
                f"{worst:.0f} ms ({text!r})",
            )
        ],
    )


def starts() -> None:
    """Wall time of the command line, the second time that it starts on a data folder."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("--version", "--help", "console"):
            took = [start(name, folder) for _ in range(STARTS + 1)][1:]
            rows.append((f"llmq {name}", f"{median(took):.2f} s"))
    printed(f"Time to start, medians of {STARTS} runs", ("Command", "Time"), rows)


def start(name: str, folder: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", name],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"LLMQ_DATA_DIR": folder},
        check=True,
    )
    return time.perf_counter() - begun


async def main() -> None:
    print(machine())
    for part in (commands, boards, memory, the_cycle, processes, in_slack, in_discord):
        with tempfile.TemporaryDirectory() as folder:
            async with embedded_server(Path(folder)) as url, connected(url) as redis:
                if part is commands:
                    server = await describe(redis)
                    print(f"{server.name} {server.version}, every write synced to disk\n")
                await part(redis)
    key_points()
    starts()


asyncio.run(main())
