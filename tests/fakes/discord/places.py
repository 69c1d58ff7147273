"""Where people talk, and what they said there: channels, threads and messages, as Discord writes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.discord.mentions import mentioned, texts
from tests.fakes.discord.people import Guild, Json, User, written
from tests.fakes.discord.permissions import Overwrite

TEXT, DM, ANNOUNCEMENT, FORUM = 0, 1, 5, 15
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
HAS_THREAD, EPHEMERAL, LOADING, SILENT, COMPONENTS_V2 = 1 << 5, 1 << 6, 1 << 7, 1 << 12, 1 << 15
REQUIRES_TAG = 1 << 4
NORMAL, PINNED, REPLY, FROM_COMMAND = 0, 6, 19, 20


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, a thread with its `parent`, or a DM with its `recipients`."""

    id: str
    kind: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    owner_id: str | None = None
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    changed_at: float = 0.0
    available_tags: list[Json] = field(default_factory=list)
    applied_tags: list[str] = field(default_factory=list)
    flags: int = 0

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    @property
    def posts(self) -> list[Message]:
        """What stands there for all, oldest first."""
        return [message for message in self.messages if not message.deleted]

    @property
    def threads(self) -> list[Channel]:
        return [one for one in (self.guild.channels if self.guild else {}).values() if one.parent is self]

    def find(self, id: str) -> Message | None:
        return next((message for message in self.posts if message.id == id), None)

    def wire(self) -> Json:
        last = self.posts[-1].id if self.posts else None
        own: Json = {"id": self.id, "type": self.kind, "last_message_id": last, "flags": self.flags}
        if self.kind == DM:
            return own | {"recipients": [user.wire() for user in self.recipients]}
        assert self.guild
        own |= {"name": self.name, "guild_id": self.guild.id, "nsfw": False, "rate_limit_per_user": 0}
        own["parent_id"] = self.parent.id if self.parent else None
        return own | (self._of_thread() if self.is_thread else self._of_place())

    def _of_place(self) -> Json:
        both = [(id, one) for id, one in self.overwrites.items()]
        overwrites = [{"id": id, "allow": str(one.allow), "deny": str(one.deny)} for id, one in both]
        for one in overwrites:
            one["type"] = 0 if self.guild and one["id"] in self.guild.roles else 1  # type: ignore[assignment]
        own = {"position": self.position, "topic": self.topic, "permission_overwrites": overwrites}
        forum = {"available_tags": self.available_tags, "default_reaction_emoji": None}
        return own | (forum | {"default_sort_order": None} if self.kind == FORUM else {})

    def _of_thread(self) -> Json:
        state = {"archived": self.archived, "locked": self.locked, "auto_archive_duration": self.auto_archive}
        state["archive_timestamp"] = state["create_timestamp"] = written(self.changed_at)  # type: ignore[assignment]
        count = len([message for message in self.posts if message.id != self.id])
        counts = {"message_count": count, "total_message_sent": count, "member_count": 1}
        tags = {"applied_tags": self.applied_tags}
        return {**counts, **tags, "owner_id": self.owner_id, "thread_metadata": state}


@dataclass(slots=True, eq=False)
class Message:
    """What somebody said. `ephemeral_to` is the one user who sees it, if it is for one alone.

    `pings` are the ids of users and roles, and the crowds, that were notified as it was posted.
    """

    id: str
    channel: Channel
    author: User
    at: float
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    flags: int = 0
    kind: int = NORMAL
    nonce: str | None = None
    reply_to: Message | None = None
    edited_at: float | None = None
    pings: tuple[str, ...] = ()
    reactions: dict[str, list[str]] = field(default_factory=dict)
    thread: Channel | None = None
    ephemeral_to: User | None = None
    asked_by: Json | None = None
    application_id: str | None = None
    deleted: bool = False
    pinned: bool = False

    @property
    def text(self) -> str:
        """All that it says, in the order in which it stands there."""
        return "\n".join(text for text in texts(self.content, self.components) if text)

    @property
    def loading(self) -> bool:
        """Whether it still says that the app is thinking."""
        return bool(self.flags & LOADING)

    @property
    def silent(self) -> bool:
        """Whether it was sent without a sound or a notification."""
        return bool(self.flags & SILENT)

    @property
    def layout(self) -> bool:
        """Whether it is made of components alone."""
        return bool(self.flags & COMPONENTS_V2)

    def wire(self, viewer: str) -> Json:
        """As REST tells it. Events add the guild and the member."""
        users, roles, crowds = mentioned(self)
        own: Json = {"id": self.id, "channel_id": self.channel.id, "type": self.kind, "content": self.content}
        own |= {"author": self.author.wire(), "embeds": self.embeds, "components": self.components}
        own |= {"attachments": self.attachments, "flags": self.flags | (HAS_THREAD if self.thread else 0)}
        own |= {"timestamp": written(self.at), "edited_timestamp": written(self.edited_at)}
        own |= {"mention_everyone": bool(crowds) and set(self.pings) & {"@everyone", "@here"} != set()}
        own |= {
            "mentions": self._mentions(users),
            "mention_roles": roles,
            "tts": False,
            "pinned": self.pinned,
        }
        optional: Json = {"nonce": self.nonce, "thread": self.thread and self.thread.wire()}
        optional |= {"interaction_metadata": self.asked_by, "application_id": self.application_id}
        optional |= {"webhook_id": self.application_id, "reactions": self._reactions(viewer)}
        own |= {name: value for name, value in optional.items() if value}
        return own | (self._reply(viewer) if self.reply_to else {})

    def _mentions(self, ids: list[str]) -> list[Json]:
        """A reply mentions whom it answers, if it pings them."""
        guild = self.channel.guild
        everyone = [one.user for one in guild.members.values()] if guild else self.channel.recipients
        replied = {self.reply_to.author.id} & set(self.pings) if self.reply_to else set()
        return [user.wire() for user in everyone if user.id in {*ids, *replied}]

    def _reactions(self, viewer: str) -> list[Json]:
        details = {"burst_count": 0, "burst_me": False, "burst_colors": [], "me_burst": False}
        return [
            {
                **details,
                "emoji": {"id": None, "name": name},
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "me": viewer in users,
            }
            for name, users in self.reactions.items()
            if users
        ]

    def _reply(self, viewer: str) -> Json:
        assert self.reply_to
        place = {"type": 0, "channel_id": self.channel.id, "message_id": self.reply_to.id}
        if self.channel.guild:
            place["guild_id"] = self.channel.guild.id
        gone = self.reply_to.deleted
        return {
            "message_reference": place,
            "referenced_message": None if gone else self.reply_to.wire(viewer),
        }
