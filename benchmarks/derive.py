"""Measure how much of the machine's Argon2id a build gets: derivations a second on all cores, against the raw library.

    python -m benchmarks.derive [--passphrases N]

Raw is the same function of `cryptography` called in a plain loop, in one process for each core. What is compared to it
does all that a build does: normalise, keep apart, collect in order, encrypt and write the cache. Both are run in turn
and the best of each counts, since whatever else the machine does can only make them slower.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from dealroom.seal.derive import GENERATED, Derivation, Deriver
from dealroom.seal.keys import WorkspaceKey

RUNS = 5
SALT = bytes(16)
PROMISED = 0.9


def main() -> None:
    """Print both rates, their quotient, and what remembering saves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passphrases", type=int, default=200)
    count = parser.parse_args().passphrases
    cores = os.cpu_count() or 1
    wanted = [Derivation(f"passphrase number {number}", SALT, GENERATED) for number in range(count)]
    shares = [[one.passphrase for one in wanted[core::cores]] for core in range(cores)]
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(cores) as pool:
        # The processes are started before the clock is.
        list(pool.map(raw, [["warm"]] * cores))
        raws, ours, cached = [], [], []
        for run in range(RUNS):
            file = Path(folder) / f"{run}"
            raws.append(_seconds(lambda: list(pool.map(raw, shares))))
            ours.append(_seconds(partial(_derive, file, wanted)))
            cached.append(_seconds(partial(_derive, file, wanted)))
    efficiency = min(raws) / min(ours)
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}, {count} passphrases, best of {RUNS} runs\n")
    print("| figure | value | promised |\n|---|---|---|")
    print(f"| raw Argon2id, all cores | {count / min(raws):.1f} a second | |")
    print(f"| a build's derivations | {count / min(ours):.1f} a second | |")
    print(f"| efficiency | {efficiency:.3f} | ≥ {PROMISED} |")
    print(f"| the same once remembered | {min(cached) / count * 1e6:.0f} µs each | |")


def raw(passphrases: list[str]) -> None:
    """Nothing but the library."""
    for passphrase in passphrases:
        Argon2id(
            salt=SALT,
            length=32,
            iterations=GENERATED.iterations,
            lanes=GENERATED.parallelism,
            memory_cost=GENERATED.memory,
        ).derive(passphrase.encode())


def _derive(file: Path, wanted: list[Derivation]) -> None:
    Deriver(WorkspaceKey(bytes(32)), file).derive_all(wanted)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
