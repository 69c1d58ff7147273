"""A small real bolt app, in both ways in, with which the stand-in is proved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.people import Json
from tests.fakes.slack.stand_in import SlackStandIn

Mode = Literal["socket", "http"]
PING_SECONDS = 0.2


def button(label: str, value: str) -> Json:
    return {
        "type": "button",
        "action_id": "ask",
        "text": {"type": "plain_text", "text": label},
        "value": value,
    }


def form(words: str = "Your answer") -> Json:
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 3000}
    label = {"type": "plain_text", "text": words}
    return {
        "type": "modal",
        "callback_id": "form",
        "notify_on_close": True,
        "title": {"type": "plain_text", "text": "Answer"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "answer", "label": label, "element": field}],
    }


@dataclass
class Sample:
    """What the app was told. `before_event` may raise, or wait."""

    slack: SlackStandIn
    events: list[Json] = field(default_factory=list)
    retries: list[str | None] = field(default_factory=list)
    before_event: Callable[[], Awaitable[None]] | None = None

    def client(self, **options: Any) -> AsyncWebClient:
        options = {"retry_handlers": [], **options}
        return AsyncWebClient(token=self.slack.bot_token, base_url=self.slack.api_url, **options)

    def app(self, mode: Mode) -> AsyncApp:
        """The app, which acknowledges an event when its listener has finished."""
        app = AsyncApp(
            client=self.client(),
            signing_secret=self.slack.signing_secret,
            request_verification_enabled=mode == "http",
            process_before_response=True,
        )
        app.command("/quiz")(self.command)
        app.action("ask")(self.ask)
        app.view("form")(self.submit)
        app.view_closed("form")(self.closed)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home)
        return app

    async def command(self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond) -> None:
        """`post` posts a question, `form` opens a form, `many` answers often; else it says what it heard."""
        match body["text"].split():
            case ["post"]:
                await ack()
                blocks = [{"type": "actions", "elements": [button("Answer", "q1")]}]
                await client.chat_postMessage(
                    channel=body["channel_id"], text="What is dropout?", blocks=blocks
                )
            case ["form"]:
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=form())
            case ["aloud"]:
                await ack(text="to all", response_type="in_channel")
            case ["broken"]:
                await ack(text="x", blocks=[{"type": "secton"}])
            case ["many", count]:
                await ack()
                for n in range(int(count)):
                    await respond(f"part {n}")
            case _:
                await ack(f"heard: {body['text']}")

    async def ask(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(body["actions"][0]["value"]))

    async def submit(self, ack: AsyncAck, body: Json) -> None:
        """Short words come back with an error, `next` gives another form."""
        typed = body["view"]["state"]["values"]["answer"]["text"]["value"]
        if len(typed) < 4:
            await ack(response_action="errors", errors={"answer": "Say more."})
        elif typed == "misnamed":
            await ack(response_action="errors", errors={"text": "Named by its action id."})
        elif typed == "next":
            await ack(response_action="update", view=form("Another"))
        else:
            await ack()

    async def closed(self, ack: AsyncAck, body: Json) -> None:
        self.events.append(body)
        await ack()

    async def message(self, body: Json, event: Json, request: Any, client: AsyncWebClient) -> None:
        self.retries.append(next(iter(request.headers.get("x-slack-retry-num", [])), None))
        if self.before_event:
            await self.before_event()
        self.events.append(body)
        if event.get("thread_ts") and event.get("user") and not event.get("bot_id"):
            await client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="eyes")

    async def home(self, event: Json, client: AsyncWebClient) -> None:
        words = {"type": "plain_text", "text": "Hello"}
        view = {"type": "home", "blocks": [{"type": "section", "text": words}]}
        await client.views_publish(user_id=event["user"], view=view)


@asynccontextmanager
async def running(mode: Mode, **options: Any) -> AsyncIterator[tuple[SlackStandIn, Sample]]:
    """The stand-in and the app, connected."""
    async with SlackStandIn(**options) as slack:
        sample = Sample(slack)
        way_in = over_socket if mode == "socket" else over_http
        async with way_in(slack, sample.app(mode)):
            yield slack, sample
            await slack.settled()


@asynccontextmanager
async def over_socket(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[None]:
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=web_client, ping_interval=PING_SECONDS)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.socket.connected()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def over_http(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[None]:
    async def take(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    server = web.Application()
    server.add_routes([web.post("/slack/events", take)])
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    slack.over_http(f"http://{host}:{port}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()
