"""Something that a person did and an app is to answer: how long it may take, and what it has answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.discord.people import Json, User
from tests.fakes.discord.places import Channel, Message

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
ANSWER_SECONDS, TOKEN_SECONDS = 3.0, 900.0


@dataclass(slots=True, eq=False)
class Modal:
    """A form that is open before a person. `components` are as the app sent them."""

    payload: Json
    opened_by: Interaction
    is_open: bool = True

    @property
    def custom_id(self) -> str:
        return str(self.payload["custom_id"])

    @property
    def title(self) -> str:
        return str(self.payload["title"])

    @property
    def components(self) -> list[Json]:
        return list(self.payload["components"])


@dataclass(slots=True, eq=False)
class Interaction:
    """`answered` is the type of the first answer, `original` its message or the one that it changes."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    what: str
    at: float
    source: Message | None = None
    opened_by: Interaction | None = None
    answered: int | None = None
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[Json] | None = None
    failure: str | None = None
    metadata: Json = field(default_factory=dict)

    @property
    def in_time(self) -> float:
        """The last moment for the first answer."""
        return self.at + ANSWER_SECONDS

    @property
    def alive(self) -> float:
        """The last moment for all others."""
        return self.at + TOKEN_SECONDS
