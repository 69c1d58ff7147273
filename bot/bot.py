"""The one way into the core: a request comes in, a reply goes out, and nothing a person does raises."""

from __future__ import annotations

import asyncio
import logging
import re
import time

from redis import RedisError

from bot.commands.parsing import Call, Command, Game
from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.messages import Markdown, Message, Quote, Reply, refuse
from bot.metrics import begin_at_zero, command_timed, commands_counted
from bot.platform import Platform
from bot.requests import Request
from bot.subject import about
from bot.text import clean

log = logging.getLogger(__name__)

# Slack and Discord take an answer within three seconds, the way there and back included.
ANSWER_WITHIN_SECONDS = 2.5
ASK_PLATFORM_SECONDS = 1.5

NOT_ADMIN = (
    "Only an admin of this channel may use `{command}`. Ask one, "
    "or see `/llmq help` for what everyone can do."
)
AWAY = (
    "llmq cannot reach its memory in time just now, or may not write to it. "
    "Try again in a minute; an answer that is sent twice counts once."
)
ADMIN_UNKNOWN = (
    "The platform did not say in time whether you are an admin here, so nothing was done. "
    "Try again in a minute."
)
BROKEN = (
    "Something went wrong inside llmq, and it has been logged. "
    "Try again; if it stays, tell whoever runs llmq."
)


class Bot:
    """Answers requests. `game` is what the commands play with."""

    def __init__(self, game: Game) -> None:
        self.game = game
        begin_at_zero(("?", *(command.name for command in TABLE.commands)), game.platforms)

    async def handle(self, request: Request) -> Reply:
        """The reply to a request, within two and a half seconds."""
        request, begun = request.printable(), time.perf_counter()
        about(request.channel)
        name, outcome = "?", "done"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                command, words = TABLE.parse(request.text, self.game.catalogue)
                name = command.name
                await self._check_admin(command, request)
                return await command.handler(self.game, Call(request, words, self.game.clock()))
        except Refusal as refusal:
            outcome = "refused"
            return give_back(str(refusal), request)
        except (RedisError, TimeoutError) as away:
            outcome = "away"
            log.warning("%s in %s: %s", name, request.channel.team, type(away).__name__)
            return give_back(AWAY, request)
        except Exception:
            outcome = "broken"
            log.exception("%s in %s failed", name, request.channel.team)
            return give_back(BROKEN, request)
        finally:
            log.debug("%s: %s", name, outcome)
            commands_counted(name, outcome).inc()
            command_timed(name).observe(time.perf_counter() - begun)

    async def _check_admin(self, command: Command, request: Request) -> None:
        platform = self.game.platforms[request.channel.platform]
        if command.admin and not await is_admin(platform, request):
            raise Refusal(NOT_ADMIN.format(command=f"/llmq {command.name}"))

    def complete(self, typed: str) -> list[str]:
        """What the last word of a half-typed command may become."""
        return TABLE.complete(typed, self.game.catalogue)


async def is_admin(platform: Platform, request: Request) -> bool:
    """Ask the platform, but no longer than leaves time to do what an admin asks for."""
    try:
        async with asyncio.timeout(ASK_PLATFORM_SECONDS):
            return await platform.is_admin(request.channel, request.member)
    except TimeoutError:
        raise Refusal(ADMIN_UNKNOWN) from None


def give_back(words: str, request: Request) -> Message:
    """A refusal; text that was typed for an answer comes back with it, so that it is not lost."""
    typed = request.body if request.body is not None else typed_answer(request.text)
    kept = clean(typed)
    return refuse(Markdown(words), *((Quote(request.member.name, kept),) if kept else ()))


def typed_answer(text: str) -> str:
    """What stands after `answer`, but for words of llmq's own."""
    typed = re.fullmatch(r"\s*answer\s+(@\S+\s*)?(?P<text>.*)", text, re.DOTALL | re.IGNORECASE)
    return typed["text"] if typed and typed["text"].strip().casefold() != "withdraw" else ""
