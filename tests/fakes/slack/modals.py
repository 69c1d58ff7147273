"""views.*: modals, which a trigger opens once, and App Homes."""

from __future__ import annotations

from tests.fakes.slack.call import Here, SlackFault, view_of
from tests.fakes.slack.people import Json, User, View
from tests.fakes.slack.tickets import Trigger
from tests.fakes.slack.world import Workspace, World

MOST_STACKED = 3


def trigger_of(here: Here) -> Trigger:
    """The trigger of the call, which it uses up."""
    trigger = here.world.triggers.get(str(here.need("trigger_id")[0]))
    if not trigger or here.workspace.users.get(trigger.user.id) is not trigger.user:
        raise SlackFault("invalid_trigger_id")
    if refusal := trigger.refusal(here.world.now()):
        raise SlackFault(refusal)
    return trigger


def open_view(here: Here) -> Json:
    payload = view_of(here, ("modal",))
    trigger = trigger_of(here)
    if trigger.origin and trigger.origin.payload["type"] == "modal":
        here.world.warn("views.open from inside a modal: views.push keeps the one below")
    trigger.user.views.clear()
    return shown(here, trigger, payload)


def push_view(here: Here) -> Json:
    payload = view_of(here, ("modal",))
    trigger = trigger_of(here)
    if not trigger.user.views:
        raise SlackFault("not_found")
    if len(trigger.user.views) >= MOST_STACKED:
        raise SlackFault("push_limit_reached")
    return shown(here, trigger, payload)


def shown(here: Here, trigger: Trigger, payload: Json) -> Json:
    trigger.view = add_view(here.world, here.workspace, trigger.user, payload)
    trigger.used = True
    return answer(here, trigger.view)


def answer(here: Here, view: View) -> Json:
    here.world.changed()
    return {"view": view.wire(here.workspace.bot_id, here.world.app.id)}


def add_view(world: World, workspace: Workspace, user: User, payload: Json) -> View:
    """A new modal on top of those that are open."""
    refuse_known_external_id(workspace, payload)
    below = user.views[-1] if user.views else None
    view = View(world.new_id("V"), user, payload, world.new_id("hash"))
    view.root, view.previous = (below.root, below.id) if below else (view.id, None)
    user.views.append(view)
    workspace.views[view.id] = view
    return view


def refuse_known_external_id(workspace: Workspace, payload: Json) -> None:
    named = payload.get("external_id")
    if named and any(
        one.payload.get("external_id") == named for one in workspace.views.values() if is_seen(one)
    ):
        raise SlackFault("duplicate_external_id")


def is_seen(view: View) -> bool:
    return view in view.user.views or view is view.user.home


def update_view(here: Here) -> Json:
    payload = view_of(here, ("modal",))
    view = named_view(here)
    check_hash(here, view)
    replace(here.world, view, payload)
    return answer(here, view)


def named_view(here: Here) -> View:
    wanted, external = here.args.get("view_id"), here.args.get("external_id")
    if not external:
        here.need("view_id")
    for view in filter(is_seen, here.workspace.views.values()):
        if view.id == wanted or (external and view.payload.get("external_id") == external):
            return view
    raise SlackFault("not_found")


def check_hash(here: Here, view: View) -> None:
    if here.args.get("hash") and here.args["hash"] != view.hash:
        raise SlackFault("hash_conflict")


def replace(world: World, view: View, payload: Json) -> None:
    """Show something else in an open view; what was typed stays where the ids stay."""
    view.payload, view.hash = payload, world.new_id("hash")
    world.changed()


def publish_view(here: Here) -> Json:
    payload = view_of(here, ("home",))
    if not here.world.app.home_tab:
        raise SlackFault("not_enabled")
    user = here.workspace.users.get(str(here.need("user_id")[0]))
    if not user:
        raise SlackFault("user_not_found")
    if user.home:
        check_hash(here, user.home)
        replace(here.world, user.home, payload)
    else:
        user.home = View(here.world.new_id("V"), user, payload, here.world.new_id("hash"))
        here.workspace.views[user.home.id] = user.home
    return answer(here, user.home)
