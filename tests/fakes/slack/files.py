"""files.*: an upload in three steps, the last of which shares it."""

from __future__ import annotations

from tests.fakes.slack import events
from tests.fakes.slack.call import Here, SlackFault
from tests.fakes.slack.chat import place_to_post, thread_of
from tests.fakes.slack.people import Json, Message


def get_upload_url(here: Here) -> Json:
    here.scope("files:write")
    name, length = here.need("filename", "length")
    if not str(length).isdecimal() or int(length) < 1:
        raise SlackFault("invalid_arguments")
    id = here.world.new_id("F")
    file = {"id": id, "name": name, "length": int(length), "alt_txt": here.args.get("alt_txt")}
    here.workspace.files[id] = file
    return {"upload_url": f"{here.world.url}/upload/{here.workspace.id}/{id}", "file_id": id}


def complete_upload(here: Here) -> Json:
    here.scope("files:write")
    files = [finished(here, wanted) for wanted in here.need("files")[0]]
    if here.args.get("channel_id"):
        share(here, files)
    return {"files": [{key: file[key] for key in ("id", "title")} for file in files]}


def finished(here: Here, wanted: Json) -> Json:
    file = here.workspace.files.get(wanted.get("id", ""))
    if not file or "content" not in file:
        raise SlackFault("file_not_found")
    if len(file["content"]) != file["length"]:
        raise SlackFault("file_upload_size_mismatch")
    file["title"] = wanted.get("title") or file["name"]
    return file


def share(here: Here, files: list[Json]) -> None:
    here.args["channel"] = here.args["channel_id"]
    channel, bot = place_to_post(here), here.workspace
    shown = [{key: file[key] for key in ("id", "name", "title", "alt_txt")} for file in files]
    text = str(here.args.get("initial_comment") or "")
    message = Message(channel, here.world.next_ts(), bot.bot.id, text, bot_id=bot.bot_id, files=shown)
    message.thread_ts = thread_of(here, channel)
    channel.messages.append(message)
    events.posted(here.world, here.workspace, message)
