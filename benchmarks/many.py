"""Build many rooms from nothing, and again when nothing has changed: seconds, processor time and peak memory.

    python -m benchmarks.many [--rooms N ...] [--runs N]

Keys count as derived beforehand. Argon2id for ten thousand rooms takes half an hour, so random bytes stand for what it
would give: the rooms cannot be opened with their passphrases, and take as long to build.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from benchmarks.generate import generate
from dealroom.plan.folders import plan_slugs
from dealroom.plan.read import read_plans
from dealroom.publish.keyring import workspace_key
from dealroom.publish.readers import Admission
from dealroom.seal.access import room_id
from dealroom.seal.cache import DerivationCache
from dealroom.seal.derive import identity
from dealroom.seal.room import RoomToSeal, derivations
from dealroom.workspace import open_workspace

# Plans in memory at a time while keys are made up.
TOGETHER = 50
# Anybody's access counts on any day: the generator ends none.
TODAY = date(2026, 11, 2)
# Loads of one plan, of which the quickest tells how fast the machine is just now.
LOADS = 20
# Of ru_maxrss on Linux, in bytes.
KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, seconds of processor time, bytes of the largest process, and `load`: the ms that PyYAML's C
    `load` takes for a plan just then, which says what the processor's seconds are worth."""

    wall: float
    cpu: float
    memory: int
    load: float


def main() -> None:
    """Print two rows for each number of rooms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, nargs="*", default=[1000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| rooms | | seconds | processor | largest process | YAML of a plan |\n|---|---|---|---|---|---|")
    for rooms in arguments.rooms:
        with tempfile.TemporaryDirectory() as folder:
            workspace = Path(folder)
            generate(workspace, rooms)
            make_up_keys(workspace)
            # A first build compiles templates, which are kept.
            build(workspace, "deal-00000")
            _row(rooms, "cold", [_cold(workspace) for _ in range(arguments.runs)])
            _row(rooms, "nothing changed", [build(workspace) for _ in range(arguments.runs)])


def make_up_keys(folder: Path) -> None:
    """Fill the cache of derived keys as if every passphrase had been derived."""
    workspace = open_workspace(folder)
    key = workspace_key(workspace, os.environ)
    cache, admission = DerivationCache(key, workspace.state / "cache" / "derived"), Admission(key)
    slugs = plan_slugs(workspace)
    for start in range(0, len(slugs), TOGETHER):
        plans = read_plans(workspace, slugs[start : start + TOGETHER])
        rooms = [
            RoomToSeal(room_id(key, plan.slug), (), admission.readership(plan, TODAY).credentials) for plan in plans
        ]
        wanted = [one for room in rooms for one in derivations(key, room)]
        cache.add({identity(one): secrets.token_bytes(32) for one in wanted})


def build(workspace: Path, *slugs: str) -> Taken:
    """One `dealroom build` as a process of its own, on as many cores as it likes."""
    command = [sys.executable, "-m", "dealroom", "-C", str(workspace), "build", *slugs]
    load = _load(workspace / "plans" / "deal-00000" / "plan.yml")
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("the build failed")
    # Of the process and all that it started; the memory is that of the largest of them.
    return Taken(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * KIBIBYTE, load)


def _cold(workspace: Path) -> Taken:
    shutil.rmtree(workspace / "site")
    shutil.rmtree(workspace / ".dealroom" / "written")
    return build(workspace)


def _load(plan: Path) -> float:
    text = plan.read_text()

    def once() -> float:
        start = time.process_time()
        yaml.load(text, yaml.CSafeLoader)
        return time.process_time() - start

    return min(once() for _ in range(LOADS)) * 1000


def _row(rooms: int, what: str, runs: list[Taken]) -> None:
    wall, cpu, load = (
        statistics.median(values)
        for values in ([one.wall for one in runs], [one.cpu for one in runs], [one.load for one in runs])
    )
    memory = max(one.memory for one in runs)
    times = f"{wall:.2f} s | {cpu:.2f} s, {cpu / rooms * 1000:.1f} ms a room"
    print(f"| {rooms} | {what} | {times} | {memory / 1e6:.0f} MB | {load:.2f} ms |", flush=True)


if __name__ == "__main__":
    main()
