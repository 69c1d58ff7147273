"""What the app says to the gateway, and whether it is let in: to begin a session, or to go on with one."""

from __future__ import annotations

import json

from tests.fakes.discord.people import Json
from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.world import Event, World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, REQUEST_MEMBERS, INVALID, ACK = 1, 2, 3, 4, 6, 8, 9, 11
UNKNOWN_OP, BAD_JSON, NOT_IN, BAD_TOKEN, IN_ALREADY, BAD_SEQ = 4001, 4002, 4003, 4004, 4005, 4007
BAD_SHARD, BAD_INTENTS, NOT_GRANTED = 4010, 4013, 4014
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
ALL_INTENTS = (1 << 26) - 1


class Admission:
    """`identifies` and `resumes` are what was said to be let in, `sessions` what came of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: list[Session] = []
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []

    def take(self, connection: Connection, text: str) -> int | None:
        """Do what the app says; gives the code to close with, if it said something wrong."""
        try:
            frame = json.loads(text)
        except ValueError:
            return BAD_JSON
        told = frame.get("d")
        match frame.get("op"):
            case 1:
                connection.beats += 1
                connection.send({"op": ACK})
            case 2:
                return IN_ALREADY if connection.session else self.identify(connection, told)
            case 6:
                return IN_ALREADY if connection.session else self.resume(connection, told)
            case 8 if connection.session:
                self.chunk(connection.session, told)
            case 3 | 4 | 8:
                return None if connection.session else NOT_IN
            case _:
                return UNKNOWN_OP
        return None

    def identify(self, connection: Connection, told: Json) -> int | None:
        self.identifies.append(told)
        number, count = told.get("shard") or (0, 1)
        intents = told.get("intents")
        if told.get("token") != self.world.app.token:
            return BAD_TOKEN
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            return BAD_INTENTS
        if intents & PRIVILEGED & ~self.world.app.privileged:
            return NOT_GRANTED
        if not 0 <= number < count:
            return BAD_SHARD
        self.world.app.session_starts -= 1
        session = Session(self.world.new_id(), (number, count), intents, connection)
        session.lacking = self.world.lacking
        connection.session = session
        self.sessions.append(session)
        self.welcome(session)
        return None

    def welcome(self, session: Session) -> None:
        """READY names the guilds, and then each comes by itself."""
        mine = [one for one in self.world.guilds.values() if self.world.has_bot(one)]
        mine = [one for one in mine if session.wants(Event("", {}, one.id))]
        ready = {"v": 10, "user": self.world.bot.wire(), "session_type": "normal", "private_channels": []}
        ready |= {"guilds": [{"id": guild.id, "unavailable": True} for guild in mine]}
        ready |= {"session_id": session.id, "resume_gateway_url": self.url, "shard": list(session.shard)}
        session.tell("READY", ready | {"application": {"id": self.world.app_id, "flags": 0}})
        for guild in mine if session.intents & 1 else []:
            if not guild.unavailable:
                seen = [guild.members[self.world.bot.id]]
                session.tell("GUILD_CREATE", guild.created(seen) | {"unavailable": False})
        self.world.changed()

    def resume(self, connection: Connection, told: Json) -> int | None:
        self.resumes.append(told)
        if told.get("token") != self.world.app.token:
            return BAD_TOKEN
        session = next((one for one in self.sessions if one.id == told.get("session_id")), None)
        if not session or not session.resumable:
            connection.send({"op": INVALID, "d": False})
            return None
        after = told.get("seq") or 0
        if after > session.seq:
            return BAD_SEQ
        if session.connection:
            session.connection.cut()
        session.connection, connection.session = connection, session
        session.replay(after)
        self.world.changed()
        return None

    def chunk(self, session: Session, told: Json) -> None:
        """The members of a guild, by their ids or by how their names begin."""
        guild = self.world.guilds[str(told["guild_id"])]
        wanted = [str(one) for one in told.get("user_ids") or []]
        start = (told.get("query") or "").lower()
        found = [one for one in guild.members.values() if one.display_name.lower().startswith(start)]
        if wanted:
            found = [one for one in guild.members.values() if one.user.id in wanted]
        chunk: Json = {"guild_id": guild.id, "chunk_index": 0, "chunk_count": 1, "nonce": told.get("nonce")}
        session.tell("GUILD_MEMBERS_CHUNK", chunk | {"members": [one.wire() for one in found]})

    @property
    def url(self) -> str:
        return self.world.url.replace("http", "ws", 1) + "/gateway"
