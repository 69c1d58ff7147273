"""docs/operating.md, tried: its user, its backups, its metrics, and the files that it names."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, Counter, Histogram
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, ResponseError

from adapters.discord import leases
from adapters.discord.leases import Leases
from adapters.discord.shards import HAND_OVER_WITHIN
from bot import metrics
from bot.metrics import EVENTS, OUTCOMES
from bot.stopping import STOP_SECONDS
from bot.store import store
from bot.store.scripts import Scripts
from llmq.doctor import redis_findings
from llmq.redis.connection import connected
from llmq.redis.embedded import embedded_server
from llmq.settings import Settings
from scheduler.timer import STOP_WITHIN
from tests.conftest import StartServer
from tests.dialogue import ADMIN, Dialogue, is_refused
from tests.faults.test_topologies import (
    Servers,
    asked,
    form_a_cluster,
    free_port,
    reaches,
    says_pong,
    until,
)

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs/operating.md").read_text()
DASHBOARD = json.loads((ROOT / "docs/grafana.json").read_text())
ANSWER = "An answer that says something."


def the_user() -> list[str]:
    """The words of the document's `ACL SETUSER`."""
    (line,) = [line for line in DOCUMENT.splitlines() if line.startswith("ACL SETUSER")]
    return line.split()


async def play(redis: Redis) -> Dialogue:
    """A day with every command; its question is revealed, and the next one open."""
    d = Dialogue(redis)
    await d.open_round()
    for who in ("ana", "bob"):
        assert "Your answer is in." in await d.hears(who, f"answer {ANSWER}")
    assert "Taken back" in await d.hears("bob", "answer withdraw")
    for words in (
        "today",
        "leaderboard",
        "leaderboard streak",
        "me",
        "streak",
        "topics",
        "boards off",
        "home",
    ):
        assert "again in a minute" not in await d.hears("bob", words)
    await d.says("ana", "random answer basics/q5", f"{ANSWER} About a question of its own.")
    await d.says(ADMIN, "reveal")
    assert [one.key.split(":", 2)[2] for one in d.platform.replies] == ["reveal", "answers:0"]
    for words in ("random", "compare", "said @practice:20780 1", "grade @practice:20780 good"):
        assert not is_refused(await d.says("ana", words)), words
    await d.forward(days=1, hours=2)
    assert len(d.platform.posts) == 2
    assert "Your answer is in." in await d.hears("ana", f"answer {ANSWER}")
    return d


async def play_on(d: Dialogue, redis: Redis) -> None:
    """What else there is: a refused question, erased data, a team that leaves, and Discord's shards."""
    assert not is_refused(await d.says(ADMIN, "daily excuse 2026-11-23"))
    d.platform.refused[d.channel.id] = "It is gone."
    await d.forward(days=1)
    assert await d.store.scheduled(d.channel.team) == [d.channel.id]
    await d.says("ana", "privacy export")
    assert any(message.files for _, _, message in d.platform.told)
    await d.says("ana", "privacy erase yes")
    assert not await d.store.channels_of(d.channel.team, "ana")
    await d.store.retention.sweep(d.now)
    await d.store.teams.leave(d.channel.team, d.now)
    assert await d.store.forget(d.channel.team) > 10
    lease = timedelta(seconds=10)
    shared = Leases(redis, "app")
    await shared.share("replica", d.now, lease, 2, frozenset({0}))
    assert await shared.is_first("replica", 0, "event", lease)
    await shared.reserve("0", d.now, lease)
    deck, (revision, shelf) = "another", await d.store.shelf("another")
    assert await d.store.save_shelf(deck, revision, shelf)


def commands_in(sources: list[str]) -> set[str]:
    """The commands that scripts call, whichever way they come to their names."""
    return {word for source in sources for word in re.findall(r"'([A-Z]{3,})'", source)}


async def test_the_user_of_the_document_may_do_all_that_llmq_does_and_no_more(
    start_server: StartServer,
) -> None:
    url = await start_server()
    async with connected(url) as admin:
        await asked(admin, *the_user())
        own = f"{url}?username=llmq&password=password"
        async with connected(own) as redis:
            await play_on(await play(redis), redis)
            scripts = {**Scripts(redis, store.FOLDER)._scripts, **Scripts(redis, leases.FOLDER)._scripts}
            known = await admin.script_exists(*(script.sha for script in scripts.values()))
            tried = {name for name, there in zip(scripts, known, strict=True) if there}
            assert len(tried) >= 20
            rest = [script.source for name, script in scripts.items() if name not in tried]
            assert commands_in(rest) <= commands_in([scripts[name].source for name in tried])
            for words in (
                ("GET", "another"), ("SET", "another", "1"), ("KEYS", "*"), ("FLUSHALL",), ("SHUTDOWN",),
                ("CONFIG", "SET", "appendonly", "no"), ("EVAL", "return redis.call('GET', 'another')", 0),
                ("ACL", "LIST"), ("SUBSCRIBE", "llmq"), ("SCRIPT", "FLUSH"),
            ):  # fmt: skip
                with pytest.raises((NoPermissionError, ResponseError)) as refused:
                    await asked(redis, *words)
                assert "permission" in str(refused.value).lower(), words
    findings = await examined(own)
    assert "fault" not in findings
    assert "synced with each write" in findings


async def examined(url: str) -> str:
    settings = Settings.model_validate({"redis_url": url})
    return "\n".join([str(finding) async for finding in redis_findings(settings)])


async def test_the_user_of_the_document_serves_in_a_cluster(servers: Servers) -> None:
    ports = [servers.start("--cluster-enabled", "yes") for _ in range(3)]
    for port in ports:
        await until(lambda port=port: says_pong(port))  # type: ignore[misc]
    await form_a_cluster(ports)
    for port in ports:
        async with Redis(port=port) as node:
            await asked(node, *the_user())
    url = f"redis+cluster://llmq:password@127.0.0.1:{ports[0]}"
    await until(lambda: reaches(url))
    async with connected(url) as redis:
        await play_on(await play(redis), redis)
    findings = await examined(url)
    assert "Cluster of 3 nodes" in findings
    assert "fault" not in findings


async def test_a_backup_is_restored_as_the_document_says(servers: Servers) -> None:
    first = servers.start("--appendfsync", "always")
    await until(lambda: says_pong(first))
    async with connected(f"redis://127.0.0.1:{first}") as redis:
        d = await play(redis)
        await redis.bgsave()
        await until(lambda: has_saved(first))
        await d.hears("bob", f"answer {ANSWER}")
        now = d.now
    servers.kill(first)
    snapshot = servers.folder / str(first) / "dump.rdb"

    # With an append-only file from the start, the snapshot is not looked at.
    hasty = servers.start(port=with_snapshot(servers, snapshot))
    await until(lambda: says_pong(hasty))
    async with Redis(port=hasty) as redis:
        assert await redis.dbsize() == 0

    port = with_snapshot(servers, snapshot)
    servers.start("--appendonly", "no", port=port)
    await until(lambda: says_pong(port))
    async with Redis(port=port, decode_responses=True) as redis:
        await redis.config_set("appendonly", "yes")
        await until(lambda: has_rewritten(port))
        await redis.shutdown(nosave=True)
    servers.running[port].wait()
    servers.start(port=port)
    await until(lambda: says_pong(port))
    async with connected(f"redis://127.0.0.1:{port}") as redis:
        restored = Dialogue(redis, now=now)
        assert "Answered: 1" in await restored.hears("ana", "today")
        assert "Your answer is in." in await restored.hears("bob", f"answer {ANSWER}")
        await restored.says(ADMIN, "reveal")
        await restored.forward(days=1)
        assert len(restored.platform.posts) == 1
        assert "Streak in #practice: 2 days" in await restored.hears("ana", "me")


def with_snapshot(servers: Servers, snapshot: Path) -> int:
    """The port of a server that is to be started beside a snapshot."""
    port = free_port()
    home = servers.folder / str(port)
    home.mkdir()
    shutil.copy(snapshot, home / "dump.rdb")
    return port


async def persistence(port: int) -> dict[str, Any]:
    async with Redis(port=port, decode_responses=True) as redis:
        return await redis.info("persistence")


async def has_saved(port: int) -> bool:
    said = await persistence(port)
    return (said["rdb_bgsave_in_progress"], said["rdb_last_bgsave_status"]) == (0, "ok")


async def has_rewritten(port: int) -> bool:
    said = await persistence(port)
    names = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "aof_last_bgrewrite_status")
    return [said[name] for name in names] == [0, 0, "ok"]


@pytest.mark.bundled
async def test_the_folder_of_the_embedded_server_is_its_backup(data_dir: Path) -> None:
    async with embedded_server(data_dir) as url, connected(url) as redis:
        now = (await play(redis)).now
    copy = data_dir.parent / "copy"
    shutil.copytree(data_dir, copy)
    async with embedded_server(copy) as url, connected(url) as redis:
        assert "Answered: 1" in await Dialogue(redis, now=now).hears("ana", "today")


def series() -> dict[str, set[str]]:
    """The names under which Prometheus has what is counted, each with its labels."""
    own: dict[str, set[str]] = {}
    for counted in vars(metrics).values():
        if isinstance(counted, Counter | Histogram):
            (family,) = counted.describe()
            endings = ("_total",) if isinstance(counted, Counter) else ("_bucket", "_sum", "_count")
            own |= {f"{family.name}{ending}": set(counted._labelnames) for ending in endings}
    others = {one.name: set[str]() for family in REGISTRY.collect() for one in family.samples}
    return {"up": set()} | others | own


def expressions() -> list[str]:
    """Every PromQL expression of the document's alerts and of the dashboard."""
    (rules,) = re.findall(r"```yaml\n(groups:.*?)```", DOCUMENT, re.DOTALL)
    alerts = [rule["expr"] for group in yaml.safe_load(rules)["groups"] for rule in group["rules"]]
    return alerts + [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_an_alert_or_a_panel_asks_only_for_what_is_counted(expression: str) -> None:
    known = series()
    named = re.findall(r"\b((?:llmq|process|python)_\w+|up)\b(?:\{([^}]*)\})?", expression)
    assert named
    for name, selectors in named:
        assert name in known
        for label, value in re.findall(r'(\w+)=~?"([^"]*)"', selectors):
            assert label in known[name] | {"job"}
            assert set(value.split("|")) <= {*EVENTS, *OUTCOMES} or label == "job"
    assert expression.count("(") == expression.count(")")


def test_the_document_has_every_metric_in_its_table() -> None:
    names = (name for name in series() if name.startswith("llmq_"))
    counted = {name.removesuffix("_count") for name in names if name.endswith(("_total", "_count"))}
    assert set(re.findall(r"^\| `(llmq_\w+)` \|", DOCUMENT, re.MULTILINE)) == counted


def test_any_number_of_bots_fit_in_the_compose_file() -> None:
    bot = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["bot"]
    assert not {"container_name", "ports", "network_mode", "hostname"} & bot.keys()
    grace = timedelta(seconds=int(bot["stop_grace_period"].removesuffix("s")))
    # One after another end the web server, Slack's envelopes and later replies, and Discord's interactions.
    assert STOP_WITHIN + HAND_OVER_WITHIN + 4 * timedelta(seconds=STOP_SECONDS) < grace


def test_each_service_of_the_compose_file_is_kept_within_bounds() -> None:
    for service in yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values():
        assert service["mem_limit"]
        assert service["pids_limit"]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
