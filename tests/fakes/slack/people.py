"""Who is in a workspace, and where they talk: users, channels, messages and open views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.mentions import pings_of

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot. `views` is the stack of open modals, the top one last."""

    id: str
    name: str
    team: str
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    tz: str = "Europe/London"
    display_name: str = ""
    views: list[View] = field(default_factory=list)
    home: View | None = None

    def wire(self) -> Json:
        """As users.info tells it."""
        profile = {"real_name": self.name, "display_name": self.display_name, "team": self.team}
        flags = {"is_admin": self.is_admin, "is_owner": self.is_owner, "is_bot": self.is_bot}
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name,
            "deleted": self.deleted,
            "tz": self.tz,
            "profile": profile,
            **flags,
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A place to talk. `kind` is channel, group (private) or im; `members` are user ids."""

    id: str
    name: str
    team: str
    kind: str = "channel"
    creator: str = ""
    archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)

    def wire(self, viewer: str) -> Json:
        """As conversations.info tells it to a bot."""
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.kind == "im",
            "is_private": self.kind != "channel",
            "is_archived": self.archived,
            "is_member": viewer in self.members,
            "creator": self.creator,
            "context_team_id": self.team,
        }

    def find(self, ts: str) -> Message | None:
        return next((message for message in self.messages if message.ts == ts), None)

    def thread(self, ts: str) -> list[Message]:
        """The replies in a thread, oldest first."""
        return [message for message in self.messages if message.thread_ts == ts and message.ts != ts]

    @property
    def posts(self) -> list[Message]:
        """What stands in the channel itself, oldest first; replies stand in their threads."""
        return [message for message in self.messages if message.at_top]


@dataclass(slots=True, eq=False)
class Message:
    """What somebody said. `ephemeral_to` is the one user who sees it, if it is for one alone."""

    channel: Channel
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)
    edited: Json | None = None
    ephemeral_to: str | None = None
    links_names: bool = False
    deleted: bool = False

    @property
    def at_top(self) -> bool:
        return self.thread_ts in (None, self.ts) or self.subtype == "thread_broadcast"

    @property
    def pings(self) -> tuple[str, ...]:
        """Whom and what it would mention, notify or link to, of people and channels."""
        return pings_of(self.text, self.blocks, self.links_names)

    @property
    def replies(self) -> list[Message]:
        return self.channel.thread(self.ts)

    def wire(self, with_metadata: bool = True) -> Json:
        """As history and events tell it; a caller that did not ask for metadata gets its type alone."""
        native: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        optional = {
            "team": self.channel.team,
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "blocks": self.blocks,
            "files": self.files,
            "edited": self.edited,
            "reactions": [{"name": n, "users": u, "count": len(u)} for n, u in self.reactions.items()],
            "metadata": self.metadata if with_metadata else self.metadata and self._type_of_metadata(),
        }
        native |= {name: value for name, value in optional.items() if value}
        return native | self._thread_fields()

    def _type_of_metadata(self) -> Json:
        return {"event_type": (self.metadata or {}).get("event_type")}

    def _thread_fields(self) -> Json:
        if self.thread_ts and self.thread_ts != self.ts:
            parent = self.channel.find(self.thread_ts)
            return {"thread_ts": self.thread_ts} | ({"parent_user_id": parent.user} if parent else {})
        if replies := self.replies:
            users = sorted({reply.user for reply in replies})
            counts = {"reply_count": len(replies), "reply_users": users, "latest_reply": replies[-1].ts}
            return {"thread_ts": self.ts, **counts}
        return {}


@dataclass(slots=True, eq=False)
class View:
    """A modal or an App Home. `typed` is what stands in its fields, by block id and action id."""

    id: str
    user: User
    payload: Json
    hash: str
    root: str = ""
    previous: str | None = None
    is_open: bool = True
    typed: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload["blocks"])

    def wire(self, bot_id: str, app_id: str) -> Json:
        """As interactions and views.* tell it."""
        defaults = {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "submit": None,
            "close": None,
        }
        own = {
            "id": self.id,
            "team_id": self.user.team,
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous,
            "app_id": app_id,
            "bot_id": bot_id,
            "state": {"values": self.state()},
        }
        return defaults | self.payload | own

    def value(self, key: tuple[str, str], element: Json) -> Json:
        """What stands in one field: words, or the option that is chosen."""
        if element["type"] == "plain_text_input":
            return {"value": self.typed.get(key, element.get("initial_value"))}
        if key not in self.typed:
            return {"selected_option": element.get("initial_option")}
        option = next(one for one in element["options"] if one["value"] == self.typed[key])
        return {"selected_option": option}

    def state(self) -> Json:
        """What stands in the fields, as Slack sends it."""
        values: Json = {}
        for block in self.blocks:
            if block["type"] == "input":
                element = block["element"]
                key = (block["block_id"], element["action_id"])
                values[key[0]] = {key[1]: {"type": element["type"], **self.value(key, element)}}
        return values
