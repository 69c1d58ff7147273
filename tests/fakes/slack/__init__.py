"""A Slack on this machine, for slack-bolt and slack_sdk to talk to as they talk to the real one."""

from tests.fakes.clock import Clock
from tests.fakes.slack.acted import Acted, NotPossible, Submitted
from tests.fakes.slack.delivery import Attempt, Delivery
from tests.fakes.slack.faults import Dropped, Hang, Pass, RateLimited, Refused, ServerError
from tests.fakes.slack.people import Channel, Message, User, View
from tests.fakes.slack.signed import SignedHttp
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.users import Member
from tests.fakes.slack.world import EVENTS, App, Call, Workspace

__all__ = [
    "EVENTS",
    "Acted",
    "App",
    "Attempt",
    "Call",
    "Channel",
    "Clock",
    "Delivery",
    "Dropped",
    "Hang",
    "Member",
    "Message",
    "NotPossible",
    "Pass",
    "RateLimited",
    "Refused",
    "ServerError",
    "SignedHttp",
    "SlackStandIn",
    "Submitted",
    "User",
    "View",
    "Workspace",
]
