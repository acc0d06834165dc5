"""Rooms made by a Dask cluster: the same rooms, in the order in which they are ready.

Its workers see the workspace at the same path (a shared file system), and have its key by themselves, in its file or in
their environment: the key is never sent, nor anything that a plan says. What comes back are the sealed files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.builder import Builder
from dealroom.publish.built import BuiltRoom
from dealroom.publish.keyring import workspace_key
from dealroom.publish.maker import Maker
from dealroom.publish.parallel import SOME, make_sendable
from dealroom.publish.program import builds_with, own_digest
from dealroom.publish.rivals import Rivals
from dealroom.workspace import open_workspace

# Seconds in which a scheduler that is there answers.
_ANSWERS_WITHIN = 10

# How many workers in a row may be lost with the same rooms before it is these rooms that are the trouble.
_LOST = 3

_HINT = "the workers need this version of dealroom, and the workspace with its key at the same path"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a worker must have to make the same bytes: the key by its fingerprint, dealroom, and its packages."""

    key: str
    program: str
    packages: tuple[str, ...]


def make_on_cluster(
    scheduler: str, maker: Maker, slugs: Sequence[str], progress: Callable[[str, int, int], None]
) -> Iterator[BuiltRoom]:
    """The rooms of these plans, made by the workers of the Dask scheduler at this address (`tcp://host:8786`).

    What was under way on a worker that is lost is made by another one. What is too large to be sent is made here.

    Raises:
        Problem: Dask is not installed, the scheduler does not answer, or its workers cannot make these rooms.
    """
    del progress
    try:
        from dask import config
        from distributed import Client, as_completed
    except ImportError as error:
        raise Problem("building on a cluster takes Dask", "install it: pip install 'dealroom[dask]'") from error
    root = maker.workspace.root
    wanted = _Wanted(maker.key.fingerprint, own_digest(), builds_with())
    batches = [tuple(slugs[start : start + SOME]) for start in range(0, len(slugs), SOME)]
    left: list[str] = []
    with config.set({"distributed.scheduler.allowed-failures": _LOST}):
        try:
            client = Client(scheduler, timeout=_ANSWERS_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            raise Problem(f"there is no Dask scheduler at {scheduler}", "start one: dask scheduler") from error
    with client:
        # Named by chance, so that nothing of an earlier build is taken for this one's.
        futures = client.map(
            _make, batches, root=root, today=maker.today, rivals=maker.rivals, wanted=wanted, pure=False
        )
        for future in as_completed(futures, loop=client.loop):
            fault = future.exception()
            if fault is not None:
                message = fault.message if isinstance(fault, Problem) else f"{type(fault).__name__}: {fault}"
                raise Problem(f"a worker of {scheduler} cannot make rooms: {message}", _HINT)
            rooms, large = future.result()
            future.release()
            left += large
            yield from rooms
    yield from maker.make(left)


def _make(
    slugs: Sequence[str], root: Path, today: date, rivals: Rivals, wanted: _Wanted
) -> tuple[list[BuiltRoom], list[str]]:
    """On a worker: the rooms of some plans, and which of them are too large to be sent."""
    if own_digest() != wanted.program:
        raise Problem("it has another version of dealroom")
    if others := {*builds_with()} - {*wanted.packages}:
        raise Problem(f"it has other versions of what dealroom builds with: {', '.join(sorted(others))}")
    workspace = open_workspace(root)
    key = workspace_key(workspace, os.environ)
    if key.fingerprint != wanted.key:
        raise Problem("it has another key")
    return make_sendable(Maker(Builder(workspace, key, today), workspace, key, today, rivals), slugs)
