"""Measure `dealroom watch`: from saving a plan until its room is written, and what it costs while nothing happens.

    python -m benchmarks.watching [--rooms N ...] [--saves N]

Keys are made up, as in `benchmarks.many`: those of ten thousand rooms would take half an hour.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.many import make_up_keys

DEALROOM = [sys.executable, "-m", "dealroom"]

# Seconds between saves: longer than a rebuild takes, so that each save is measured by itself.
PAUSE = 0.3
# Seconds of doing nothing, over which the processor's time is taken.
IDLE = 20
# Seconds after which something that should have happened did not.
LONGEST = 60
# Seconds between two looks at the file; what is measured is known no better.
LOOK = 0.0005


def main() -> None:
    """Print one row for each number of rooms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, nargs="*", default=[1, 1000])
    parser.add_argument("--saves", type=int, default=60)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| rooms | save to written, median | p95 | promised | processor a save | while idle | promised |")
    print("|---|---|---|---|---|---|---|")
    for rooms in arguments.rooms:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), rooms, arguments.saves)


def measure(workspace: Path, rooms: int, saves: int) -> None:
    """Watch a workspace of so many rooms, and save one plan again and again."""
    generate(workspace, rooms)
    make_up_keys(workspace)
    plan = workspace / "plans" / "deal-00000" / "plan.yml"
    text = plan.read_text()
    first_line = text.splitlines()[0]
    with _watch(workspace) as process:
        page = _page_of(workspace, plan)
        taken = []
        before_saves = _processor(process.pid)
        for number in range(saves):
            before = page.stat().st_mtime_ns
            start = time.perf_counter()
            plan.write_text(text.replace(first_line, f"title: Saved {number}", 1))
            while page.stat().st_mtime_ns == before:
                if time.perf_counter() > start + LONGEST:
                    raise SystemExit("the room was not written")
                time.sleep(LOOK)
            taken.append((time.perf_counter() - start) * 1000)
            time.sleep(PAUSE)
        before_idle = _processor(process.pid)
        saving = (before_idle - before_saves) / saves * 1000
        time.sleep(IDLE)
        idle = (_processor(process.pid) - before_idle) / IDLE
    tail = statistics.quantiles(taken, n=20)[-1]
    times = f"{statistics.median(taken):.0f} ms | {tail:.0f} ms | ≤ 40 ms | {saving:.0f} ms"
    print(f"| {rooms} | {times} | {idle:.2%} | ≤ 0.5 % |", flush=True)


@contextmanager
def _watch(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*DEALROOM, "-C", str(workspace), "watch", "--no-publish"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            for line in process.stdout or ():
                if line.startswith("watching"):
                    break
            yield process
        finally:
            process.terminate()


def _page_of(workspace: Path, plan: Path) -> Path:
    """The page of a room: the one that is written when its plan is."""
    pages = {page: page.stat().st_mtime_ns for page in (workspace / "site").glob("*/index.html")}
    plan.write_text(f"{plan.read_text()}\n# once\n".replace("title:", "title: First", 1))
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        for page, written in pages.items():
            if page.stat().st_mtime_ns != written:
                time.sleep(PAUSE)
                return page
    raise SystemExit("no room was written")


def _processor(process: int) -> float:
    """The seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
