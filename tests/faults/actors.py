"""Processes that take members' acts in, one a line, and are killed before or after they are stored."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from typing import Any

from bot import bot as bot_module
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.game.schedule import from_ms
from bot.requests import Channel, Member, Request, ThreadMessage
from bot.store.store import Store
from llmq.redis import clients
from llmq.redis.connection import connected
from tests.dialogue import Recorder, ten_questions


def request_of(act: dict[str, Any], place: Channel) -> Request:
    """An act as a platform tells it."""
    thread = None
    if "message" in act:
        thread = ThreadMessage(act["question"], act["message"], from_ms(act["created"]))
    member, at = Member(act["who"], act["who"].title()), from_ms(act["at"])
    return Request(act["id"], place, member, act["text"], act["body"], at, thread)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def serve(url: str) -> None:
    """Take in what comes, and say its id once it is done; die where the line says so."""
    async with connected(url) as redis:
        store, now = Store(redis), from_ms(0)
        platforms = {"console": Recorder()}
        bot = Bot(Game(store, ten_questions(), lambda: now, random.Random(1), platforms, lambda: None))
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = json.loads(line)
            now = from_ms(told["now"])
            if told["dies"] == "before":
                die()
            await bot.handle(request_of(told["act"], Channel(told["team"], told["channel"])))
            if told["dies"] == "after":
                die()
            sys.stdout.write(f"{told['act']['id']}\n")
            sys.stdout.flush()


def main(url: str) -> None:
    """One process after another, each in the place of one that was killed."""
    while True:
        child = os.fork()
        if child == 0:
            asyncio.run(serve(url))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != -signal.SIGKILL:
            sys.exit(status)
        sys.stdout.write("killed\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # A busy machine is no fault.
    bot_module.ANSWER_WITHIN_SECONDS = clients.ANSWER_SECONDS = 30.0
    main(sys.argv[1])
