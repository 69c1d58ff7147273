"""What Slack does with a form that is sent: its own checks before, the app's word after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.fakes.slack import modals
from tests.fakes.slack.acted import NotPossible
from tests.fakes.slack.call import Here, SlackFault, view_of
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.people import Json, View
from tests.fakes.slack.world import Workspace, World

KNOWN = (None, "errors", "update", "push", "clear")


def inputs(view: View) -> Iterator[Json]:
    return (block for block in view.blocks if block["type"] == "input")


def fill(view: View, texts: Mapping[str, str]) -> None:
    """Put words into fields, named by their block ids."""
    fields = {block["block_id"]: block["element"]["action_id"] for block in inputs(view)}
    for block_id, text in texts.items():
        if block_id not in fields:
            raise NotPossible(f"There is no field {block_id!r}. There are: {', '.join(fields) or 'none'}.")
        view.typed[(block_id, fields[block_id])] = text


def check(view: View) -> None:
    """What Slack's window does not send."""
    if "submit" not in view.payload:
        raise NotPossible("The view has no button to send it.")
    values = view.state()
    for block in inputs(view):
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        typed = state.get("value") or state.get("selected_option") or ""
        if not typed and not block.get("optional"):
            raise NotPossible(f"Slack asks to fill in {block['block_id']!r}.")
        most, least = element.get("max_length", 3000), element.get("min_length", 0)
        if typed and not least <= len(typed) <= most:
            raise NotPossible(f"Slack takes {least} to {most} characters in {block['block_id']!r}.")


def close(view: View) -> None:
    if view in view.user.views:
        view.user.views.remove(view)
    view.is_open = False


def apply(world: World, workspace: Workspace, view: View, delivery: Delivery) -> dict[str, str]:
    """Do with the view what the app said; gives the errors to show. It stays when the app said nothing."""
    ack = delivery.ack
    if ack is None:
        return {}
    try:
        return carry_out(world, workspace, view, ack)
    except SlackFault as fault:
        world.fail(f"{delivery.what}: Slack does not take the answer: {fault} {fault.more}")
        return {}


def carry_out(world: World, workspace: Workspace, view: View, ack: Json) -> dict[str, str]:
    action = ack.get("response_action")
    if action not in KNOWN or (ack and not action):
        raise SlackFault("invalid_response_action", said=ack)
    match action:
        case None:
            close(view)
        case "clear":
            for one in list(view.user.views):
                close(one)
        case "errors":
            return errors_of(view, ack)
        case _:
            show(world, workspace, view, ack)
    return {}


def errors_of(view: View, ack: Json) -> dict[str, str]:
    """Lines under the fields, which are named by block id."""
    errors = ack.get("errors")
    fields = {block["block_id"] for block in inputs(view)}
    if not isinstance(errors, dict) or not errors or errors.keys() - fields:
        raise SlackFault("invalid_errors", said=errors, fields=sorted(fields))
    return {str(name): str(words) for name, words in errors.items()}


def show(world: World, workspace: Workspace, view: View, ack: Json) -> None:
    here = Here(world, workspace, {"view": ack.get("view")})
    payload = view_of(here, ("modal",))
    if ack["response_action"] == "update":
        modals.replace(world, view, payload)
    elif len(view.user.views) >= modals.MOST_STACKED:
        raise SlackFault("push_limit_reached")
    else:
        modals.add_view(world, workspace, view.user, payload)
