"""The endpoints for the app itself, for guilds, and for the people in them."""

from __future__ import annotations

from tests.fakes.discord.call import Here
from tests.fakes.discord.errors import refused
from tests.fakes.discord.people import Json
from tests.fakes.discord.schema import shape, snowflake

# So long do 1000 starts of a session have to last, in milliseconds.
A_DAY = 86_400_000
HAS_ALL_INTENTS = 1 << 12 | 1 << 14 | 1 << 18


def me(here: Here) -> Json:
    return here.world.bot.wire() | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0}


def mine(here: Here) -> list[Json]:
    """The guilds that the bot is in, without what is in them."""
    told = ("id", "name", "icon", "features")
    found = [guild.wire() for guild in here.world.guilds.values() if here.world.has_bot(guild)]
    return [{name: guild[name] for name in told} | {"owner": False, "permissions": "0"} for guild in found]


def application(here: Here) -> Json:
    owner = {"id": here.world.bot.id, "username": "team", "discriminator": "0", "avatar": None}
    plain: Json = {"description": "", "icon": None, "verify_key": "0" * 64, "summary": ""}
    own = {"id": here.world.app_id, "name": here.world.app.name, "owner": owner, "flags": HAS_ALL_INTENTS}
    return {**plain, **own, "bot_public": True, "bot_require_code_grant": False}


def gateway(here: Here) -> Json:
    return {"url": here.world.url.replace("http", "ws", 1) + "/gateway"}


def gateway_bot(here: Here) -> Json:
    app = here.world.app
    limit = {"total": 1000, "remaining": app.session_starts, "reset_after": A_DAY}
    return {
        **gateway(here),
        "shards": app.shards,
        "session_start_limit": {**limit, "max_concurrency": app.max_concurrency},
    }


def get(here: Here) -> Json:
    return here.guild().wire()


def member(here: Here) -> Json:
    found = here.guild().members.get(here.names["user"])
    if not found:
        raise refused("unknown_member" if here.names["user"] in here.world.users else "unknown_user")
    return found.wire()


def roles(here: Here) -> list[Json]:
    return [role.wire() for role in here.guild().roles.values()]


def channels(here: Here) -> list[Json]:
    """All that stand in the list of channels; threads do not."""
    return [one.wire() for one in here.guild().channels.values() if not one.is_thread]


def user(here: Here) -> Json:
    found = here.world.users.get(here.names["user"])
    if not found:
        raise refused("unknown_user")
    return found.wire()


def open_dm(here: Here) -> Json:
    """POST /users/@me/channels. Whether the person lets us in is told as we speak, not here."""
    here.fits(shape({"recipient_id": snowflake}))
    found = here.world.users.get(str(here.body["recipient_id"]))
    if not found:
        raise refused("unknown_user")
    dm = here.world.open_dm(found)
    return dm.wire() | {"recipients": [found.wire()]}
