"""How `dealroom host` holds under load: `python -m benchmarks.host [latency|kill|memory|flood]`, all by default.

The client is a process of its own with plain sockets, so that its work is not taken for the server's; both share the
machine's cores, so the figures are on the safe side.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from dealroom.seal.access import Person
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key
from dealroom.seal.reply import seal_reply

REPLIES, CONNECTIONS = 2_000, 50
REQUESTS = 100_000
TAKEN = 202
# Seconds in which a server has stopped.
PATIENCE = 60
KEY = WorkspaceKey(bytes(32))
ROOMS = tuple("abcdefghijklmnopqrstuv" + a + b for a in "ab" for b in "cdefg")
DANA = Person("dana", "Dana Whitfield", "buyer")
# As many as the clients can send: what is measured is the work, not the limit.
UNLIMITED = ("--a-minute", "10000000", "--a-minute-room", "10000000")


@dataclass(slots=True)
class Server:
    process: subprocess.Popen[str]
    port: int
    folder: Path

    def resident(self) -> float:
        """Memory of the process, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def processor(self) -> float:
        """Seconds of the processor that the process took, its own and the system's for it."""
        _, _, fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """As a service manager does: what was put together has its place then."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def stored(self) -> list[Path]:
        return sorted((self.folder / "replies").iterdir())


@contextmanager
def running(folder: Path, *options: str, port: int = 0) -> Iterator[Server]:
    command = [
        sys.executable,
        "-m",
        "dealroom",
        "-C",
        str(folder),
        "host",
        "--replies",
        str(folder / "replies"),
        *options,
    ]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        # The log must be read, or the server waits for its reader.
        reader = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        try:
            yield Server(process, int(urlsplit(started["address"]).port or 0), folder)
        finally:
            process.kill()
            reader.wait()


def replies(count: int) -> list[tuple[str, str]]:
    """Sealed replies and the rooms they are for."""
    keys = {room: replies_key(KEY, room).public_key().public_bytes_raw() for room in ROOMS}
    made = []
    for number in range(count):
        room = ROOMS[number % len(ROOMS)]
        payload = json.dumps({"n": number}).encode()
        made.append((room, armor(SealedReply(room, seal_reply(keys[room], room, DANA, bytes(32), payload)))))
    return made


@dataclass(slots=True)
class Client:
    """A browser that keeps its connection. `send` gives the status, or 0 when the connection was lost."""

    port: int
    address: str = "192.0.2.1"
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, room: str, text: str) -> int:
        body = text.encode()
        head = f"POST /replies/{room} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {self.address}\r\n"
        return await self.send(f"{head}Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    async def send(self, request: bytes) -> int:
        try:
            if self.streams is None:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.streams
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.split("content-length:")[1].split()[0])
            await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return 0
        if "connection: close" in head:
            self.close()
        return int(head.split()[1])

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


@dataclass(slots=True)
class Outcome:
    """What became of requests: milliseconds of each that was answered, and how often each status came."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def add(self, status: int, began: float) -> None:
        self.times.append((time.perf_counter() - began) * 1000)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def __str__(self) -> str:
        ordered = sorted(self.times)
        p99 = ordered[int(len(ordered) * 0.99)]
        return f"p50 {median(ordered):.1f} ms, p99 {p99:.1f} ms, most {ordered[-1]:.1f} ms, statuses {self.statuses}"


async def send_all(port: int, work: list[tuple[str, str]], outcome: Outcome, acknowledged: set[str]) -> None:
    """Send everything over 50 connections; what got no answer is sent again."""
    waiting = list(reversed(work))

    async def one() -> None:
        client = Client(port)
        while waiting:
            room, text = waiting.pop()
            began = time.perf_counter()
            status = await client.post(room, text)
            outcome.add(status, began)
            if status == TAKEN:
                acknowledged.add(text)
            else:
                waiting.append((room, text))
                await asyncio.sleep(0.05)
        client.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def latency(folder: Path) -> None:
    """2,000 replies from 50 connections."""
    work, outcome = replies(REPLIES), Outcome()
    with running(folder, "--no-site", *UNLIMITED) as server:
        began, before = time.perf_counter(), server.processor()
        await send_all(server.port, work, outcome, set())
        took, used = time.perf_counter() - began, server.processor() - before
    print(f"{REPLIES} replies, {CONNECTIONS} connections: {outcome}; {REPLIES / took:.0f} a second")
    print(f"processor time of the server: {used / REPLIES * 1000:.2f} ms a reply")


async def kill(folder: Path) -> None:
    """The same, with kill -9 in the middle and a new start."""
    work, outcome, acknowledged = replies(REPLIES), Outcome(), set[str]()
    with running(folder, "--no-site", *UNLIMITED) as first:
        sending = asyncio.create_task(send_all(first.port, work, outcome, acknowledged))
        while len(acknowledged) < REPLIES // 2:
            await asyncio.sleep(0.005)
        os.kill(first.process.pid, signal.SIGKILL)
        before = len(acknowledged)
        port = first.port
    with running(folder, "--no-site", *UNLIMITED, port=port) as second:
        await sending
        second.stop()
        texts = [file.read_text(encoding="ascii") for file in second.stored() if file.suffix == ".txt"]
    once = sorted(texts) == sorted(text for _, text in work)
    print(f"killed after {before} acknowledged; in the end {len(acknowledged)}, {len(texts)} stored, each once: {once}")


async def memory(folder: Path) -> None:
    """100,000 requests, half of them pages, half of them replies (of which each comes many times)."""
    (folder / "site" / "acme").mkdir(parents=True)
    (folder / "site" / "acme" / "index.html").write_text("<p>locked</p>" * 1000, encoding="utf-8")
    work = replies(500)
    page = b"GET /acme/index.html HTTP/1.1\r\nHost: x\r\n\r\n"
    with running(folder, *UNLIMITED) as server:
        seen: list[float] = []
        for _ in range(10):

            async def one(number: int) -> None:
                client = Client(server.port)
                for step in range(REQUESTS // 10 // CONNECTIONS // 2):
                    await client.send(page)
                    await client.post(*work[(number * 7 + step) % len(work)])
                client.close()

            await asyncio.gather(*(one(number) for number in range(CONNECTIONS)))
            seen.append(server.resident())
    print("memory in MB after each 10,000 of 100,000 requests: " + " ".join(f"{size:.0f}" for size in seen))


async def flood(folder: Path) -> None:
    """Twenty connections of one address send as fast as they can; five people send now and then."""
    work, stop, flooding, others = replies(400), asyncio.Event(), Outcome(), Outcome()
    with running(folder, "--no-site", "--behind-proxy", "--a-minute-room", "10000000") as server:

        async def attack() -> None:
            client = Client(server.port, "203.0.113.9")
            while not stop.is_set():
                began = time.perf_counter()
                flooding.add(await client.post(*work[0]), began)

        async def person(number: int) -> None:
            client = Client(server.port, f"198.51.100.{number}")
            for room, text in work[number * 20 : number * 20 + 20]:
                began = time.perf_counter()
                others.add(await client.post(room, text), began)
                await asyncio.sleep(0.2)

        attackers = [asyncio.create_task(attack()) for _ in range(20)]
        await asyncio.gather(*(person(number) for number in range(5)))
        stop.set()
        await asyncio.gather(*attackers)
    print(f"flood: {flooding}\nothers meanwhile: {others}")


MEASURES: dict[str, Callable[[Path], Coroutine[None, None, None]]] = {
    "latency": latency,
    "kill": kill,
    "memory": memory,
    "flood": flood,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or MEASURES:
        # On a disk by its purpose, while /tmp may be memory, where syncing costs nothing.
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder_name:
            print(f"{name}, load {os.getloadavg()[0]:.1f} before", end=": ", flush=True)
            asyncio.run(MEASURES[name](Path(folder_name)))
            print(f"load {os.getloadavg()[0]:.1f} after")
