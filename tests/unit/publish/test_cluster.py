"""Rooms made by a Dask cluster of real worker processes, one of which is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

from dealroom.errors import Problem
from dealroom.publish.build import Means, build
from dealroom.publish.cluster import make_on_cluster
from dealroom.publish.parallel import SOME
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace
from tests.unit.publish.small import KEY, TODAY, digests, forget_output, write_workspace

if TYPE_CHECKING:
    from distributed import LocalCluster

# Dask's event loops and sockets end some time after they are closed.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    # Loading it takes a second, which only the process that runs these tests spends.
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("many"), 4 * SOME)


def on(cluster: LocalCluster) -> Means:
    return Means(make=partial(make_on_cluster, cluster.scheduler_address))


def test_a_cluster_makes_the_same_bytes_also_when_a_worker_is_killed(
    workspace: Workspace, cluster: LocalCluster
) -> None:
    build(workspace, KEY, today=TODAY)
    serial = digests(workspace.site)
    forget_output(workspace)

    (victim, *_) = [worker.process.pid for worker in cluster.workers.values()]
    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
    report = build(workspace, KEY, means=on(cluster), today=TODAY)

    assert digests(workspace.site) == serial
    assert len(report.rooms) == 4 * SOME
    assert not build(workspace, KEY, today=TODAY).written.total.written


def test_a_worker_with_another_key_makes_nothing(workspace: Workspace, cluster: LocalCluster) -> None:
    forget_output(workspace)
    with pytest.raises(Problem, match="it has another key"):
        build(workspace, WorkspaceKey(bytes(32)), means=on(cluster), today=TODAY)
    assert not list(workspace.site.glob("*/index.html"))


def test_no_scheduler(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealroom.publish.cluster._ANSWERS_WITHIN", 0.2)
    forget_output(workspace)
    with pytest.raises(Problem, match="there is no Dask scheduler"):
        build(workspace, KEY, means=Means(make=partial(make_on_cluster, "tcp://127.0.0.1:9")), today=TODAY)
