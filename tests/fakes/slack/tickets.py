"""What an interaction lets the app do for a while: open one view, and answer a few times."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.people import Channel, Message, User, View

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(slots=True, eq=False)
class Trigger:
    """A trigger_id. `origin` is the view whose button was pressed, `view` what was opened with it."""

    id: str
    user: User
    at: float
    origin: View | None = None
    used: bool = False
    view: View | None = None

    def refusal(self, now: float) -> str | None:
        """Why Slack would not take it, if so."""
        if self.used:
            return "exchanged_trigger_id"
        return "expired_trigger_id" if now - self.at > TRIGGER_SECONDS else None


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """A response_url. `original` is the message whose button was pressed; `shown` is what came of it."""

    id: str
    user: User
    channel: Channel
    at: float
    original: Message | None = None
    uses: int = 0
    shown: list[Message] = field(default_factory=list)

    def refusal(self, now: float) -> str | None:
        if now - self.at > RESPONSE_SECONDS:
            return "expired_url"
        return "used_url" if self.uses >= RESPONSE_USES else None


@dataclass(frozen=True, slots=True)
class Code:
    """What a person's consent is worth to the app."""

    workspace: str
    scopes: str
    at: float
