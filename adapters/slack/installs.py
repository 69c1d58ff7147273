"""The workspaces that have installed the app, each with its token, which Redis holds encrypted."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from redis.asyncio import Redis
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.errors import Refusal
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts

log = logging.getLogger(__name__)

INSTALLED = "llmq:{installed}"
# Slack gives somebody who installs the app so long to agree.
STATE_SECONDS = 600
STATE = b"an installation that was begun here"
WRITTEN = re.compile(r"[\w-]+", re.ASCII)
# A token that was not renewed is tried again after so many seconds; far more than Slack takes for it.
RENEWED_AGAIN_AFTER = 60
FOLDER = files("adapters.slack") / "lua"
NO_KEY = (
    "LLMQ_SECRET_KEY should be a key that `llmq slack key` prints, "
    "or several separated by commas, the newest first."
)
NOT_OPENED = (
    "LLMQ_SECRET_KEY does not open the token of workspace %s: add its key of before, or install again"
)
ORGANISATION = "llmq is installed in one workspace at a time, not in a whole organisation"


def cipher_of(keys: str) -> MultiFernet:
    """The newest key closes, all open. Raises a refusal that names no key."""
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
    except ValueError:
        raise Refusal(NO_KEY) from None


class Installs(AsyncInstallationStore):
    """Every method may raise `redis.RedisError`. What stands in Redis names the app's bot and no member."""

    def __init__(self, redis: Redis, cipher: MultiFernet) -> None:
        self._redis, self._cipher = redis, cipher
        self._scripts = Scripts(redis, FOLDER)

    async def async_save(self, installation: Installation) -> None:
        """Raises BoltError for an installation in a whole organisation, or one without a bot."""
        if installation.is_enterprise_install or not installation.team_id or not installation.bot_token:
            raise BoltError(ORGANISATION)
        # First, so that a process that dies in between leaves out no workspace.
        await self._redis.sadd(INSTALLED, installation.team_id)
        await self._redis.set(key_of(installation.team_id), self.closed(installation.to_bot()))

    def closed(self, bot: Bot) -> str:
        """An installation as Redis holds it."""
        words = json.dumps(bot.to_dict_for_copying(), default=datetime.isoformat)
        return self._cipher.encrypt(words.encode()).decode()

    async def sealed(self, team: str) -> str | None:
        """What is kept of a workspace, closed; another installation is another text."""
        return cast(str | None, await self._redis.get(key_of(team)))

    def opened(self, team: str, sealed: str) -> Bot | None:
        """What is kept of a workspace; None, and a line in the log, where no key opens it."""
        try:
            told: dict[str, Any] = json.loads(self._cipher.decrypt(sealed))
        except InvalidToken:
            log.error(NOT_OPENED, team)
            return None
        # A text that was moved from another workspace's key opens nothing.
        return Bot(**told) if told["team_id"] == team else None

    async def find(self, team: str) -> Bot | None:
        """The workspace's installation, if there is one that can be opened."""
        sealed = await self.sealed(team)
        return self.opened(team, sealed) if sealed else None

    async def renew(self, team: str, sealed: str, bot: Bot) -> None:
        """Give an installation another token, unless the app was installed anew meanwhile."""
        await self._scripts.run("replace", key_of(team), sealed, self.closed(bot))

    async def forget(self, team: str, sealed: str) -> bool:
        """Forget an installation. False if the app was installed anew meanwhile."""
        if not await self._scripts.run("replace", key_of(team), sealed, ""):
            return False
        await self._redis.srem(INSTALLED, team)
        if await self.sealed(team):
            await self._redis.sadd(INSTALLED, team)
        return True

    async def teams(self) -> list[str]:
        """The ids of all workspaces that have installed the app."""
        return sorted(cast(set[str], await self._redis.smembers(INSTALLED)))

    async def may_renew(self, team: str) -> bool:
        """Whether this process is the one to renew the workspace's token, which is done once."""
        turn = await self._redis.set(f"{key_of(team)}:turn", "", nx=True, ex=RENEWED_AGAIN_AFTER)
        return bool(turn)


class States(AsyncOAuthStateStore):
    """What Slack brings back from an installation that was begun here: each is good once, for ten minutes.

    A state is a sealed moment, so that opening the page stores nothing, however often it is done.
    """

    def __init__(self, redis: Redis, cipher: MultiFernet, now: Callable[[], float]) -> None:
        self._redis, self._cipher, self._now = redis, cipher, now

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        sealed = self._cipher.encrypt_at_time(STATE, int(self._now())).decode()
        # A cookie may not hold what it ends with.
        return sealed.rstrip("=")

    async def async_consume(self, state: str) -> bool:
        if not WRITTEN.fullmatch(state):
            # What reads a state passes over other signs, so that one could be written in many ways.
            return False
        sealed = state + "=" * (-len(state) % 4)
        try:
            opened = self._cipher.decrypt_at_time(sealed, STATE_SECONDS, int(self._now()))
        except InvalidToken:
            return False
        used = state_key(sha256(sealed.encode()).hexdigest())
        return opened == STATE and bool(await self._redis.set(used, "", nx=True, ex=STATE_SECONDS))


def key_of(team: str) -> str:
    return f"{team_prefix(f'slack:{team}')}:install"


def state_key(digest: str) -> str:
    return f"llmq:{{installing:{digest}}}"
