"""The commands, each declared once; help and every platform's own listing follow from this table."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands import (
    absence,
    answering,
    daily,
    daily_settings,
    daily_status,
    flagging,
    helping,
    history,
    home,
    interview,
    known,
    leaderboard,
    learning,
    log,
    me,
    named,
    practice,
    privacy,
    questions,
    queueing,
    reminding,
    review,
    streak,
    suggesting,
    transfer,
)
from bot.commands.arguments import DAY_WORDS, LIKELY_ZONES, read_days, read_zone, zones
from bot.commands.parsing import Argument, Call, Command, CommandTable, Game
from bot.game.catalogue import Catalogue
from bot.game.exports import EXPORT_FORMS
from bot.game.holidays import read_region, regions
from bot.game.memory import Grade
from bot.game.rules import BOARD_TOP, MOST_ACTS, MOST_INTERVIEW_MINUTES, MOST_INTERVIEW_QUESTIONS
from bot.messages import Reply
from bot.wording import in_letters
from content.deck import Level

LONGEST_NUMBER = 4


def all_decks(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(catalogue.titles)


def decks_and_topics(catalogue: Catalogue) -> tuple[str, ...]:
    return catalogue.sources


def all_sources(catalogue: Catalogue) -> tuple[str, ...]:
    return (daily.ALL, *catalogue.sources)


def all_names(_: Catalogue) -> tuple[str, ...]:
    return TABLE.names


def all_zones(_: Catalogue) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*LIKELY_ZONES, *zones().values())))


async def help_(game: Game, call: Call) -> Reply:
    """The commands in groups, one group, or one command in detail."""
    return await helping.help_with(TABLE, game, call)


DATE_WORD = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def is_round(word: str) -> bool:
    """A round as buttons name it: `@`, the channel, a colon and the day."""
    channel, _, day = word.removeprefix("@").rpartition(":")
    return word.startswith("@") and bool(channel) and day.isdecimal()


def is_target(word: str) -> bool:
    """A round, or a question by the ids of its deck and its own."""
    return is_round(word) or (len(word) > 2 and "/" in word[1:-1])


def is_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= LONGEST_NUMBER


def is_word(word: str) -> bool:
    return bool(word)


def is_date(word: str) -> bool:
    """Whether a word means a date: digits and hyphens."""
    return DATE_WORD.fullmatch(word) is not None


def is_time(word: str) -> bool:
    """Whether a word means a time of day, or was meant to: it begins with a digit."""
    return word[:1].isdigit()


ROUND = Argument("round", "the round a button belongs to", accepts=is_round, hidden=True)
TARGET = Argument("target", "a question of the channel or of the decks", accepts=is_target, hidden=True)
NEEDED = Argument("target", "a question of the decks", accepts=is_word, optional=False)
POINT = Argument("number", "the number of a key point", accepts=is_number, optional=False)
GRADE = Argument("grade", "`again`, `hard`, `good` or `easy`", values=tuple(Grade))
FLAG = Argument("flag", "a flag's id", accepts=is_word, optional=False)
SUGGESTION = Argument("suggestion", "a suggestion's id", accepts=is_word, optional=False)
CHOSEN = replace(GRADE, optional=False)
QUESTION = Argument("question", "a question's id", accepts=is_word, optional=False)
ITS_ID = Argument(
    "question",
    "a question's id, such as `rag/chunking`",
    choices=lambda catalogue: tuple(catalogue.items),
    accepts=is_word,
    optional=False,
)
FORM = Argument("form", "`md`, `csv` or `anki`", values=EXPORT_FORMS)
MEMBERS = Argument("members", "members such as `@Ana @Bo`, or `none`", rest=True, optional=False)
VERSION = Argument("version", "the number of a version", most=999, hidden=True)
QUESTIONS = Argument("questions", "how many questions", most=MOST_INTERVIEW_QUESTIONS)
MINUTES = Argument("minutes", "how many minutes for each", most=MOST_INTERVIEW_MINUTES)
TOPIC = Argument("topic", "a deck or a topic from `/llmq topics`", choices=decks_and_topics)
ABOUT = Argument(
    "topic",
    "a deck, a topic or words of the question",
    choices=decks_and_topics,
    accepts=lambda word: word.casefold() not in tuple(Level),
    many=True,
)
ASKED = Argument("topic", "a topic or deck that was asked here", choices=decks_and_topics, accepts=is_word)
NUMBER = Argument("page", "the number of a page", most=99)
DATE = Argument("date", "a day such as `2026-11-24`", accepts=is_date)
PAST = (ROUND, NUMBER, DATE, ASKED)
DECK = Argument("deck", "a deck, for its topics", choices=all_decks)
LEVEL = Argument("level", "`easy`, `medium` or `hard`", values=tuple(Level))
PIN_SWITCH = Argument("switch", "`on` or `off`", values=("on", "off"), optional=False)
RECAP_DAY = Argument(
    "day", "`friday`, `monday` or `off`", values=tuple(daily_settings.RECAPS), optional=False
)
BOARD = Argument("board", "`week`, `month`, `all` or `streak`", values=tuple(leaderboard.BOARDS))
SCOPE = Argument("scope", "`team` for all channels together", values=(leaderboard.TEAM,))
SHOW = Argument("show", "the reference too", values=("show",), hidden=True)
TIME = Argument("time", "a local time such as `09:00` or `9am`", accepts=is_time)
DAYS = Argument(
    "days",
    "days such as `weekdays`, `mon-fri` or `mon,wed,fri`",
    choices=lambda _: DAY_WORDS,
    accepts=lambda word: read_days(word) is not None,
)
ZONE = Argument(
    "zone",
    "a time zone such as `Europe/Berlin`",
    choices=all_zones,
    accepts=lambda word: read_zone(word) is not None,
)
HOLIDAYS = Argument(
    "holidays",
    "a country or region such as `Germany` or `DE-BY`, whose public holidays have no question, or `none`",
    choices=lambda _: (daily.NONE, *regions()),
    accepts=lambda word: word.casefold() == daily.NONE or read_region(word) is not None,
    announced="REGION",
)
SOURCES = Argument("sources", "decks or topics from `/llmq topics`, or `all`", choices=all_sources, many=True)

TABLE = CommandTable(
    (
        Command("start", "How to begin, and how the day's question stands", helping.start, hidden=True),
        Command(
            "answer",
            "Answer the channel's question: in a form, or with TEXT; `answer withdraw` takes yours back",
            answering.answer,
            (ROUND, Argument("text", "your answer, or `withdraw`", rest=True)),
            needs_decks=False,
        ),
        Command(
            "today",
            "The channel's question and how it stands",
            answering.today,
            (ROUND, SHOW),
            needs_decks=False,
        ),
        Command("reply", "A message in a question's thread", answering.reply, hidden=True, needs_decks=False),
        Command("hint", "How many key points there are, and how one begins", learning.hint, (TARGET,)),
        Command("flag", "Say that something is wrong with a question", flagging.flag, (TARGET,)),
        Command("suggest", "Suggest a question for this team, in a form", suggesting.suggest),
        Command(
            "suggest send",
            "Send it, though there is one like it",
            suggesting.send,
            (SUGGESTION,),
            hidden=True,
        ),
        Command("suggest drop", "Forget what was written", suggesting.drop, hidden=True, needs_decks=False),
        Command(
            "suggest nameless",
            "Leave the name out",
            suggesting.nameless,
            (SUGGESTION,),
            hidden=True,
            needs_decks=False,
        ),
        Command(
            "random",
            "A question to practise on",
            practice.random,
            (ABOUT, LEVEL),
            chapter="learn",
            words="rag",
        ),
        Command(
            "random show", "The answer to a practice question", practice.show_answer, (QUESTION,), hidden=True
        ),
        Command("random answer", "Answer a practice question", practice.practise, (QUESTION,), hidden=True),
        Command("review", "What is due again, one after another", review.review, (TOPIC,), chapter="learn"),
        Command("review answer", "Answer what is due", review.answer, (NEEDED,), hidden=True),
        Command("review show", "The answer to what is due", review.show, (NEEDED,), hidden=True),
        Command("review said", "A key point that was said", review.say_point, (NEEDED, POINT), hidden=True),
        Command(
            "review grade",
            "How well you knew it",
            review.grade,
            (NEEDED, replace(GRADE, optional=False)),
            hidden=True,
        ),
        Command("review stop", "Leave the review", review.stop, hidden=True),
        Command(
            "compare", "The key points beside your own answer", learning.compare, (TARGET,), chapter="learn"
        ),
        Command(
            "said",
            "A key point that was said",
            learning.say_point,
            (replace(TARGET, optional=False), POINT),
            hidden=True,
        ),
        Command("grade", "How well you knew an answer", learning.grade, (TARGET, GRADE), hidden=True),
        Command(
            "interview",
            "A mock interview, some questions in a row and results at the end",
            interview.interview,
            (TOPIC, QUESTIONS, MINUTES),
            chapter="learn",
            words="3",
        ),
        Command("interview next", "The question that waits", interview.go_on, hidden=True),
        Command("interview answer", "Answer a question of it", interview.answer, (NEEDED,), hidden=True),
        Command("interview skip", "Leave a question of it out", interview.skip, (NEEDED,), hidden=True),
        Command("interview pause", "Go on later", interview.pause, hidden=True),
        Command("interview end", "Finish now", interview.end, hidden=True),
        Command("interview drop", "Forget it", interview.drop, hidden=True),
        Command(
            "interview said", "A key point that was said", interview.say_point, (NEEDED, POINT), hidden=True
        ),
        Command("interview grade", "How well you knew it", interview.grade, (NEEDED, CHOSEN), hidden=True),
        Command("interview show", "One question of its report", interview.show, (POINT,), hidden=True),
        Command(
            "topics",
            "Decks and topics, and how much of them you have answered",
            practice.topics,
            (DECK,),
            chapter="learn",
        ),
        Command(
            "history",
            "The channel's past questions, and your part in them",
            history.history,
            PAST,
            chapter="learn",
        ),
        Command("history topic", "Past questions on a topic", history.by_topic, hidden=True),
        Command("history open", "One past question whole", history.open_one, (NUMBER, ASKED), hidden=True),
        Command("me", "Your streak, points and last twelve weeks", me.me, chapter="standing"),
        Command(
            "me topics", "Your topics, and what you know of them", known.by_topic, (NUMBER,), hidden=True
        ),
        Command(
            "streak",
            "Your last 30 question days and the rules",
            streak.streak,
            chapter="standing",
            needs_decks=False,
        ),
        Command(
            "leaderboard",
            f"The top {in_letters(BOARD_TOP)} of the channel or the team, and your own place",
            leaderboard.leaderboard,
            (BOARD, SCOPE),
            chapter="standing",
            words="month",
            needs_decks=False,
        ),
        Command(
            "leaderboard show",
            "A board for the whole channel",
            leaderboard.show_leaderboard,
            (BOARD, SCOPE),
            hidden=True,
        ),
        Command(
            "settings", "Your reminders and switches, on one page", reminding.settings, chapter="standing"
        ),
        Command("settings edit", "Change them in a form", reminding.edit, hidden=True),
        Command(
            "remind review",
            "A private message at a time of day when something is due, or `off`",
            reminding.remind_of_review,
            (Argument("time", "a local time such as `08:30`, or `off`", accepts=is_word, optional=False),),
            chapter="standing",
            words="08:30",
        ),
        Command(
            "remind deadline",
            "A private message before a reveal that would end your streak, or `off`",
            reminding.remind_of_deadline,
            (Argument("before", "how long before, such as `1h`, or `off`", accepts=is_word, optional=False),),
            chapter="standing",
            words="1h",
        ),
        Command(
            "remind reveal",
            "A private message at the reveal",
            reminding.remind_of_reveal,
            (Argument("switch", "`on` or `off`", values=(reminding.ON, reminding.OFF), optional=False),),
            chapter="standing",
            words="on",
        ),
        Command("remind off", "No reminders any more", reminding.remind_off, chapter="standing"),
        Command(
            "away",
            "Be away, `away tomorrow fri` or `away off`: streaks wait",
            absence.away,
            (Argument("when", "the first day and the last, or `off`", rest=True, optional=False),),
            chapter="standing",
            words="tomorrow fri",
        ),
        Command("boards off", "Leave the leaderboards", leaderboard.boards_off, chapter="standing"),
        Command("boards on", "Join the leaderboards again", leaderboard.boards_on, chapter="standing"),
        Command(
            "privacy show",
            "What llmq keeps of you, why and how long",
            privacy.privacy,
            needs_decks=False,
            alias="privacy",
            chapter="standing",
        ),
        Command(
            "privacy export",
            "All that llmq keeps of you, as a page and as JSON",
            privacy.export,
            needs_decks=False,
            chapter="standing",
        ),
        Command(
            "privacy erase",
            "Erase all that llmq keeps of you in this team",
            privacy.erase,
            (Argument("yes", "that it is meant", values=("yes",), hidden=True),),
            needs_decks=False,
            chapter="standing",
        ),
        Command("home", "Your overview, for a platform's own page", home.home, hidden=True),
        Command(
            "daily status",
            "The channel's schedule and its next questions",
            daily_status.status,
            alias="daily",
        ),
        Command(
            "daily on",
            "Ask a question every day at a local time",
            daily.turn_on,
            (TIME, DAYS, ZONE, HOLIDAYS, SOURCES),
            admin=True,
            chapter="admin",
            words="09:00 mon-fri Europe/Berlin",
        ),
        Command("daily off", "End the schedule", daily.turn_off, admin=True, chapter="admin"),
        Command("daily pause", "Ask nothing until resumed", daily.pause, admin=True, chapter="admin"),
        Command(
            "daily resume",
            "Go on after a pause, or take a skip back",
            daily.resume,
            admin=True,
            chapter="admin",
        ),
        Command("daily now", "Ask today's question at once", daily.ask_now, admin=True, chapter="admin"),
        Command(
            "daily next",
            "Put a question before the channel's own order, by its id or words of it",
            queueing.put_next,
            (Argument("question", "an id such as `rag/chunking`, or words", rest=True, optional=False),),
            admin=True,
            alias="next",
            chapter="admin",
            words="chunking",
        ),
        Command(
            "daily queue",
            "What was put before the order",
            queueing.queue,
            admin=True,
            shows=True,
            alias="queue",
            chapter="admin",
        ),
        Command("queue remove", "Take a question out", queueing.remove, (QUESTION,), admin=True, hidden=True),
        Command("daily skip", "Leave the next planned question out", daily.skip, admin=True, chapter="admin"),
        Command(
            "daily reveal",
            "Set when answers are revealed",
            daily_settings.set_reveal,
            (
                Argument(
                    "answers",
                    "`regulars` to wait for all who usually answer, how many are enough, or `default`",
                    accepts=is_word,
                    optional=False,
                ),
                Argument("min_wait", "the least wait, such as `1h`", accepts=is_word),
                Argument("deadline", "the longest wait, such as `8h`", accepts=is_word),
            ),
            admin=True,
            chapter="admin",
            words="regulars 1h 8h",
        ),
        Command(
            "daily free",
            "Leave dates out, such as `2026-12-24..2027-01-02`; `none` takes yours back",
            daily_settings.set_free,
            (
                Argument(
                    "dates",
                    "dates or ranges, separated by commas, or a calendar file",
                    rest=True,
                    optional=False,
                    file="a calendar file (.ics) with the dates",
                ),
            ),
            admin=True,
            chapter="admin",
            words="24 Dec..2 Jan",
        ),
        Command(
            "daily ping",
            "Whom the question's post calls: `here`, one group, or `off`",
            daily_settings.set_ping,
            (Argument("who", "`here`, a group or role, or `off`", rest=True, optional=False),),
            admin=True,
            chapter="admin",
            words="here",
        ),
        Command(
            "daily pin",
            "Pin the question as long as it takes answers, or `off`",
            daily_settings.set_pin,
            (PIN_SWITCH,),
            admin=True,
            chapter="admin",
            words="on",
        ),
        Command(
            "daily recap",
            "Tell the channel of its week, on `friday` or `monday`; or `off`",
            daily_settings.set_recap,
            (RECAP_DAY,),
            admin=True,
            chapter="admin",
            words="friday",
        ),
        Command(
            "daily goal",
            "How many should take part in a week, for its recap",
            daily_settings.set_goal,
            (Argument("members", "how many, or `none`", accepts=is_word, optional=False),),
            admin=True,
            chapter="admin",
            words="5",
        ),
        Command(
            "daily excuse",
            "Let a question day break nobody's streak",
            daily.excuse,
            (Argument("date", "a date such as `2026-11-24` or `yesterday`", rest=True, optional=False),),
            admin=True,
            chapter="admin",
            words="yesterday",
        ),
        Command(
            "daily admins",
            "Members who may do all that admins may, or `none`",
            named.admins,
            (MEMBERS,),
            admin=True,
            of_team=True,
            chapter="admin",
            words="@Ana @Bo",
        ),
        Command(
            "daily reviewers",
            "Members who settle suggestions beside the admins, or `none`",
            named.reviewers,
            (MEMBERS,),
            admin=True,
            of_team=True,
            chapter="admin",
            words="@Ana @Bo",
        ),
        Command("reveal", "Reveal the open question now", answering.reveal, admin=True, chapter="admin"),
        Command(
            "log",
            f"What admins did in this channel, the last {MOST_ACTS} acts",
            log.show,
            (Argument("page", "a page", most=10, hidden=True),),
            admin=True,
            shows=True,
            chapter="admin",
            needs_decks=False,
        ),
        Command(
            "flags",
            "What members flagged, one after another",
            flagging.flags,
            (replace(FLAG, hidden=True, optional=True),),
            admin=True,
            of_team=True,
            shows=True,
            chapter="admin",
        ),
        Command(
            "flags keep", "The question stays", flagging.keep, (FLAG,), admin=True, of_team=True, hidden=True
        ),
        Command(
            "flags retire",
            "Ask it no more here",
            flagging.retire,
            (FLAG,),
            admin=True,
            of_team=True,
            hidden=True,
        ),
        Command(
            "flags reply", "Reply to a flag", flagging.reply, (FLAG,), admin=True, of_team=True, hidden=True
        ),
        Command(
            "flags restore",
            "Ask it again",
            flagging.restore,
            (NEEDED,),
            admin=True,
            of_team=True,
            hidden=True,
        ),
        Command(
            "questions list",
            "All that can be asked in this team, or what is found by a topic or words",
            questions.list_,
            (ABOUT, LEVEL, replace(NUMBER, announced="N")),
            alias="questions",
            chapter="learn",
            words="rag",
            searches=True,
        ),
        Command(
            "questions show",
            "One question whole, and what it was before",
            questions.show,
            (ITS_ID, VERSION),
            admin=True,
            of_team=True,
            shows=True,
            alias="question show",
            chapter="admin",
            words="rag/chunking",
        ),
        Command(
            "questions add",
            "Add a question to the team's own deck, in a form",
            questions.add,
            admin=True,
            of_team=True,
            alias="question add",
            chapter="admin",
        ),
        Command(
            "questions edit",
            "Change one of the team's questions, in a form",
            questions.edit,
            (ITS_ID,),
            admin=True,
            of_team=True,
            alias="question edit",
            chapter="admin",
            words="team/our-cache",
        ),
        Command(
            "questions retire",
            "Ask a question no more in this team",
            questions.retire,
            (ITS_ID,),
            admin=True,
            of_team=True,
            alias="question retire",
            chapter="admin",
            words="rag/chunking",
        ),
        Command(
            "questions restore",
            "Ask a retired question again",
            questions.restore,
            (ITS_ID,),
            admin=True,
            of_team=True,
            alias="question restore",
            chapter="admin",
            words="rag/chunking",
        ),
        Command(
            "questions import",
            "Take questions that you paste into a form into the team's own deck",
            transfer.import_,
            admin=True,
            of_team=True,
            alias="question import",
            chapter="admin",
        ),
        Command(
            "questions export",
            "The team's own questions as a file: Markdown, CSV, or for Anki",
            transfer.export,
            (FORM,),
            admin=True,
            of_team=True,
            shows=True,
            alias="question export",
            chapter="admin",
            words="csv",
        ),
        Command(
            "questions suggested",
            "What members suggest, one after another",
            suggesting.suggestions,
            (replace(SUGGESTION, hidden=True, optional=True),),
            admin=True,
            of_team=True,
            reviewers=True,
            shows=True,
            alias="suggestions",
            chapter="admin",
        ),
        Command(
            "suggestions approve",
            "It may be asked",
            suggesting.approve,
            (SUGGESTION,),
            admin=True,
            of_team=True,
            reviewers=True,
            hidden=True,
        ),
        Command(
            "suggestions edit",
            "Change it",
            suggesting.edit,
            (SUGGESTION,),
            admin=True,
            of_team=True,
            reviewers=True,
            hidden=True,
        ),
        Command(
            "suggestions decline",
            "Give it back",
            suggesting.decline,
            (SUGGESTION,),
            admin=True,
            of_team=True,
            reviewers=True,
            hidden=True,
        ),
        Command(
            "help",
            "All commands, or one in detail",
            help_,
            (Argument("command", "a command", choices=all_names, rest=True),),
            words="random",
            needs_decks=False,
        ),
    )
)
