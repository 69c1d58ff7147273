"""The one way into the core: a request comes in, a reply goes out, and nothing a person does raises."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha1

from redis import RedisError

from bot.commands.admins import check_admin
from bot.commands.answering import WITHDRAW
from bot.commands.log import noted
from bot.commands.parsing import Call, Command, Game
from bot.commands.table import TABLE
from bot.errors import Refusal
from bot.game.answers import ERASED
from bot.game.catalogue import Catalogue
from bot.game.rules import TAKEN_UP_AFTER
from bot.messages import LONGEST_COMMAND, Button, Buttons, Markdown, Message, Quote, Reply, refuse
from bot.metrics import begin_at_zero, command_timed, commands_counted
from bot.quotas import Quotas
from bot.requests import Request, by_name
from bot.store.keys import team_turn
from bot.store.own import Catalogues
from bot.subject import about
from bot.text import clean

log = logging.getLogger(__name__)

# Slack and Discord take an answer within three seconds, the way there and back included.
ANSWER_WITHIN_SECONDS = 2.5
# Most acts arrive within this; only of others it is looked whether their member was erased since.
PROMPT = timedelta(seconds=3)

AWAY = "llmq cannot save or read just now. Try again in a minute; sending twice counts once."
BROKEN = "Something failed in llmq. Try again; if it stays, give whoever runs llmq this code: {code}."


@dataclass(slots=True)
class Called:
    """A request, and the command that it turns out to mean."""

    request: Request
    name: str = "?"


class Bot:
    """Answers requests. `game` is what the commands play with; without quotas any number is answered."""

    def __init__(self, game: Game, quotas: Quotas | None = None) -> None:
        self.game, self._quotas = game, quotas
        self._catalogues = Catalogues(game.store.own, game.catalogue)
        begin_at_zero(("?", *(command.name for command in TABLE.commands)), game.platforms)

    async def handle(self, request: Request) -> Reply:
        """The reply to a request, within two and a half seconds."""
        request, begun = request.printable(), time.perf_counter()
        about(request.channel)
        called, outcome = Called(request), "done"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                if self._quotas and request.thread is None:
                    self._quotas.take(request, self.game.clock())
                if self.is_late(request) and await self.was_erased(request):
                    raise Refusal(ERASED)
                return await self._play(called)
        except Refusal as refusal:
            outcome = "refused"
            return replace(give_back(str(refusal), request, refusal.buttons), field=refusal.field)
        except (RedisError, TimeoutError) as away:
            outcome = "away"
            log.warning("%s in %s: %s", called.name, request.channel.team, type(away).__name__)
            return replace(give_back(AWAY, request), away=True)
        except Exception:
            outcome = "broken"
            code = sha1(request.id.encode()).hexdigest()[:4].upper()
            log.exception("%s in %s failed, code %s", called.name, request.channel.team, code)
            return give_back(BROKEN.format(code=code), request)
        finally:
            log.debug("%s: %s", called.name, outcome)
            commands_counted(called.name, outcome).inc()
            command_timed(called.name).observe(time.perf_counter() - begun)

    async def _play(self, called: Called) -> Reply:
        """Do what is asked, with the team's own questions where these may be needed."""
        command, team = TABLE.named(called.request.text), called.request.channel.team
        if command is None or not command.needs_decks:
            return await self._play_with(self.game.catalogue, called)
        return await self._catalogues.played(team, lambda catalogue: self._play_with(catalogue, called))

    async def _play_with(self, catalogue: Catalogue, called: Called) -> Reply:
        game, request = replace(self.game, catalogue=catalogue), called.request
        command, words = TABLE.parse(request.text, catalogue)
        called.name = command.name
        if command.admin:
            await self._check_may(command, request)
        call = self._call(request, words)
        if command.admin and not command.shows:
            return await noted(game, call, command)
        return await command.handler(game, call)

    async def _check_may(self, command: Command, request: Request) -> None:
        """Raises a refusal unless the asker may do what is for admins."""
        team, member = request.channel.team, request.member.id
        if command.reviewers and await self.game.store.reviewers.has(team, member):
            return
        await check_admin(self.game, request, request.text, of_team=command.of_team)

    async def left(self, team: str) -> None:
        """llmq was taken out of a team: its schedules stop, and all of it goes after a while.

        May raise `redis.RedisError`, and is safe to repeat.
        """
        store, now = self.game.store, self.game.clock()
        # What dies behind the mark is still taken up.
        await store.due.enqueue(team_turn(team), now + TAKEN_UP_AFTER)
        await store.teams.leave(team, now)
        await store.due.enqueue(team_turn(team), now)
        self.game.wake()

    async def returned(self, team: str) -> None:
        """llmq is in a team: where it was taken out before, all goes on as it was."""
        store = self.game.store
        if await store.teams.come_back(team):
            await store.look_at_channels(team, self.game.clock())
            self.game.wake()

    def is_late(self, request: Request) -> bool:
        """Whether an act took so long to arrive that it may be a repeated one."""
        return request.at is not None and self.game.clock() - request.at > PROMPT

    async def was_erased(self, request: Request) -> bool:
        """Whether everything of its member was erased after the act. The scripts know it of their words."""
        at = request.at or self.game.clock()
        return await self.game.store.traces.was_erased(request.channel.team, request.member.id, at)

    def _call(self, request: Request, words: Mapping[str, str]) -> Call:
        typed = request.body if request.body is not None else typed_answer(request.text)
        return Call(request, words, self.game.clock(), TABLE.meant_by(typed, self.game.catalogue))

    async def name_of(self, team: str, member: str) -> str:
        """The name under which a member was seen last; nothing where that cannot be known now."""
        try:
            return await self.game.store.name_of(team, member)
        except RedisError:
            return ""

    def complete(self, typed: str) -> list[str]:
        """What the last word of a half-typed command may become."""
        return TABLE.complete(typed, self.game.catalogue)


def give_back(words: str, request: Request, buttons: Sequence[Button] = ()) -> Message:
    """A refusal; text that was typed for an answer comes back with it, so that it is not lost."""
    typed = request.body if request.body is not None else typed_answer(request.text)
    kept = clean(typed)
    text = (Quote(request.member.name, kept),) if kept else ()
    if request.body is not None and request.thread is None and len(request.text) <= LONGEST_COMMAND:
        # A form has closed by now, where the platform does not keep it open.
        buttons = buttons or (Button("Try again", request.text, primary=True),)
    return refuse(Markdown(words), *text, *((Buttons(tuple(buttons)),) if buttons else ()))


def typed_answer(text: str) -> str:
    """What stands after `answer`, but for words of llmq's own."""
    typed = re.fullmatch(r"\s*answer\s+(@\S+:\d+\s*)?(?P<text>.*)", by_name(text), re.DOTALL | re.IGNORECASE)
    return typed["text"] if typed and not WITHDRAW.fullmatch(typed["text"].strip()) else ""
