"""One process serves every workspace that installs the app, and none of them meets another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from adapters.slack.installs import Installs, cipher_of, key_of
from adapters.slack.manifest import REDIRECT_PATH
from adapters.slack.shared import shared_findings
from adapters.slack.workspaces import NOT_INSTALLED, RENEWED_BEFORE
from bot.errors import Refusal
from tests.adapters.slack_team import ANSWER
from tests.adapters.slack_workspaces import KEY, Shared, process_of, sharing
from tests.bot.test_privacy import keyspace
from tests.fakes.slack.delivery import Kind
from tests.fakes.slack.faults import Hang, ServerError
from tests.fakes.slack.world import Workspace

NOTHING_YET = "none yet"
LASTS = RENEWED_BEFORE + 30


@pytest.fixture
async def shared(redis: Redis) -> AsyncIterator[Shared]:
    async with sharing(redis) as shared:
        yield shared


@pytest.fixture
async def installed(shared: Shared) -> Shared:
    for workspace in (shared.one, shared.two):
        await shared.browser().install(workspace)
    return shared


async def uninstalled(shared: Shared, workspace: Workspace, *, accepted: bool = False) -> None:
    """Slack tells that the app was taken out of a workspace, and takes its token no more."""
    workspace.refusal = None if accepted else "token_revoked"
    shared.slack.world.emit(workspace, {"type": "app_uninstalled"})
    await shared.slack.settled()


async def test_each_workspace_has_its_own_round_points_and_schedule(installed: Shared) -> None:
    one, two = installed.one.id, installed.two.id
    await installed.says(installed.boss[one], "daily on 09:00 daily")
    await installed.says(installed.boss[one], "daily now")
    await installed.work()
    (question,) = installed.channel[one].posts
    assert not installed.channel[two].posts
    await installed.says(installed.ana[one], f"answer {ANSWER}")
    assert "10 points" in await installed.hears(installed.ana[one], "me")
    assert "10 points" not in await installed.hears(installed.ana[two], "me")
    assert "no daily question" in await installed.hears(installed.boss[two], "daily status")
    await installed.says(installed.boss[one], "reveal")
    await installed.work()
    assert question.replies
    assert not installed.channel[two].messages


async def test_a_reply_in_a_thread_and_a_button_count_where_they_were_made(installed: Shared) -> None:
    for workspace in (installed.one, installed.two):
        await installed.says(installed.boss[workspace.id], "daily on 09:00 daily")
        await installed.says(installed.boss[workspace.id], "daily now")
    await installed.work()
    two = installed.two.id
    (question,) = installed.channel[two].posts
    installed.ana[two].post(installed.channel[two], ANSWER, question)
    await installed.work()
    pressed = await installed.ana[installed.one.id].press(
        installed.channel[installed.one.id].posts[0], "Status"
    )
    assert pressed.failure is None
    await pressed.shown()
    assert "10 points" in await installed.hears(installed.ana[two], "me")
    assert "10 points" not in await installed.hears(installed.ana[installed.one.id], "me")


async def test_a_workspace_without_the_app_is_told_to_install_it(shared: Shared) -> None:
    await shared.browser().install(shared.one)
    assert await shared.hears(shared.ana[shared.two.id], "me") == NOT_INSTALLED


async def test_no_token_can_be_read_in_redis(installed: Shared) -> None:
    assert await Installs(installed.redis, cipher_of(KEY)).teams() == sorted(
        one.id for one in (installed.one, installed.two)
    )
    assert [key async for key, value in keyspace(installed.redis) if "xox" in f"{key}{value}"] == []


async def test_a_state_is_good_once(shared: Shared) -> None:
    browser = shared.browser()
    address = await browser.agree(shared.one)
    assert await browser.come_back(address) == 200
    assert await browser.come_back(address) == 401


async def test_a_state_is_good_in_the_browser_that_was_given_it(shared: Shared) -> None:
    address = await shared.browser().agree(shared.one)
    other = shared.browser()
    assert await other.come_back(address) == 400
    await other.begin()
    assert await other.come_back(address) == 400
    assert await shared.hears(shared.ana[shared.one.id], "me") == NOT_INSTALLED


async def test_a_state_is_good_for_ten_minutes(shared: Shared) -> None:
    browser = shared.browser()
    address = await browser.agree(shared.one)
    shared.slack.clock.advance(601)
    assert await browser.come_back(address) == 401


@pytest.mark.parametrize(
    "state",
    [
        "forged",
        "",
        "é",
        "x" * 5000,
        # Another one in each process, which may not name the test.
        pytest.param(Fernet(KEY.encode()).encrypt(b"x").decode(), id="of something else"),
    ],
)
async def test_a_state_that_was_made_up_is_refused(shared: Shared, state: str) -> None:
    browser = shared.browser()
    browser.cookie = state.encode("ascii", "replace").decode()
    assert await browser.come_back(f"{browser.url}/slack/oauth_redirect?code=c&state={browser.cookie}") in (
        400,
        401,
    )
    assert shared.slack.calls("oauth.v2.access") == []


async def test_a_code_that_slack_did_not_give_installs_nothing(shared: Shared) -> None:
    browser = shared.browser()
    address = await browser.agree(shared.one)
    assert await browser.come_back(address.replace("code=code-", "code=forged-")) == 401
    assert [key async for key in shared.redis.scan_iter("*install*") if "installing" not in key] == []


async def test_who_says_no_at_slack_is_told_that_nothing_was_installed(shared: Shared) -> None:
    browser = shared.browser()
    await browser.begin()
    assert await browser.come_back(f"{browser.url}/slack/oauth_redirect?error=access_denied") == 200
    assert shared.slack.calls("oauth.v2.access") == []


async def test_while_slack_is_away_a_person_is_asked_to_try_again(shared: Shared) -> None:
    browser = shared.browser()
    address = await browser.agree(shared.one)
    shared.slack.faults.add("auth.test", ServerError(500))
    assert await browser.come_back(address) in (401, 503)
    await browser.install(shared.one)
    assert NOTHING_YET in await shared.hears(shared.ana[shared.one.id], "me")


async def test_opening_the_page_stores_nothing(shared: Shared) -> None:
    before = await shared.redis.dbsize()
    for _ in range(20):
        await shared.browser().begin()
    assert await shared.redis.dbsize() == before


async def test_a_workspace_that_uninstalls_and_comes_back_finds_all_as_it_was(installed: Shared) -> None:
    ana = installed.ana[installed.one.id]
    await installed.says(installed.boss[installed.one.id], "daily on 09:00 daily")
    await installed.says(installed.boss[installed.one.id], "daily now")
    await installed.work()
    await installed.says(ana, f"answer {ANSWER}")
    await uninstalled(installed, installed.one)
    assert await installed.hears(ana, "me") == NOT_INSTALLED
    assert not [key async for key in installed.redis.scan_iter("*:install")][1:]
    assert NOTHING_YET in await installed.hears(installed.ana[installed.two.id], "me")
    await installed.browser().install(installed.one)
    assert "10 points" in await installed.hears(ana, "me")
    assert "09:00" in await installed.hears(installed.boss[installed.one.id], "daily status")


async def test_an_uninstall_that_is_told_after_the_app_was_installed_again_takes_nothing(
    installed: Shared,
) -> None:
    await uninstalled(installed, installed.one, accepted=True)
    assert NOTHING_YET in await installed.hears(installed.ana[installed.one.id], "me")


async def test_an_uninstall_that_cannot_be_carried_out_is_told_again(installed: Shared) -> None:
    installed.slack.faults.add("auth.test", ServerError(500))
    await uninstalled(installed, installed.one)
    installed.slack.world.failures.clear()
    assert await installed.slack.redeliver_unacked() == 1
    assert await installed.hears(installed.ana[installed.one.id], "me") == NOT_INSTALLED


async def test_one_workspace_whose_token_is_refused_keeps_no_other_from_its_question(
    installed: Shared,
) -> None:
    for workspace in (installed.one, installed.two):
        await installed.says(installed.boss[workspace.id], "daily on 09:00 daily")
        await installed.says(installed.boss[workspace.id], "daily now")
    installed.one.refusal = "account_inactive"
    await installed.work()
    assert len(installed.channel[installed.two.id].posts) == 1
    installed.one.refusal = None
    installed.slack.clock.advance(120)
    await installed.work()
    assert len(installed.channel[installed.one.id].posts) == 1


async def test_a_process_that_died_while_it_installed_the_app_has_come_back_at_its_next_start(
    installed: Shared,
) -> None:
    team = f"slack:{installed.one.id}"
    await installed.process.bot.left(team)
    async with process_of(installed.slack, installed.redis, installed.clock) as again:
        assert await again.bot.game.store.teams.left(team) is None


async def test_what_a_workspace_has_was_moved_from_another_opens_nothing(installed: Shared) -> None:
    sealed = await installed.redis.get(key_of(installed.one.id))
    assert sealed
    await installed.redis.set(key_of(installed.two.id), sealed)
    assert await installed.hears(installed.ana[installed.two.id], "me") == NOT_INSTALLED


async def test_a_new_key_closes_and_the_key_of_before_still_opens(installed: Shared) -> None:
    newer = Fernet.generate_key().decode()
    both = Installs(installed.redis, cipher_of(f"{newer},{KEY}"))
    found = await both.find(installed.one.id)
    assert found
    assert found.bot_token == installed.one.bot_token
    sealed = await both.sealed(installed.one.id)
    assert sealed
    await both.renew(installed.one.id, sealed, found)
    alone = await Installs(installed.redis, cipher_of(newer)).find(installed.one.id)
    assert alone
    assert alone.bot_token == found.bot_token


async def test_a_token_that_no_key_opens_is_said_without_the_token(
    installed: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        other = Installs(installed.redis, cipher_of(Fernet.generate_key().decode()))
        assert await other.find(installed.one.id) is None
    assert f"does not open the token of workspace {installed.one.id}" in caplog.text
    assert "xox" not in caplog.text


def test_a_key_that_is_none_is_refused_and_not_repeated() -> None:
    with pytest.raises(Refusal, match="llmq slack key") as refused:
        cipher_of("my-secret-words")
    assert "my-secret-words" not in str(refused.value)


async def test_a_token_is_renewed_once_over_two_processes(redis: Redis) -> None:
    async with sharing(redis, token_lasts=LASTS) as shared:
        await shared.browser().install(shared.one)
        first = shared.one.bot_token
        shared.slack.clock.advance(31)
        shared.slack.world.app.token_lasts = 43_200
        async with process_of(shared.slack, redis, shared.clock) as other:
            both = [one.served.installations for one in (shared.process, other)]
            await asyncio.gather(*(one.of(shared.one.id) for one in both))
        renewals = [one for one in shared.slack.calls("oauth.v2.access") if "refresh_token" in one.args]
        assert [one.error for one in renewals] == [None]
        assert shared.one.bot_token != first
        shared.one.older_tokens.clear()
        assert NOTHING_YET in await shared.hears(shared.ana[shared.one.id], "me")


async def test_a_token_that_slack_does_not_renew_now_is_used_on_and_tried_again(redis: Redis) -> None:
    async with sharing(redis, token_lasts=LASTS) as shared:
        await shared.browser().install(shared.one)
        shared.slack.clock.advance(31)
        shared.slack.world.app.token_lasts = 43_200
        shared.slack.faults.add("oauth.v2.access", ServerError(500))
        for _ in range(3):
            assert NOTHING_YET in await shared.hears(shared.ana[shared.one.id], "me")
        assert len(shared.slack.calls("oauth.v2.access")) == 2
        shared.slack.clock.advance(61)
        # Redis goes by its own clock.
        assert await redis.delete(f"{key_of(shared.one.id)}:turn") == 1
        assert NOTHING_YET in await shared.hears(shared.ana[shared.one.id], "me")
        assert [one.error for one in shared.slack.calls("oauth.v2.access")][2:] == [None]


async def test_the_doctor_says_which_workspaces_have_the_app_and_whose_token_is_refused(
    installed: Shared,
) -> None:
    installed.two.refusal = "token_revoked"
    installs = Installs(installed.redis, cipher_of(KEY))
    found = [str(one) async for one in shared_findings(installed.slack.api_url, installs)]
    assert found[0] == "ok    Slack: installed in 2 workspaces"
    assert any(line.startswith("ok") and installed.one.id in line for line in found)
    assert any(line.startswith("fault") and installed.two.id in line for line in found)


async def test_a_guest_from_another_workspace_plays_where_the_question_stands(installed: Shared) -> None:
    one, two = installed.one.id, installed.two.id
    for team in (one, two):
        await installed.says(installed.boss[team], "daily on 09:00 daily")
        await installed.says(installed.boss[team], "daily now")
    await installed.work()
    (question,) = installed.channel[one].posts
    installed.ana[one].user.team = two
    form = await (await installed.ana[one].press(question, "Answer")).view()
    assert (await installed.ana[one].submit(form, {"answer": ANSWER})).closed
    installed.boss[one].user.team = two
    installed.boss[one].post(installed.channel[one], ANSWER, question)
    await installed.work()
    for who in (installed.ana, installed.boss):
        assert "10 points" in await installed.hears(who[one], "me")
        assert "10 points" not in await installed.hears(who[two], "me")


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "event_callback", "event": {"type": "message"}, "event_id": "Ev"}),
        ("events_api", {"type": "event_callback", "event": {"type": "app_uninstalled"}, "event_time": 1}),
        ("interactive", {"type": "block_actions", "team": None, "actions": [{"action_id": "llmq_1"}]}),
    ],
)
async def test_what_names_no_workspace_is_acknowledged(
    installed: Shared, kind: Kind, payload: dict[str, object]
) -> None:
    assert (await installed.slack.outbox.send(kind, payload)).failure is None


@pytest.mark.parametrize("more", ["!", "=", " "])
async def test_a_state_that_is_written_in_another_way_is_not_good_again(shared: Shared, more: str) -> None:
    browser = shared.browser()
    assert await browser.come_back(await browser.agree(shared.one)) == 200
    states = shared.process.served.states
    assert not await states.async_consume(f"{browser.cookie}{more}")


@pytest.mark.parametrize("state", ["é", "\udcff", "\n"])
async def test_a_state_in_other_signs_is_refused(shared: Shared, state: str) -> None:
    assert not await shared.process.served.states.async_consume(state)


async def test_what_stands_behind_the_pages_address_or_in_the_environment_asks_slack_for_nothing(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_USER_SCOPES", "admin")
    async with sharing(redis) as shared:
        address = f"{shared.process.url}/slack/install?team=T1%26user_scope=admin%26client_id=other"
        async with shared.http.get(address) as page:
            said = await page.text()
    assert "slack.com/oauth" in said
    assert "admin" not in said
    assert "other" not in said


async def test_a_made_up_code_writes_no_line_into_the_log(
    shared: Shared, caplog: pytest.LogCaptureFixture
) -> None:
    browser = shared.browser()
    await browser.begin()
    forged = f"code=c%0A2026-11-25 ERROR llmq all is lost&state={browser.cookie}"
    assert await browser.come_back(f"{browser.url}{REDIRECT_PATH}?{forged}") == 401
    assert "all is lost" not in caplog.text
    assert shared.slack.calls("oauth.v2.access") == []


async def test_a_renewal_goes_on_though_who_waited_for_it_was_given_up(redis: Redis) -> None:
    async with sharing(redis, token_lasts=LASTS) as shared:
        await shared.browser().install(shared.one)
        shared.slack.clock.advance(31)
        shared.slack.world.app.token_lasts = 43_200
        hang = Hang(after=True)
        shared.slack.faults.add("oauth.v2.access", hang)
        installations = shared.process.served.installations
        waiting = asyncio.create_task(installations.of(shared.one.id))
        await shared.slack.world.until(lambda: len(shared.slack.calls("oauth.v2.access")) == 2)
        waiting.cancel()
        await asyncio.wait([waiting])
        hang.release.set()
        await installations.drain()
        found = await shared.process.served.installs.find(shared.one.id)
        assert found
        assert found.bot_token == shared.one.bot_token


async def test_a_second_word_of_an_uninstall_takes_nothing_from_who_installs_the_app_meanwhile(
    installed: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    await uninstalled(installed, installed.one)
    left = installed.process.bot.left

    async def left_while_installing(team: str) -> None:
        await installed.browser().install(installed.one)
        await left(team)

    monkeypatch.setattr(installed.process.bot, "left", left_while_installing)
    shared_one = f"slack:{installed.one.id}"
    installed.slack.world.emit(installed.one, {"type": "tokens_revoked", "tokens": {"bot": ["U"]}})
    await installed.slack.settled()
    assert await installed.process.bot.game.store.teams.left(shared_one) is None


async def test_a_start_brings_back_no_workspace_whose_token_is_gone(installed: Shared) -> None:
    team = f"slack:{installed.one.id}"
    await installed.process.bot.left(team)
    await installed.redis.delete(key_of(installed.one.id))
    async with process_of(installed.slack, installed.redis, installed.clock) as again:
        assert await again.bot.game.store.teams.left(team)
    installs = Installs(installed.redis, cipher_of(KEY))
    found = [str(one) async for one in shared_findings(installed.slack.api_url, installs)]
    assert any(f"{installed.one.id}: its token was deleted" in line for line in found)
