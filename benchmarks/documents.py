"""Measure a large document: how fast a build seals it, and what it costs the browser that saves, plays or reads it.

    python -m benchmarks.documents [--megabytes N]

Raw is a bare program that reads the file, encrypts it with AES-256-GCM of the `cryptography` package in chunks of
64 KiB, and writes and syncs the result: what nobody who seals a file can do without. Compared to it is the whole
way of a document in a build: it is read twice, hashed for its key, encrypted, written, hashed as it was written, and
synced. Both run in turn, and the middle of their times counts. AES alone, in memory, is told beside it.

The browser's memory is that of all of its processes together (their proportional shares, from /proc/PID/smaps_rollup,
so that nothing counts twice), sampled while the document is saved. The peak is told beyond what the opened room took.
It is a Chromium without the test driver's eyes on the network, which alone keep 100 MB of what was fetched.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.chromium import Chromium
from dealroom.publish.access import access_of
from dealroom.publish.build import build
from dealroom.publish.output import OutputFile
from dealroom.publish.staging import flush, open_staging
from dealroom.seal.objects import Place, seal_object
from dealroom.workspace import open_workspace
from tests.demos import KEY, TODAY

RUNS = 5
CHUNK = 65_536
MEGABYTE = 1_000_000
SAMPLED_EVERY = 0.05  # seconds
PLAN = """\
title: Large documents
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}]
documents: [{title: Backup, file: files/backup.bin}]
"""


def main() -> None:
    """Print both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder:
        document = _write_workspace(Path(folder), megabytes)
        alone = min(_alone(document) for _ in range(RUNS))
        pairs = [(_raw(document, Path(folder) / "raw"), _sealed(document, Path(folder) / "out")) for _ in range(RUNS)]
        raw, sealed = (median(times) for times in zip(*pairs, strict=True))
        size = megabytes * MEGABYTE
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {megabytes} MB, median of {RUNS} runs in turn\n")
        print("| figure | value | promised |\n|---|---|---|")
        print(f"| AES-256-GCM alone, in memory | {size / alone / MEGABYTE:.0f} MB/s | |")
        print(f"| read, AES-256-GCM, write, sync | {size / raw / MEGABYTE:.0f} MB/s | |")
        print(f"| a document in a build | {size / sealed / MEGABYTE:.0f} MB/s | |")
        print(f"| share of raw | {raw / sealed:.2f} | ≥ 0.7 |")
        for name, value in _in_browser(Path(folder), document):
            print(f"| {name} | {value} |")


def _write_workspace(folder: Path, megabytes: int) -> Path:
    document = folder / "plans" / "harbour" / "files" / "backup.bin"
    document.parent.mkdir(parents=True)
    with document.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))
    (folder / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    (folder / "plans" / "harbour" / "plan.yml").write_text(PLAN)
    return document


def _raw(document: Path, output: Path) -> float:
    start = time.perf_counter()
    cipher = AESGCM(bytes(32))
    with document.open("rb") as source, output.open("wb") as sink:
        for number, chunk in enumerate(iter(partial(source.read, CHUNK), b"")):
            sink.write(cipher.encrypt(number.to_bytes(12, "big"), chunk, b"bound"))
        sink.flush()
        os.fsync(sink.fileno())
    took = time.perf_counter() - start
    output.unlink()
    return took


def _alone(document: Path) -> float:
    content = memoryview(document.read_bytes())
    cipher = AESGCM(bytes(32))
    start = time.perf_counter()
    for number, position in enumerate(range(0, len(content), CHUNK)):
        cipher.encrypt(number.to_bytes(12, "big"), content[position : position + CHUNK], b"bound")
    return time.perf_counter() - start


def _sealed(document: Path, output: Path) -> float:
    start = time.perf_counter()
    _, one = seal_object(document, bytes(32), Place("room", 1, "file"))
    with open_staging(output) as staging:
        flush([staging.hold(OutputFile("o/one", one.size, one.chunks, immutable=True)).temporary])
    return time.perf_counter() - start


class _Host(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """The browser hangs up when it has seen the beginning."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _in_browser(folder: Path, document: Path) -> Iterator[tuple[str, str]]:
    workspace = open_workspace(folder)
    build(workspace, KEY, today=TODAY)
    handler = partial(_Handler, directory=str(workspace.site))
    server = _Host(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    link = access_of(workspace, KEY, "harbour", f"http://127.0.0.1:{server.server_port}", today=TODAY)[0].link
    with Chromium(folder / "profile", folder / "downloads") as browser:
        yield from _save(browser, link, folder / "downloads" / document.name, document.stat().st_size)
    server.shutdown()


def _save(browser: Chromium, link: str, saved: Path, size: int) -> Iterator[tuple[str, str]]:
    browser.open(link)
    browser.wait_for("document.documentElement.dataset.state === 'open'")
    # What the opened page still does by itself is over.
    time.sleep(2)
    memory = _Memory(browser.process)
    start = time.perf_counter()
    with memory:
        browser.evaluate("document.querySelector('.file a').click()")
        browser.wait_for("document.querySelector('.file a').dataset.state === 'ready'")
        seconds = time.perf_counter() - start
        # The end of the download, which Chromium moves to its place.
        time.sleep(1)
    if saved.stat().st_size != size:
        raise SystemExit(f"error: {saved} has {saved.stat().st_size} bytes of {size}")
    yield "saved in Chromium", f"{size / seconds / MEGABYTE:.0f} MB/s | "
    yield "Chromium with the opened room", f"{memory.before / MEGABYTE:.0f} MB | "
    yield "most beyond it while saving", f"{memory.beyond / MEGABYTE:.0f} MB | < 100 MB"


class _Memory:
    """The most memory of a process and those it started, while the block runs, beyond what it was before. In bytes."""

    def __init__(self, process: int) -> None:
        self._process = process
        self.before = self._peak = self._now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    @property
    def beyond(self) -> int:
        return self._peak - self.before

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLED_EVERY):
            self._peak = max(self._peak, self._now())

    def _now(self) -> int:
        return sum(map(_proportional_size, _descendants(self._process)))


def _descendants(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    family = {root}
    while more := {id for id, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _proportional_size(process: int) -> int:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    (line,) = (line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
