"""The table of the Web API's methods: what carries each out, and the arguments that Slack's pages name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.slack import chat, conversations, files, identity, modals, pins
from tests.fakes.slack.call import Here
from tests.fakes.slack.people import Json


@dataclass(frozen=True, slots=True)
class Method:
    run: Callable[[Here], Json]
    args: frozenset[str]


def method(run: Callable[[Here], Json], args: str = "") -> Method:
    return Method(run, frozenset(args.split()))


MESSAGE = "channel text blocks attachments as_user link_names parse metadata markdown_text"
POST = f"{MESSAGE} icon_emoji icon_url mrkdwn username thread_ts"
READ = "channel cursor include_all_metadata inclusive latest limit oldest"
LIST = "cursor exclude_archived limit team_id types"

METHODS = {
    "auth.test": method(identity.auth_test),
    "team.info": method(identity.team_info, "team domain"),
    "users.info": method(identity.users_info, "user include_locale"),
    "users.conversations": method(conversations.of_the_bot, f"{LIST} user"),
    "chat.postMessage": method(chat.post_message, f"{POST} reply_broadcast unfurl_links unfurl_media"),
    "chat.update": method(chat.update, f"{MESSAGE} ts file_ids reply_broadcast unfurl_links unfurl_media"),
    "chat.postEphemeral": method(chat.post_ephemeral, f"{POST} user"),
    "chat.delete": method(chat.delete, "channel ts as_user"),
    "conversations.info": method(conversations.info, "channel include_locale include_num_members"),
    "conversations.history": method(conversations.history, READ),
    "conversations.replies": method(conversations.replies, f"{READ} ts"),
    "conversations.join": method(conversations.join, "channel"),
    "conversations.open": method(conversations.open_dm, "channel prevent_creation return_im users"),
    "conversations.members": method(conversations.members, "channel cursor limit"),
    "conversations.list": method(conversations.list_all, LIST),
    "views.open": method(modals.open_view, "trigger_id interactivity_pointer view"),
    "views.push": method(modals.push_view, "trigger_id interactivity_pointer view"),
    "views.update": method(modals.update_view, "view_id external_id hash view"),
    "views.publish": method(modals.publish_view, "user_id hash view"),
    "reactions.add": method(chat.add_reaction, "channel name timestamp"),
    "reactions.remove": method(chat.remove_reaction, "channel name timestamp file file_comment"),
    "pins.add": method(pins.add, "channel timestamp"),
    "pins.remove": method(pins.remove, "channel timestamp"),
    "files.getUploadURLExternal": method(files.get_upload_url, "filename length alt_txt snippet_type"),
    "files.completeUploadExternal": method(
        files.complete_upload, "files channel_id channels initial_comment thread_ts blocks"
    ),
}
