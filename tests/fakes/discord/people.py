"""Who is in a guild: users, roles and memberships, and how Discord writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.permissions import EVERYONE

if TYPE_CHECKING:
    from tests.fakes.discord.places import Channel

Json = dict[str, Any]


def written(at: float | None) -> str | None:
    """A moment as Discord writes it."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot. Who closes their DMs gets none from us."""

    id: str
    name: str
    global_name: str | None = None
    bot: bool = False
    dms_open: bool = True
    locale: str = "en-GB"

    def wire(self) -> Json:
        named = {"id": self.id, "username": self.name, "global_name": self.global_name}
        return {**named, "discriminator": "0", "avatar": None, "bot": self.bot, "public_flags": 0}


@dataclass(slots=True, eq=False)
class Role:
    """What several members may do. `bot_id` marks the role that came with a bot."""

    id: str
    name: str
    permissions: int = 0
    position: int = 1
    mentionable: bool = False
    bot_id: str | None = None

    def wire(self) -> Json:
        plain = {"color": 0, "hoist": False, "icon": None, "unicode_emoji": None, "flags": 0}
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        tags = {"tags": {"bot_id": self.bot_id}} if self.bot_id else {}
        own = {"id": self.id, "name": self.name, "permissions": str(self.permissions)}
        return {
            **plain,
            **own,
            **tags,
            "colors": colors,
            "position": self.position,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
        }


@dataclass(slots=True, eq=False)
class Membership:
    """A user in a guild."""

    user: User
    joined_at: float
    nick: str | None = None
    roles: list[Role] = field(default_factory=list)

    @property
    def display_name(self) -> str:
        return self.nick or self.user.global_name or self.user.name

    def wire(self, with_user: bool = True) -> Json:
        """In a message, the author stands beside it: there the member comes without the user."""
        own = {"nick": self.nick, "roles": [role.id for role in self.roles], "avatar": None, "flags": 0}
        rest = {"joined_at": written(self.joined_at), "deaf": False, "mute": False, "pending": False}
        return {**own, **rest, "premium_since": None} | ({"user": self.user.wire()} if with_user else {})


@dataclass(slots=True, eq=False)
class Guild:
    """A server: its people, its roles, and its channels with their threads."""

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    unavailable: bool = False
    locale: str = "en-GB"
    # Which commands the guild's settings of the integration show to whom, whatever the command itself says.
    shown: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.roles[self.id] = Role(self.id, "@everyone", EVERYONE, position=0)

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    def wire(self) -> Json:
        """As GET /guilds tells it."""
        plain: Json = {
            "icon": None,
            "splash": None,
            "features": [],
            "emojis": [],
            "stickers": [],
            "afk_timeout": 300,
        }
        levels = dict.fromkeys(("verification_level", "mfa_level", "nsfw_level", "premium_tier"), 0)
        quiet = {"default_message_notifications": 0, "explicit_content_filter": 0, "system_channel_flags": 0}
        own = {"id": self.id, "name": self.name, "owner_id": self.owner_id, "preferred_locale": self.locale}
        return {**plain, **levels, **quiet, **own, "roles": [role.wire() for role in self.roles.values()]}

    def created(self, seen: list[Membership]) -> Json:
        """As GUILD_CREATE tells it; without the members intent, the bot hears of itself alone."""
        places = [one for one in self.channels.values() if not one.is_thread]
        threads = [one for one in self.channels.values() if one.is_thread and not one.archived]
        quiet: Json = {"voice_states": [], "presences": [], "stage_instances": [], "large": False}
        return {
            **self.wire(),
            **quiet,
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "member_count": len(self.members),
            "members": [one.wire() for one in seen],
            "channels": [one.wire() for one in places],
            "threads": [one.wire() for one in threads],
        }
