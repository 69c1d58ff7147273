"""The one way into the core: a request comes in, a reply goes out, and nothing a person does raises."""

from __future__ import annotations

import asyncio
import logging

from redis import RedisError

from bot.commands import Call, Command, Game
from bot.errors import Refusal
from bot.messages import Markdown, Message, Quote, Reply, refuse
from bot.requests import Request
from bot.table import TABLE
from bot.text import clean

log = logging.getLogger(__name__)

# Slack and Discord take an answer within three seconds, the way there and back included.
ANSWER_WITHIN_SECONDS = 2.5

NOT_ADMIN = (
    "Only an admin of this channel may use `{command}`. Ask one, "
    "or see `/llmq help` for what everyone can do."
)
AWAY = (
    "llmq cannot reach its memory just now, or may not write to it. "
    "Try again in a minute; what is sent twice counts once."
)
BROKEN = (
    "Something went wrong inside llmq, and it has been logged. "
    "Try again; if it stays, tell whoever runs llmq."
)


class Bot:
    """Answers requests. `game` is what the commands play with."""

    def __init__(self, game: Game) -> None:
        self.game = game

    async def handle(self, request: Request) -> Reply:
        """The reply to a request, within two and a half seconds."""
        request, name = request.printable(), "?"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                command, words = TABLE.parse(request.text, self.game.catalogue)
                name = command.name
                await self._check_admin(command, request)
                return await command.handler(self.game, Call(request, words, self.game.clock()))
        except Refusal as refusal:
            return give_back(str(refusal), request)
        except (RedisError, TimeoutError) as away:
            log.warning("%s in %s: %s", name, request.channel.team, type(away).__name__)
            return give_back(AWAY, request)
        except Exception:
            log.exception("%s in %s failed", name, request.channel.team)
            return give_back(BROKEN, request)

    async def _check_admin(self, command: Command, request: Request) -> None:
        platform = self.game.platforms[request.channel.platform]
        if command.admin and not await platform.is_admin(request.channel, request.member):
            raise Refusal(NOT_ADMIN.format(command=f"/llmq {command.name}"))

    def complete(self, typed: str) -> list[str]:
        """What the last word of a half-typed command may become."""
        return TABLE.complete(typed, self.game.catalogue)


def give_back(words: str, request: Request) -> Message:
    """A refusal; text that was typed for an answer comes back with it, so that it is not lost."""
    typed = request.body if request.body is not None else typed_answer(request.text)
    kept = clean(typed)
    return refuse(Markdown(words), *((Quote(request.member.name, kept),) if kept else ()))


def typed_answer(text: str) -> str:
    first, *rest = text.split(maxsplit=1) or [""]
    return rest[0] if rest and first.casefold() == "answer" else ""
