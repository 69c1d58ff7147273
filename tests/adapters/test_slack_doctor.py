"""What the doctor finds out about a workspace, and that it never ends in a traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest
from pydantic import SecretStr

from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.serve import client_of, identity_of
from adapters.slack.served import SlackAccess, findings
from bot.errors import Refusal
from bot.platform import Finding
from tests.fakes.slack.faults import Dropped, Fault, Pass, Refused, ServerError
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.world import App

PERSON = {"ok": True, "team": "stand-in", "user": "ana", "team_id": "T0STANDIN", "user_id": "U1"}
NOWHERE = "http://127.0.0.1:9/api/"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn(app=App(scopes=frozenset(SCOPES | OPTIONAL))) as slack:
        yield slack


def access(slack: SlackStandIn, *, app_token: str = "", url: str = "") -> SlackAccess:
    token = SecretStr(app_token or slack.app_token)
    return SlackAccess(SecretStr(slack.bot_token), token, None, frozenset(), url or slack.api_url)


async def found(access: SlackAccess, channels: Iterable[str] = ()) -> list[Finding]:
    async def scheduled(team: str) -> list[str]:
        return list(channels)

    return [finding async for finding in findings(access, scheduled)]


def faults(all_found: Iterable[Finding]) -> list[str]:
    return [finding.text for finding in all_found if finding.mark == "fault"]


async def test_a_workspace_in_which_all_is_well_is_named(slack: SlackStandIn) -> None:
    channel = slack.channel("practice")
    told = await found(access(slack), [channel.id])
    assert faults(told) == []
    assert "channel #practice: llmq is in it" in [finding.text for finding in told]


async def test_the_token_of_a_person_is_no_bots(slack: SlackStandIn) -> None:
    slack.faults.always("auth.test", Refused("", PERSON | {"ok": True}))
    (fault,) = faults(await found(access(slack)))
    assert "LLMQ_SLACK_BOT_TOKEN is a person's token." in fault
    assert "xoxb-" in fault
    with pytest.raises(Refusal, match="a person's token"):
        await identity_of(client_of(slack.bot_token, slack.api_url))


async def test_a_token_that_slack_does_not_know_is_to_be_copied_anew(slack: SlackStandIn) -> None:
    slack.workspace.refusal = "invalid_auth"
    (fault,) = faults(await found(access(slack)))
    assert "Slack token: invalid_auth" in fault


async def test_missing_scopes_are_named() -> None:
    async with SlackStandIn(app=App(scopes=frozenset(SCOPES) - {"users:read"})) as slack:
        (fault,) = faults(await found(access(slack)))
        assert "users:read missing" in fault


async def test_a_scope_that_little_needs_is_named_without_a_fault() -> None:
    async with SlackStandIn(app=App(scopes=frozenset(SCOPES))) as slack:
        said = await found(access(slack))
        assert faults(said) == []
        assert "pins:write (pinning the question" in next(one.text for one in said if one.mark == "warn")


async def test_a_channel_without_llmq_says_what_to_type(slack: SlackStandIn) -> None:
    channel = slack.channel("practice", bot=False)
    (fault,) = faults(await found(access(slack), [channel.id]))
    assert "Type `/invite @llmq` there" in fault


async def test_an_app_token_that_is_wrong_is_said(slack: SlackStandIn) -> None:
    (fault,) = faults(await found(access(slack, app_token="xapp-wrong")))
    assert "Socket Mode: invalid_auth" in fault


@pytest.mark.parametrize("url", [NOWHERE, "http://no-such-host.invalid/api/", "no address"])
async def test_slack_that_is_not_there_is_a_fault_and_no_traceback(slack: SlackStandIn, url: str) -> None:
    (fault,) = faults(await found(access(slack, url=url)))
    assert "Slack cannot be reached at" in fault
    assert "LLMQ_SLACK_API_URL" in fault


AWAY: dict[str, tuple[Fault, ...]] = {
    "at once": (Dropped(), Dropped()),
    "in between": (Pass(), Pass(), Dropped()),
    "in trouble": (ServerError(503), ServerError(503)),
}


@pytest.mark.parametrize("when", AWAY)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open", "conversations.info"])
async def test_slack_that_goes_away_is_a_fault_and_no_traceback(
    slack: SlackStandIn, method: str, when: str
) -> None:
    channels = [slack.channel(f"practice{n}").id for n in range(3)]
    slack.faults.add(method, *AWAY[when])
    told = await found(access(slack), channels)
    assert len(faults(told)) <= 2
    assert faults(told) or when == "in between"
