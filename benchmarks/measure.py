"""Measure what dealroom promises about its speed, and print a table.

    python -m benchmarks.measure [command-line | preview | transfer] [--rooms N ...]

Every figure is a median of several runs, with the range beside it; latencies are given as the 95th percentile too.
What the command line takes is given in processor time as well, which says more on a machine that is busy elsewhere.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.generate import generate

if TYPE_CHECKING:
    from playwright.sync_api import Response

DEALROOM = [sys.executable, "-m", "dealroom"]

RUNS = 5
SAVES = 60
# Seconds between saves: longer than a rebuild takes, so that each save is measured by itself.
PAUSE = 0.25
# Milliseconds after which a page has asked for everything that it loads by itself.
SETTLED = 2000
# Seconds after which something that should have happened did not.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, and of the processor."""

    wall: float
    cpu: float


def main() -> None:
    """Run the measurements that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["command-line", "preview", "transfer"])
    parser.add_argument("--rooms", type=int, nargs="*", default=[2, 1000], help="sizes of the preview's workspace")
    arguments = parser.parse_args()
    wanted = arguments.what or ["command-line", "preview", "transfer"]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n| figure | median | range or p95 | promised |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        if "command-line" in wanted:
            command_line(Path(folder))
        if "preview" in wanted:
            for rooms in arguments.rooms:
                preview(Path(folder), rooms)
        if "transfer" in wanted:
            transfer(Path(folder))


def command_line(folder: Path) -> None:
    """Start-up, one room from a cold start, and each further room on one core; keys were derived before."""
    _row("dealroom --version", _times(lambda: _run("--version")), "≤ 0.15 s")
    one, many = 1, 101
    builds = {rooms: _build_times(folder / f"n{rooms}", rooms) for rooms in (one, many)}
    _row("one room from a cold start", builds[one], "≤ 0.6 s")
    start = statistics.median(taken.wall for taken in builds[one])
    start_cpu = statistics.median(taken.cpu for taken in builds[one])
    each = [
        Taken((taken.wall - start) / (many - one), (taken.cpu - start_cpu) / (many - one)) for taken in builds[many]
    ]
    _row("each further room, one core", each, "≤ 0.008 s")
    unchanged = _times(lambda: _run("-C", str(folder / f"n{many}"), "build"))
    _row(f"{many} rooms, nothing changed", unchanged, "")


def _build_times(workspace: Path, rooms: int) -> list[Taken]:
    generate(workspace, rooms)
    _run("-C", str(workspace), "build")
    return _times(lambda: _run("-C", str(workspace), "build"), before=lambda: _forget_output(workspace))


def _forget_output(workspace: Path) -> None:
    shutil.rmtree(workspace / "site")
    shutil.rmtree(workspace / ".dealroom" / "written")


def preview(folder: Path, rooms: int) -> None:
    """From saving a plan to the change in an open page, in Chromium."""
    from playwright.sync_api import sync_playwright

    workspace = folder / f"preview{rooms}"
    generate(workspace, rooms)
    plan = workspace / "plans" / "deal-00000" / "plan.yml"
    text = plan.read_text()
    first_line = text.splitlines()[0]
    with _serve(workspace) as (address, links), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        # Also after the page loads itself anew, as it does when the client was built meanwhile.
        page.add_init_script(
            """window.seen = {}; new MutationObserver(() => {
              const title = document.querySelector("#room h1")?.textContent.trim();
              window.seen[title] ??= performance.timeOrigin + performance.now();
            }).observe(document, { childList: true, characterData: true, subtree: true });"""
        )
        page.goto(address + links[0])
        page.wait_for_selector("html[data-state=open]", timeout=LONGEST * 1000)
        latencies = []
        for number in range(SAVES):
            title = f"Saved {number}"
            saved = time.time() * 1000
            plan.write_text(text.replace(first_line, f"title: {title}", 1))
            latencies.append(_seen(partial(page.evaluate, "title => window.seen[title]", title)) - saved)
            time.sleep(PAUSE)
        browser.close()
    tail = statistics.quantiles(latencies, n=20)[-1]
    middle = statistics.median(latencies)
    print(f"| save to page updated, {rooms} rooms | {middle:.0f} ms | p95 {tail:.0f} ms | p95 ≤ 100 ms |", flush=True)


def _seen(look: Callable[[], float | None]) -> float:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if (moment := look()) is not None:
            return moment
        time.sleep(0.005)
    raise SystemExit("the page was not updated")


@contextmanager
def _serve(workspace: Path) -> Iterator[tuple[str, list[str]]]:
    """A running preview: its address, and the links of its list once every plan has been read."""
    from urllib.request import urlopen

    command = [*DEALROOM, "-C", str(workspace), "serve", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as server:
        lines = server.stdout or ()
        address = next(found[0] for line in lines if (found := re.search(r"http://\S+/", line)))
        try:
            while "being read" in (page := urlopen(address).read().decode()).lower():
                time.sleep(0.2)
            yield address.rstrip("/"), re.findall(r'href="(/[^"]+#k=[^"]+)"', page)
        finally:
            server.terminate()


def transfer(folder: Path) -> None:
    """What a buyer's browser loads before unlocking, compressed as hosts do, and from where."""
    from playwright.sync_api import sync_playwright

    workspace = folder / "transfer"
    generate(workspace, 1)
    with _serve(workspace) as (address, links), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        responses: list[Response] = []

        def keep(response: Response) -> None:
            responses.append(response)

        page.on("response", keep)
        page.goto(address + links[0].partition("#")[0])
        # The chunk that derives keys comes while the reader types.
        page.wait_for_timeout(SETTLED)
        # What the preview adds is not there once a room is published.
        loaded = [response for response in responses if "/-/" not in response.url]
        own = {response.url: len(gzip.compress(response.body())) for response in loaded}
        browser.close()
    others = [url for url in own if urlsplit(url).netloc != urlsplit(address).netloc]
    fonts = sum(size for url, size in own.items() if url.endswith(".woff2"))
    print(f"| transfer before unlock | {sum(own.values()) / 1000:.1f} kB | fonts {fonts / 1000:.1f} kB | ≤ 90 kB |")
    print(f"| requests to other origins | {len(others)} | of {len(own)} | 0 |")


def _chromium() -> str:
    found = os.environ.get("DEALROOM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("no Chromium here: set DEALROOM_CHROMIUM to one")
    return found


def _run(*arguments: str) -> None:
    # One core: what a second one would hide is measured too.
    subprocess.run(["taskset", "-c", "0", *DEALROOM, *arguments], check=True, capture_output=True)


def _times(work: Callable[[], None], before: Callable[[], None] = lambda: None) -> list[Taken]:
    times = []
    for _ in range(RUNS):
        before()
        start, cpu = time.perf_counter(), _children_cpu()
        work()
        times.append(Taken(time.perf_counter() - start, _children_cpu() - cpu))
    return times


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(figure: str, times: list[Taken], promised: str) -> None:
    walls = [taken.wall for taken in times]
    cpu = statistics.median(taken.cpu for taken in times)
    spread = f"{min(walls):.3f}–{max(walls):.3f} s, processor {cpu:.3f} s"
    print(f"| {figure} | {statistics.median(walls):.3f} s | {spread} | {promised} |", flush=True)


if __name__ == "__main__":
    main()
