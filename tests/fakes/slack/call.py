"""A call of the Web API while it is carried out: its arguments, who makes it, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from tests.fakes.slack.blocks import MOST_TEXT, faults_of_message, faults_of_view, text_length
from tests.fakes.slack.people import Channel, Json, Message
from tests.fakes.slack.world import Workspace, World

LONGEST_TEXT, LONGEST_UPDATE, ADVISED_TEXT = 40_000, 4_000, 4_000
LONGEST_MARKDOWN = 12_000
LARGEST_METADATA = 8_000
TRUE = (True, 1, "1", "true", "True")
NAME_OF_KIND = {"channel": "channels", "group": "groups", "im": "im"}


class SlackFault(Exception):
    """`ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass(frozen=True, slots=True)
class Here:
    """The world, the workspace of the token, and the arguments."""

    world: World
    workspace: Workspace
    args: Json

    def need(self, *names: str) -> list[Any]:
        for name in names:
            if self.args.get(name) in (None, ""):
                words = f"[ERROR] missing required field: {name}"
                raise SlackFault("invalid_arguments", response_metadata={"messages": [words]})
        return [self.args[name] for name in names]

    def yes(self, name: str) -> bool:
        return self.args.get(name) in TRUE

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise SlackFault("invalid_arguments") from None

    def scope(self, *any_of: str) -> None:
        """Refuse an app that has none of these scopes."""
        granted = self.world.app.scopes
        if granted is not None and not granted & set(any_of):
            raise SlackFault("missing_scope", needed=any_of[0], provided=",".join(sorted(granted)))

    def channel(self, name: str = "channel") -> Channel:
        """The channel of the call, if a bot can know of it."""
        wanted = str(self.need(name)[0])
        found = self.workspace.channels.get(wanted) or next(
            (one for one in self.workspace.channels.values() if one.name and f"#{one.name}" == wanted), None
        )
        if not found or (found.kind != "channel" and self.workspace.bot.id not in found.members):
            raise SlackFault("channel_not_found")
        return found

    def scoped(self, channel: Channel, right: str) -> None:
        """Refuse an app without the scope for this kind of channel, such as groups:history."""
        self.scope(f"{NAME_OF_KIND[channel.kind]}:{right}")

    def joined(self, channel: Channel) -> Channel:
        if self.workspace.bot.id not in channel.members:
            raise SlackFault("not_in_channel")
        return channel

    def message(self, channel: Channel, ts: Any, error: str = "message_not_found") -> Message:
        found = channel.find(str(ts))
        if not found or found.deleted:
            raise SlackFault(error)
        return found


def content(here: Here, longest: int = LONGEST_TEXT) -> tuple[str, list[Json]]:
    """The text and blocks of a message, as Slack would keep them, or its refusal."""
    text, blocks = here.args.get("text") or "", here.args.get("blocks") or []
    if marked := here.args.get("markdown_text"):
        text, blocks = from_markdown(marked, text, blocks), []
    if not text and not blocks and not here.args.get("attachments"):
        raise SlackFault("no_text")
    if not isinstance(text, str) or len(text) > longest == LONGEST_UPDATE:
        raise SlackFault("msg_too_long")
    if faults := faults_of_message(blocks):
        refuse_blocks(faults)
    if text_length(blocks) > MOST_TEXT:
        raise SlackFault("msg_blocks_too_long")
    advise(here, text, blocks)
    return text[:longest], with_ids(here.world, blocks)


def from_markdown(marked: Any, text: Any, blocks: Any) -> str:
    """Markdown stands alone: it replaces text and blocks."""
    if text or blocks:
        raise SlackFault("markdown_text_conflict")
    if len(str(marked)) > LONGEST_MARKDOWN:
        raise SlackFault("msg_too_long")
    return str(marked)


def advise(here: Here, text: str, blocks: list[Json]) -> None:
    if len(text) > ADVISED_TEXT:
        here.world.warn(f"text of {len(text)} characters: Slack advises at most {ADVISED_TEXT}")
    if blocks and not text:
        here.world.warn("blocks without text: notifications and screen readers have nothing to say")


def refuse_blocks(faults: list[str]) -> NoReturn:
    messages = [f"[ERROR] {words}" for words in faults]
    raise SlackFault("invalid_blocks", errors=faults, response_metadata={"messages": messages})


def view_of(here: Here, kinds: tuple[str, ...]) -> Json:
    """The view of the call, or Slack's refusal."""
    view = here.need("view")[0]
    faults = faults_of_view(view)
    if not faults and view["type"] not in kinds:
        faults = [f"the type must be one of {', '.join(kinds)} [json-pointer:/view/type]"]
    if faults:
        messages = [f"[ERROR] {words}" for words in faults]
        raise SlackFault("invalid_arguments", response_metadata={"messages": messages})
    return {**view, "blocks": with_ids(here.world, view["blocks"])}


def with_ids(world: World, blocks: list[Json]) -> list[Json]:
    """Slack names the blocks and elements that the app did not."""
    return [{"block_id": world.new_id("b"), **with_action_ids(world, one)} for one in blocks]


def with_action_ids(world: World, block: Json) -> Json:
    named: Callable[[Json], Json] = lambda element: {"action_id": world.new_id("a"), **element}  # noqa: E731
    match block["type"]:
        case "actions":
            return {**block, "elements": [named(element) for element in block["elements"]]}
        case "input":
            return {**block, "element": named(block["element"])}
        case _:
            return block


def metadata_of(here: Here) -> Json | None:
    """The metadata of a message: an event type, and a flat payload."""
    metadata = here.args.get("metadata")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackFault("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict) or metadata.keys() - {"event_type", "event_payload", "entities"}:
        raise SlackFault("invalid_metadata_format")
    if not all(is_plain(value) for value in payload.values()):
        raise SlackFault("invalid_metadata_schema")
    if len(str(payload)) > LARGEST_METADATA:
        raise SlackFault("metadata_too_large")
    return metadata


def is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str | int | float | bool) for one in value)
    return isinstance(value, str | int | float | bool)
