"""What is configured, what works, and what to do about the rest."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

from redis.asyncio import Redis

from bot.clients import kind_of
from bot.connection import Server, connected, describe, open_redis
from bot.embedded import answers, socket_path
from bot.errors import Refusal
from bot.settings import Settings
from content.checking import load_decks, reviews_due
from content.reading import SHIPPED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; a warning or a fault says what to do."""

    mark: Literal["ok", "warn", "fault"]
    text: str

    def __str__(self) -> str:
        return f"{self.mark:<6}{self.text}"


async def examine(settings: Settings, today: date) -> list[Finding]:
    """Look at settings, data folder, Redis and decks."""
    return [
        configured(settings),
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
    try:
        async with reach(settings) as client:
            server = await describe(client)
    except Refusal as refusal:
        yield Finding("fault", str(refusal))
        return
    for finding in server_findings(server, settings):
        yield finding


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


def server_findings(server: Server, settings: Settings) -> Iterator[Finding]:
    """What to know of the server: version, persistence, eviction."""
    url = settings.redis_url
    kind = f"LLMQ_REDIS_URL, {kind_of(url.get_secret_value())}" if url else "embedded"
    yield Finding("ok", f"Redis ({kind}): {server.name} {server.version}")
    if server.persistence == "append-only file":
        yield Finding("ok", f"persistence: {server.persistence}")
    else:
        words = f"persistence: {server.persistence}. Set `appendonly yes`, so that no answer is lost"
        yield Finding("warn", words)
    if server.eviction == "noeviction":
        yield Finding("ok", f"eviction: {server.eviction}")
    else:
        words = f"eviction: {server.eviction} may drop answers. Set `maxmemory-policy noeviction`"
        yield Finding("warn", words)


def decks_findings(settings: Settings, today: date) -> Iterator[Finding]:
    decks, fatal = load_decks((SHIPPED, *settings.decks))
    for fault in fatal:
        yield Finding("fault", str(fault))
    if not fatal:
        count = sum(len(deck.questions) for deck in decks)
        yield Finding("ok", f"questions: {count} in {', '.join(deck.id for deck in decks)}")
    for fault in reviews_due(decks, today):
        yield Finding("warn", str(fault))
