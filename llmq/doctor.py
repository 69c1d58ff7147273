"""What is configured, what works, and what to do about the rest."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from redis.asyncio import Redis

from bot.errors import Refusal
from bot.platform import Finding
from content.checking import load_decks, reviews_due
from content.reading import SHIPPED
from llmq.redis.clients import kind_of
from llmq.redis.connection import Server, connected, describe_all, open_redis
from llmq.redis.embedded import answers, socket_path
from llmq.settings import Settings, unknown_names


async def examine(settings: Settings, today: date) -> list[Finding]:
    """Look at settings, data folder, Redis and decks."""
    return [
        configured(settings),
        *(Finding("warn", f"settings: {sentence}") for sentence in unknown_names()),
        *data_folder(settings),
        *[finding async for finding in redis_findings(settings)],
        *decks_findings(settings, today),
    ]


def configured(settings: Settings) -> Finding:
    names = sorted(f"LLMQ_{name.upper()}" for name in settings.model_fields_set)
    return Finding("ok", f"settings: {', '.join(names) or 'all defaults'}")


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder, or the nearest folder above it, can be written."""
    folder = settings.data_dir
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        yield Finding("ok", f"data folder: {folder}")
    else:
        yield Finding("fault", f"data folder {folder} cannot be written: allow it, or set LLMQ_DATA_DIR")


async def redis_findings(settings: Settings) -> AsyncIterator[Finding]:
    """What to know of the server, or of all nodes of a cluster; what holds for some names them."""
    try:
        async with reach(settings) as client:
            servers = await describe_all(client)
    except Refusal as refusal:
        yield Finding("fault", str(refusal))
        return
    found: dict[Finding, list[str]] = {}
    for node, server in servers.items():
        for finding in server_findings(server, place_of(settings, len(servers))):
            found.setdefault(finding, []).append(node)
    for finding, nodes in found.items():
        where = f"{', '.join(nodes)}: " if len(nodes) < len(servers) else ""
        yield replace(finding, text=f"{where}{finding.text}")


def place_of(settings: Settings, count: int) -> str:
    """Which server that is."""
    if settings.redis_url is None:
        return "embedded"
    kind = kind_of(settings.redis_url.get_secret_value())
    return f"LLMQ_REDIS_URL, {kind}{f' of {count} nodes' if kind == 'Cluster' else ''}"


@asynccontextmanager
async def reach(settings: Settings) -> AsyncIterator[Redis]:
    """The configured server; the embedded one of a running llmq is asked where it is."""
    socket = socket_path(settings.data_dir)
    if settings.redis_url is None and socket.exists() and await answers(socket):
        async with connected(f"unix://{socket}") as client:
            yield client
    else:
        async with open_redis(settings) as client:
            yield client


def server_findings(server: Server, place: str) -> Iterator[Finding]:
    """What to know of a server: version, persistence, eviction."""
    yield Finding("ok", f"Redis ({place}): {server.name} {server.version}")
    match server.persistence, server.sync:
        case "append-only file", "no":
            yield Finding("warn", "persistence: append-only file, synced at some time. " + SYNC)
        case "append-only file", sync:
            yield Finding("ok", f"persistence: append-only file{SYNCED.get(sync, '')}")
        case other, _:
            words = f"persistence: {other}. Set `appendonly yes`, so that no answer is lost"
            yield Finding("warn", words)
    if not server.saved:
        yield Finding("warn", "persistence: the last write to the disk failed. The server's log says why")
    if server.eviction == "noeviction":
        yield Finding("ok", "eviction: noeviction")
    else:
        drops = next((words for kind, words in DROPS.items() if server.eviction.startswith(kind)), NOT_KNOWN)
        yield Finding("warn", f"eviction: {server.eviction} {drops}. Set `maxmemory-policy noeviction`")


SYNC = "Set `appendfsync everysec`, or `always` to lose no answer at all"
SYNCED = {
    "always": ", synced with each write",
    "everysec": ", synced each second: a power cut costs a second's answers, with `appendfsync always` none",
}
# With an expiry are, of llmq's keys: closed rounds and their answers, boards, and which message asks what.
DROPS = {
    "volatile": "may drop boards, past rounds and what a reply answers when memory is full",
    "allkeys": "may drop anything, schedules and streaks too, when memory is full",
}
NOT_KNOWN = "may drop keys when memory is full"


def decks_findings(settings: Settings, today: date) -> Iterator[Finding]:
    decks, fatal = load_decks((SHIPPED, *settings.decks))
    for fault in fatal:
        yield Finding("fault", str(fault))
    if not fatal:
        count = sum(len(deck.questions) for deck in decks)
        yield Finding("ok", f"questions: {count} in {', '.join(deck.id for deck in decks)}")
    for fault in reviews_due(decks, today):
        yield Finding("warn", str(fault))
