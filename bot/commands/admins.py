"""Who may administer llmq in a channel. What a platform could not say is not taken for a no."""

from __future__ import annotations

import asyncio
from typing import assert_never

from bot.commands.parsing import Game
from bot.errors import Refusal
from bot.messages import LONGEST_COMMAND, Button
from bot.requests import Request

ASK_PLATFORM_SECONDS = 1.5
ASK_TO_SHOW_SECONDS = 0.8

NOT_OF_TEAM = "This holds for the whole team, so it is for the admins of the workspace, not of one channel."
NOT_ADMIN = "Only admins of this channel can do this. `/llmq help` shows what everyone can do."
OUTSIDE = "llmq is not in this channel and cannot see its admins. Type `/invite @llmq` here, then try again."
UNKNOWN = "The platform did not say whether you are an admin; nothing was changed. Try again in a minute."


async def check_admin(game: Game, request: Request, command: str, *, of_team: bool = False) -> None:
    """Raises a refusal unless the asker was named an admin, or the platform says in time that it is one."""
    if await game.store.admins.has(request.channel.team, request.member.id):
        return
    platform = game.platforms[request.channel.platform]
    again = (Button("Try again", command),) if command and len(command) <= LONGEST_COMMAND else ()
    try:
        async with asyncio.timeout(ASK_PLATFORM_SECONDS):
            status = await platform.admin_status(request.channel, request.member)
    except TimeoutError:
        raise Refusal(UNKNOWN, *again) from None
    match status:
        case "admin":
            return
        case "channel":
            if of_team:
                raise Refusal(NOT_OF_TEAM)
        case "member":
            raise Refusal(NOT_ADMIN)
        case "outside":
            raise Refusal(OUTSIDE, *again)
        case "unknown":
            raise Refusal(UNKNOWN, *again)
        case _:
            assert_never(status)


async def seems_admin(game: Game, request: Request) -> bool:
    """Whether the asker is found in time to be an admin: for what is shown, not what is done."""
    platform = game.platforms[request.channel.platform]
    if await game.store.admins.has(request.channel.team, request.member.id):
        return True
    try:
        async with asyncio.timeout(ASK_TO_SHOW_SECONDS):
            return await platform.admin_status(request.channel, request.member) in ("admin", "channel")
    except TimeoutError:
        return False
