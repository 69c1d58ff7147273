"""Every number of the game, named once: Python, the scripts in Redis and the prose take them from here."""

from __future__ import annotations

from datetime import timedelta

# Points.
IN_TIME = 10
LATE = 4
SELF_GRADE = 2
PRACTICE = 1
PRACTICE_A_DAY = 5
# The same question earns a member round points once in so long.
EARNS_AGAIN_AFTER = timedelta(days=60)

# Streaks, in question days of a channel.
FREEZE_EVERY = 7
MOST_FREEZES = 2
RESTORE_WITHIN = timedelta(days=3)
RESTORE_EVERY = timedelta(days=30)
# What became of a streak is told while it is news.
TOLD_WITHIN_DAYS = 7
# Times away that are kept of a member.
MOST_AWAY = 10
# A question that could be answered for less than this, because llmq was down, is not counted.
ANSWERABLE = timedelta(hours=4)

# The reveal.
MIN_REPLIES = 3
MIN_WAIT = timedelta(hours=1)
DEADLINE = timedelta(hours=8)
SHORTEST_DEADLINE, LONGEST_DEADLINE = timedelta(minutes=5), timedelta(hours=24)
# A regular has answered so many of the channel's last rounds.
REGULAR_ROUNDS = 5
REGULAR_ANSWERS = 2
# The question's post says how many answered, brought up to date so often at most.
RECOUNT_EVERY = timedelta(minutes=5)
# With more answers to one of them, nobody is waited for: the deadline decides.
MOST_TO_WAIT_FOR = 500

# The schedule.
OPEN_FOR = timedelta(hours=24)
GRACE = timedelta(hours=2)
PAUSE_AFTER_UNANSWERED = 5
# So many questions ahead of a schedule are kept from practice, review and interviews.
KEPT_AHEAD = 10
# Questions that admins may put before a channel's own order.
MOST_QUEUED = 10
# Rounds between a question and one that follows it up.
FOLLOW_UP_AFTER = 3

# Answers.
SHORTEST_ANSWER = 10
LONGEST_ANSWER = 4000
# More of an answer than this being the reference, letter by letter, makes it a copy.
MOST_COPIED = 0.6
PIECE_OF_COPY = 24

# Boards.
BOARD_TOP = 10
# A board outlives its period long enough for late answers and for a look back.
KEPT_WEEK_BOARD, KEPT_MONTH_BOARD = timedelta(days=60), timedelta(days=400)

# How long things are kept.
KEPT_ROUND = timedelta(days=90)
KEPT_LEDGER_DAYS = 200
KEPT_REQUEST = timedelta(days=1)
# A question's post, and the reply in its thread that is an answer, are known by their messages for so long.
KEPT_MESSAGE = timedelta(days=8)
# A platform may repeat an act of a member for so long after they had everything erased.
KEPT_ERASED = timedelta(days=8)
# The append-only file has lost what was erased after so long (bot/store/file.py).
ON_DISK = timedelta(days=7)
# What is held of a team that llmq was taken out of, where the operator sets nothing else.
PURGE_AFTER = timedelta(days=30)
# What a process does not come to do behind what it has kept is taken up after so long.
TAKEN_UP_AFTER = timedelta(minutes=1)
# A member's data is gathered once in so long.
EXPORT_EVERY = timedelta(minutes=10)
# A text that was taken back can be had again for so long.
KEPT_WITHDRAWN = timedelta(minutes=10)
# What was answered in practice or review can be compared for so long.
KEPT_ATTEMPT = timedelta(days=2)
MOST_PROPOSALS = 500
KEPT_INTERVIEW = timedelta(days=30)
# Flags that wait for a team's admins, and settled ones that the operator can read.
MOST_FLAGS = 200
MOST_SETTLED_FLAGS = 500
# Acts of a channel's admins that the others can look at.
MOST_ACTS = 100
# Suggestions that wait, of a member and of a team; and the questions of a team's own deck.
MOST_SUGGESTIONS, MOST_SUGGESTIONS_OF_A_TEAM = 5, 200
MOST_OWN_QUESTIONS = 500
# Members whom a team's admins name to settle suggestions, or to be admins of llmq, too.
MOST_NAMED = 20
# Of each of a team's own questions so many earlier versions are kept.
MOST_VERSIONS = 20
# A suggestion that was not sent, or came back, can be gone on with for so long.
KEPT_DRAFT = timedelta(days=7)

# Learning.
MOST_REVIEWS_A_DAY = 20
INTERVIEW_QUESTIONS, MOST_INTERVIEW_QUESTIONS = 5, 12
INTERVIEW_MINUTES, MOST_INTERVIEW_MINUTES = 6, 60
