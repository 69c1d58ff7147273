"""A Discord on this machine, for discord.py to talk to as it talks to the real one.

    async with DiscordStandIn() as discord:               # discord.py's addresses point here while it is open
        channel = discord.channel("general")              # in discord.guild, the guild that is always there
        one = discord.user("one", nick="The One")
        client = MyClient(...)                            # a real client, started with discord.token
        await discord.gateway.connected()
        said = await one.slash(channel, "quiz", "answer", text="It drops units.")
        assert said.text == "Thanks!" and said.ephemeral
        pressed = await one.press(channel.posts[0], "Answer")
        sent = await one.submit(pressed.modal, {"answer": "It drops units."})
        assert discord.complaints == []                   # nothing refused, no failure seen, no unknown field

What a person sees comes back as `Acted`; what Discord's window would not allow raises `NotPossible`.
`discord.faults.add("create_message", Dropped(after=True))` lets calls go wrong, `discord.gateway` drops,
repeats, holds back and reorders events, `discord.admin` changes guilds, channels and permissions,
`discord.calls("create_message")` gives what was called, `Message.pings` whom a message has pinged, and
`discord.violations` what was refused. `await discord.settled()` waits until the client has taken note of all
that it was told, `await discord.until(...)` until something is so, and `with without_waiting():` takes the
sleeps out of discord.py, which waits for seconds before it tries again.
"""

from tests.fakes.clock import Clock
from tests.fakes.discord.acted import Acted, NotPossible
from tests.fakes.discord.admin import Admin
from tests.fakes.discord.cdn import File
from tests.fakes.discord.faults import Dropped, Fault, Hang, Lacking, Pass, RateLimited, Refused, ServerError
from tests.fakes.discord.impatience import without_waiting
from tests.fakes.discord.interactions import Interaction, Modal
from tests.fakes.discord.people import Guild, Membership, Role, User
from tests.fakes.discord.places import Channel, Message
from tests.fakes.discord.stand_in import DiscordStandIn
from tests.fakes.discord.users import Member
from tests.fakes.discord.world import App, Call, Event

__all__ = [
    "Acted",
    "Admin",
    "App",
    "Call",
    "Channel",
    "Clock",
    "DiscordStandIn",
    "Dropped",
    "Event",
    "Fault",
    "File",
    "Guild",
    "Hang",
    "Interaction",
    "Lacking",
    "Member",
    "Membership",
    "Message",
    "Modal",
    "NotPossible",
    "Pass",
    "RateLimited",
    "Refused",
    "Role",
    "ServerError",
    "User",
    "without_waiting",
]
