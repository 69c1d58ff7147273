"""A channel's schedule in conversation: what an admin says, and what is said back and done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis

from bot.commands.daily import NO_ZONE
from bot.commands.daily_status import NO_SCHEDULE
from bot.messages import moment
from bot.platform import Ability
from bot.requests import Channel
from tests.dialogue import ADMIN, START, Dialogue, Recorder, catalogue_of, deck, is_refused, question

BERLIN = ZoneInfo("Europe/Berlin")
BY_REGULARS = "when everyone who usually answers has answered, 1 h at the earliest; else after 8 h"
CAN_ALL = "llmq can post, make threads and read replies here."


def at(year: int, month: int, day: int, hour: int, minute: int = 0, zone: tzinfo = UTC) -> str:
    """A moment as the core writes it."""
    return moment(datetime(year, month, day, hour, minute, tzinfo=zone), zone, "day")


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no schedule, on a Monday at eight."""
    return Dialogue(redis)


@pytest.fixture
async def on(d: Dialogue) -> Dialogue:
    """A dialogue with a question every day at nine."""
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


@pytest.mark.parametrize(
    "text",
    [
        "daily on 9:00 mon-fri berlin attention",
        "daily on 9:00 attention Europe/Berlin weekdays",
        "daily on 9am europe/berlin mon,tue,wed,thu,fri Attention",
        'DAILY ON "9 am" "berlin" weekdays attention',
    ],
)
async def test_a_schedule_is_understood_in_any_order_and_said_back(d: Dialogue, text: str) -> None:
    said = await d.hears(ADMIN, text)
    coming = " · ".join(at(2026, 11, day, 9, zone=BERLIN) for day in (24, 25, 26))
    assert said.splitlines() == [
        "The daily question is on",
        "When: Mon to Fri, 09:00 (Europe/Berlin)",
        "Topics: attention",
        f"Reveal: {BY_REGULARS}",
        "Ping: nobody",
        "Pin: no",
        "Recap: no",
        f"Next: {coming}",
        "Questions: 4, none asked yet",
        "[Ask one now]",
        CAN_ALL,
    ]


async def test_a_question_is_offered_at_once_only_on_a_day_without_one(on: Dialogue) -> None:
    assert "[Ask one now]" in await on.hears(ADMIN, "daily on 10:00")
    await on.open_round()
    assert "[Ask one now]" not in await on.hears(ADMIN, "daily on 11:00")


async def test_the_first_schedule_of_a_channel_is_on_weekdays_in_utc_and_says_so(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "daily on 09:00")
    assert "When: Mon to Fri, 09:00 (UTC)\nTopics: all" in said
    assert NO_ZONE in said


async def test_the_zone_is_the_admins_own_where_the_platform_tells_it(d: Dialogue) -> None:
    d.platform.zones[ADMIN] = "Europe/Berlin"
    said = await d.hears(ADMIN, "daily on 09:00")
    assert "When: Mon to Fri, 09:00 (Europe/Berlin)" in said
    assert NO_ZONE not in said
    # What was set is not changed by who changes something else.
    d.platform.zones["second"] = "Asia/Kolkata"
    d.platform.admins.add("second")
    assert "When: Mon to Fri, 10:00 (Europe/Berlin)" in await d.hears("second", "daily on 10:00")


async def test_a_zone_that_only_the_platform_knows_is_not_taken(d: Dialogue) -> None:
    d.platform.zones[ADMIN] = "Mars/Olympus"
    said = await d.hears(ADMIN, "daily on 09:00")
    assert "09:00 (UTC)" in said
    assert NO_ZONE in said


async def test_a_platform_that_does_not_say_what_it_knows_is_not_waited_for(redis: Redis) -> None:
    class Silent(Recorder):
        async def zone_of(self, team: str, member_id: str) -> str | None:
            await asyncio.Event().wait()
            return None

        async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
            await asyncio.Event().wait()
            return ()

    d = Dialogue(redis, platform=Silent())
    assert "The daily question is on" in await d.hears(ADMIN, "daily on 09:00")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("9:00 pm", "21:00 (UTC)"),
        ("9 PM", "21:00 (UTC)"),
        ("12:15 am", "00:15 (UTC)"),
        ("21.30", "21:30 (UTC)"),
        ("09:00 UTC+2", "09:00 (UTC+02:00)"),
        ("9:00 pm GMT-3:30 weekends", "21:00 (UTC-03:30)"),
    ],
)
async def test_times_and_offsets_are_understood_as_people_write_them(
    d: Dialogue, typed: str, shown: str
) -> None:
    assert f", {shown}\n" in await d.hears(ADMIN, f"daily on {typed}")


async def test_an_offset_is_ahead_of_utc_as_it_says(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 daily UTC+2")
    # At eight in UTC it is ten there: today's moment has passed.
    there = timezone(timedelta(hours=2), "UTC+02:00")
    assert f"Next: {at(2026, 11, 24, 9, zone=there)}" in await d.hears("ana", "daily")
    await d.forward(hours=23)
    assert len(d.platform.posts) == 1


async def test_several_decks_and_topics_are_asked_from(d: Dialogue) -> None:
    said = await d.hears(ADMIN, 'daily on 09:00 "long context" prompting')
    assert "Topics: long context, prompting" in said
    assert "Questions: 6, none asked yet" in said


async def test_a_topic_named_twice_counts_once(d: Dialogue) -> None:
    assert "Topics: prompting\n" in await d.hears(ADMIN, "daily on 09:00 prompting Prompting")


async def test_a_changed_schedule_keeps_what_was_not_named(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 mon,wed berlin attention")
    await d.says(ADMIN, "daily reveal 5 2h 6h")
    said = await d.hears(ADMIN, "daily on 17:30")
    assert (
        "The daily question has changed\nWhen: Mon and Wed, 17:30 (Europe/Berlin)\nTopics: attention" in said
    )
    assert "Reveal: with 5 answers, 2 h at the earliest; else after 6 h" in said
    assert NO_ZONE not in said


async def test_every_setting_can_be_changed_alone_and_says_back_all_that_holds(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 daily berlin holidays Bavaria attention")
    for typed, said in (
        ("weekdays", "When: Mon to Fri, 09:00 (Europe/Berlin)\nTopics: attention"),
        ("9:00 pm", "When: Mon to Fri, 21:00 (Europe/Berlin)\nTopics: attention"),
        ("Asia/Tokyo", "When: Mon to Fri, 21:00 (Asia/Tokyo)\nTopics: attention"),
        ("all", "When: Mon to Fri, 21:00 (Asia/Tokyo)\nTopics: all"),
        ("basics", "Topics: basics"),
        ("holidays none", "Topics: basics"),
    ):
        shown = await d.hears(ADMIN, f"daily on {typed}")
        assert said in shown
        assert ("Bavaria" in shown or "Bayern" in shown) == (typed != "holidays none")


async def test_each_setting_goes_back_to_its_default_without_turning_the_question_off(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 weekdays UTC")
    plain = await d.hears("ana", "daily status")
    await d.says(ADMIN, "daily on weekends berlin holidays US prompting")
    await d.says(ADMIN, "daily free 2026-12-24..2027-01-02")
    await d.says(ADMIN, "daily reveal 2 5m 1h")
    await d.says(ADMIN, "daily on weekdays UTC holidays none all")
    await d.says(ADMIN, "daily free none")
    await d.says(ADMIN, "daily reveal regulars 1h 8h")
    assert await d.hears("ana", "daily status") == plain


async def test_without_a_time_a_new_schedule_is_asked_for_one(d: Dialogue) -> None:
    for text in ("daily on", "daily on weekdays berlin"):
        reply = await d.says(ADMIN, text)
        assert is_refused(reply)
        assert "At what time? Write it like `/llmq daily on 09:00`" in d.text(reply)


async def test_a_changed_schedule_keeps_a_skip(on: Dialogue) -> None:
    await on.says(ADMIN, "daily skip")
    assert "Mon 23 Nov is skipped" in await on.hears(ADMIN, "daily on 10:00")


async def test_a_schedule_set_again_ends_a_pause(on: Dialogue) -> None:
    await on.says(ADMIN, "daily pause")
    assert f"Next: {at(2026, 11, 23, 10)}" in await on.hears(ADMIN, "daily on 10:00")


async def test_a_schedule_set_after_its_time_starts_with_the_next_day(d: Dialogue) -> None:
    assert f"Next: {at(2026, 11, 24, 7, 30)}" in await d.hears(ADMIN, "daily on 07:30 daily")
    await d.forward(hours=20)
    assert d.platform.posts == []


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("25", "`25` is not a time of day."),
        ("9:99", "`9:99` is not a time of day."),
        ("13:00 pm", "`13:00 pm` is not a time of day."),
        ("noon", "`daily on` cannot use `noon`."),
        ("monday", "At what time?"),
        ("09:00 UTC+20", "`daily on` cannot use `UTC+20`."),
    ],
)
async def test_a_wrong_time_is_refused_and_nothing_is_set(d: Dialogue, time: str, said: str) -> None:
    reply = await d.says(ADMIN, f"daily on {time}")
    assert is_refused(reply)
    assert said in d.text(reply)
    assert NO_SCHEDULE in await d.hears(ADMIN, "daily status")


async def test_a_very_long_time_is_not_repeated_in_full(d: Dialogue) -> None:
    assert len(await d.hears(ADMIN, f"daily on {'9' * 100_000}")) < 500


async def test_status_is_for_everyone(on: Dialogue) -> None:
    for text in ("daily", "daily status"):
        said = await on.hears("ana", text)
        assert "When: every day, 09:00 (UTC)" in said
        assert f"Next: {' · '.join(at(2026, 11, day, 9) for day in (23, 24, 25))}\n" in said


async def test_status_counts_the_questions_that_are_left(on: Dialogue) -> None:
    await on.forward(days=3)
    said = await on.hears("ana", "daily")
    assert "Questions: 10, 7 left" in said
    assert f"Next: {at(2026, 11, 26, 9)}" in said


async def test_status_says_why_questions_are_left_out(redis: Redis) -> None:
    old = replace(question(2), review_by=date(2026, 11, 1))
    d = Dialogue(redis, catalogue_of(deck(question(0), question(1), old, question(3))))
    other = Channel(d.channel.team, "other")
    await d.says(ADMIN, "daily on 09:00 daily", channel=other)
    await d.says(ADMIN, "daily now", channel=other)
    said = await d.hears(ADMIN, "daily on 09:00 daily")
    assert "Questions: 4, none asked yet; 2 left out: 1 open elsewhere, 1 out of date" in said


async def test_status_of_a_schedule_whose_decks_are_gone_says_so(on: Dialogue) -> None:
    await on.says(ADMIN, "daily on 09:00 attention")
    later = replace(on, catalogue=catalogue_of(deck(question(1))))
    said = await later.hears("ana", "daily")
    assert "Questions: none: what it asks from is in no deck any more." in said


async def test_status_leaves_out_a_date_that_was_asked_already(on: Dialogue) -> None:
    await on.says(ADMIN, "daily now")
    assert f"Next: {at(2026, 11, 24, 9)}" in await on.hears("ana", "daily")


async def test_the_local_time_stays_when_the_clocks_change(d: Dialogue) -> None:
    d.now = datetime(2026, 10, 24, 8, tzinfo=UTC)
    said = await d.hears(ADMIN, "daily on 09:00 daily berlin")
    assert f"Next: {' · '.join(at(2026, 10, day, 9, zone=BERLIN) for day in (25, 26, 27))}\n" in said
    await d.forward(hours=23)
    assert d.platform.posts == []
    await d.forward(hours=1)
    assert len(d.platform.posts) == 1


async def test_the_reveal_rule_holds_from_the_next_round_on(on: Dialogue) -> None:
    await on.forward(hours=2)
    said = await on.hears(ADMIN, "daily reveal 1 30m 4h")
    assert (
        "From the next question on:** revealed with 1 answer, 30 min at the earliest; else after 4 h." in said
    )
    # Nobody usually answers here, so that the round that is open waits for its deadline.
    assert f"Reveal: {moment(START.replace(hour=17), UTC)}\n" in await on.hears("ana", "today")
    await on.forward(days=1)
    assert len(on.platform.lines) == 1
    await on.says("ana", "answer This is what I think of it.")
    assert len(on.platform.lines) == 2


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("0 1h 8h", "`0` should be a whole number from 1 to 1000."),
        ("1001 1h 8h", "`1001` should be a whole number from 1 to 1000."),
        ("some 1h 8h", "`some` should be a whole number"),
        ("regular 1h 8h", "`regular` should be a whole number"),
        ("3 1 8h", "`1` is not a duration."),
        ("3 1h never", "`never` is not a duration."),
        ("3 -1h 8h", "`-1h` is not a duration."),
        ("3 8h 1h", "The deadline should be no shorter than the wait, and from `5m` to `24h`."),
        ("3 1h 25h", "from `5m` to `24h`"),
        ("3 9h", "The deadline should be no shorter than the wait"),
        ("", "`daily reveal` needs one more word: `regulars` to wait for all who usually answer"),
        ("3 1h 8h 9h", "`deadline` is named twice: `8h` and `9h`."),
    ],
)
async def test_a_reveal_rule_out_of_bounds_is_refused(on: Dialogue, rule: str, said: str) -> None:
    reply = await on.says(ADMIN, f"daily reveal {rule}")
    assert is_refused(reply)
    assert said in on.text(reply)
    assert f"Reveal: {BY_REGULARS}" in await on.hears("ana", "daily")


async def test_a_reveal_rule_keeps_what_it_does_not_name(on: Dialogue) -> None:
    await on.says(ADMIN, "daily reveal 2 30m 4h")
    assert "with 5 answers, 30 min at the earliest; else after 4 h" in await on.hears(ADMIN, "daily reveal 5")
    assert "with 5 answers, 2 h at the earliest; else after 4 h" in await on.hears(ADMIN, "daily reveal 5 2h")
    said = await on.hears(ADMIN, "daily reveal REGULARS")
    assert "when everyone who usually answers has answered, 2 h at the earliest; else after 4 h" in said


async def test_a_reveal_rule_goes_back_to_the_default_with_what_is_named_behind_it(on: Dialogue) -> None:
    await on.says(ADMIN, "daily reveal 2 30m 4h")
    said = await on.hears(ADMIN, "daily reveal Default")
    assert f"revealed {BY_REGULARS}" in said
    assert f"Reveal: {BY_REGULARS}" in await on.hears("ana", "daily")
    await on.says(ADMIN, "daily reveal 2 30m 4h")
    said = await on.hears(ADMIN, "daily reveal default 2h")
    assert "when everyone who usually answers has answered, 2 h at the earliest; else after 8 h" in said


@pytest.mark.parametrize("rule", ["1 0m 1h", "1000 24h 24h", "3 8h 8h"])
async def test_a_reveal_rule_may_go_to_its_bounds(on: Dialogue, rule: str) -> None:
    assert not is_refused(await on.says(ADMIN, f"daily reveal {rule}"))


async def test_a_deadline_leaves_time_to_answer(on: Dialogue) -> None:
    assert is_refused(await on.says(ADMIN, "daily reveal 3 0m 0m"))


async def test_public_holidays_have_no_question(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "daily on 09:00 weekdays Europe/Berlin holidays de-by")
    assert "No question on: holidays of Bavaria (next: Fri 25 Dec)" in said
    d.now = datetime(2026, 12, 24, 12, 0, tzinfo=UTC)
    assert f"Next: {at(2026, 12, 28, 9, zone=BERLIN)}" in await d.hears(ADMIN, "daily status")
    # A change of the time leaves them as they are, and `none` takes them out.
    assert "holidays of Bavaria" in await d.hears(ADMIN, "daily on 10:00")
    said = await d.hears(ADMIN, "daily on 10:00 holidays none")
    assert "No question on" not in said
    assert f"Next: {at(2026, 12, 25, 10, zone=BERLIN)}" in said


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Germany", "Germany"),
        ("germany", "Germany"),
        ("DE", "Germany"),
        ("Bavaria", "Bavaria"),
        ('"united kingdom"', "United Kingdom"),
        ("USA", "United States"),
        ("Brazil", "Brazil"),
    ],
)
async def test_a_country_is_understood_by_its_name(d: Dialogue, typed: str, shown: str) -> None:
    assert f"No question on: holidays of {shown}" in await d.hears(ADMIN, f"daily on 9:00 holidays {typed}")


async def test_own_free_dates_have_no_question(on: Dialogue) -> None:
    said = await on.hears(ADMIN, "daily free 2026-11-24..2026-11-26, 2026-11-28")
    assert "These dates have no question." in said
    assert "No question on: 24 Nov to 26 Nov, 28 Nov (next: Tue 24 Nov)" in said
    assert f"Next: {' · '.join(at(2026, 11, day, 9) for day in (23, 27, 29))}\n" in said
    await on.forward(days=7)
    assert [post.key for post in on.platform.posts] == [f"practice:{day}" for day in (20780, 20784, 20786)]


async def test_free_dates_are_added_and_taken_back(on: Dialogue) -> None:
    await on.says(ADMIN, "daily free tomorrow")
    assert "24 Nov, 1 Dec to 3 Dec" in await on.hears(ADMIN, "daily free 1 Dec to 3 Dec")
    # A change of the time leaves them as they are.
    assert "24 Nov, 1 Dec to 3 Dec" in await on.hears(ADMIN, "daily on 10:00")
    assert "No question on" not in await on.hears(ADMIN, "daily free none")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("holidays United Kingdom rag-less", "cannot use `rag-less`"),
        ("holidays United Kingdom", "holidays of United Kingdom"),
        ("holidays South Korea 10:00", "10:00 (UTC)"),
        ("holidays New Zealand", "holidays of New Zealand"),
        ("new york weekdays", "Mon to Fri, 09:00 (America/New_York)"),
        ("weekdays los angeles", "Mon to Fri, 09:00 (America/Los_Angeles)"),
        ("10:00 long context", "Topics: long context"),
        ("holidays United", "cannot use `United`"),
    ],
)
async def test_names_of_several_words_need_no_quotes(on: Dialogue, named: str, said: str) -> None:
    assert said in await on.hears(ADMIN, f"daily on {named}")


async def test_free_dates_are_taken_with_a_dash_between_them(on: Dialogue) -> None:
    assert "24 Dec to 2 Jan" in await on.hears(ADMIN, "daily free 24 Dec - 2 Jan")


async def test_free_dates_that_have_passed_are_forgotten(on: Dialogue) -> None:
    await on.says(ADMIN, "daily free 2026-11-24")
    await on.forward(days=3)
    assert "No question on: 30 Nov (" in await on.hears(ADMIN, "daily free 2026-11-30")


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("christmas", "`christmas` is not a date. Write it like `2026-12-24`, `24 Dec` or `tomorrow`."),
        ("2026-12-24..2026-12-01", "should end after it begins, within a year."),
        ("2026-12-24..2028-12-24", "should end after it begins, within a year."),
        (
            ",".join(f"2027-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(51)),
            "50 ranges of free dates fit.",
        ),
        ("2026-12-24, 2020-01-01", "Wed 1 Jan 2020 is over, so nothing was changed."),
        ("2026-11-01", "Sun 1 Nov is over, so nothing was changed. Write it like"),
        ("9999-12-31", "`9999-12-31` is not a date."),
        (",", "Which dates? Write it like"),
    ],
)
async def test_free_dates_that_make_no_sense_are_refused(on: Dialogue, dates: str, said: str) -> None:
    reply = await on.says(ADMIN, f"daily free {dates}")
    assert is_refused(reply)
    assert said in on.text(reply)
    assert "No question on" not in await on.hears("ana", "daily")


async def test_free_dates_name_their_year_where_it_is_another(on: Dialogue) -> None:
    said = await on.hears(ADMIN, "daily free 24 Dec..2 Jan")
    assert "No question on: 24 Dec to 2 Jan 2027 (next: Thu 24 Dec)" in said


LACKING = "Type `/invite @llmq` here."


async def test_where_llmq_cannot_post_the_question_is_not_on_yet_and_the_settings_are_kept(
    d: Dialogue,
) -> None:
    d.platform.lacking = (LACKING,)
    reply = await d.says(ADMIN, "daily on 09:00 daily attention")
    said = d.text(reply)
    assert "Not on yet: llmq cannot work here.** Your settings are kept." in said
    assert LACKING in said
    await d.forward(days=2)
    assert d.platform.posts == []
    assert LACKING in await d.hears("ana", "daily status")
    # Asked again while it is still so, it says so again.
    assert LACKING in d.text(await d.press(ADMIN, reply, "Check again"))
    d.platform.lacking = ()
    said = d.text(await d.press(ADMIN, reply, "Check again"))
    assert "The daily question goes on" in said
    assert "Topics: attention" in said
    assert CAN_ALL in said
    await d.forward(days=1)
    assert len(d.platform.posts) == 1


async def test_now_says_what_llmq_lacks_instead_of_promising_a_question(on: Dialogue) -> None:
    on.platform.lacking = (LACKING,)
    reply = await on.says(ADMIN, "daily now")
    assert is_refused(reply)
    assert on.text(reply) == f"{LACKING}\n[Check again]"
    assert on.platform.posts == []
    on.platform.lacking = ()
    assert "Today's question is coming." in on.text(await on.press(ADMIN, reply, "Check again"))
    assert len(on.platform.posts) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily on 9:00 holidays", "`daily on` needs one more word: a country or region"),
        ("daily on 9:00 holidays DE-XY", "`daily on` cannot use `DE-XY`. Did you mean `DE-"),
        ("daily on 9:00 DE-BY", "`daily on` cannot use `DE-BY`."),
    ],
)
async def test_a_region_that_is_not_known_is_refused(d: Dialogue, text: str, said: str) -> None:
    assert said in await d.hears(ADMIN, text)


async def test_holidays_break_no_streak(d: Dialogue) -> None:
    d.now = datetime(2026, 12, 24, 7, 0, tzinfo=UTC)
    await d.says(ADMIN, "daily on 09:00 weekdays Europe/Berlin holidays DE")
    await d.forward(hours=2)
    await d.says("ana", "answer", "An answer before the feast.")
    await d.forward(days=4)
    await d.says("ana", "answer", "An answer after the feast.")
    assert "Streak in #practice: 2 days, best 2" in await d.hears("ana", "me")
