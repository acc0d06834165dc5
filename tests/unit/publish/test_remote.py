"""Publishing to a bucket, with s3fs and a server that speaks S3 over HTTP; also when the connection is cut."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from math import inf
from pathlib import Path
from urllib.request import urlopen

import pytest

from dealroom.errors import Problem
from dealroom.publish.remote import MARKER, RemoteTarget
from dealroom.publish.storage import open_storage
from tests.unit.publish.proxy import proxied
from tests.unit.publish.sites import site_of

OBJECT = "r/o/" + "0" * 32
ROOM = {"r/index.html": "<p>one</p>" * 100, OBJECT: "sealed", "assets/main-ABCDEFGH.js": "1;" * 500, "worker.js": "2;"}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """An S3 service of our own."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), urlopen(f"{address}/moto-api/"):
                break
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield address
        process.kill()


@pytest.fixture
def bucket(service: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    import s3fs

    name = str(request.node.name).replace("_", "-").lower()[:60].strip("-")
    admin = s3fs.S3FileSystem(endpoint_url=service, skip_instance_cache=True)
    admin.mkdir(name)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    admin.call_s3(
        "put_bucket_policy", Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    return name


def target(tmp_path: Path, service: str, bucket: str, state: str = ".dealroom") -> RemoteTarget:
    return RemoteTarget("live", f"s3://{bucket}/rooms", service, tmp_path / state)


def stored(service: str, bucket: str) -> dict[str, int]:
    import s3fs

    found = s3fs.S3FileSystem(endpoint_url=service, skip_instance_cache=True).find(f"{bucket}/rooms", detail=True)
    start = len(f"{bucket}/rooms/")
    return {path[start:]: details["size"] for path, details in found.items()}


def test_files_come_with_what_a_browser_has_to_be_told(tmp_path: Path, service: str, bucket: str) -> None:
    report = target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    assert sorted(report.written) == sorted(ROOM)
    assert sorted(stored(service, bucket)) == sorted([*ROOM, MARKER])
    told = {}
    for path in ROOM:
        with urlopen(f"{service}/{bucket}/rooms/{path}") as answer:
            headers = answer.headers
            told[path] = (headers["Content-Type"], headers["Cache-Control"], headers["Content-Encoding"])
    forever = "public, max-age=31536000, immutable"
    assert told == {
        "r/index.html": ("text/html; charset=utf-8", "no-cache", "gzip"),
        OBJECT: ("application/octet-stream", forever, None),
        "assets/main-ABCDEFGH.js": ("text/javascript; charset=utf-8", forever, "gzip"),
        "worker.js": ("text/javascript; charset=utf-8", "no-cache", "gzip"),
    }


def test_only_what_differs_is_sent_and_asked_for(tmp_path: Path, service: str, bucket: str) -> None:
    target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    with counted(service) as proxy:
        assert target(tmp_path, proxy.address, bucket).publish(site_of(tmp_path / "site", ROOM)).written == []
        # The marker alone.
        assert proxy.methods.count("GET") == 1
        assert "PUT" not in proxy.methods
    changed = {**ROOM, "r/index.html": "<p>two</p>", "r/o/" + "1" * 32: "resealed"}
    del changed[OBJECT]
    with counted(service) as proxy:
        report = target(tmp_path, proxy.address, bucket).publish(site_of(tmp_path / "site", changed))
        assert proxy.methods.count("PUT") == 3
    assert report.removed == [OBJECT]
    assert sorted(stored(service, bucket)) == sorted([*changed, MARKER])


def test_what_others_put_there_stays(tmp_path: Path, service: str, bucket: str) -> None:
    import s3fs

    others = s3fs.S3FileSystem(endpoint_url=service, skip_instance_cache=True)
    others.pipe_file(f"{bucket}/rooms/CNAME", b"rooms.example")
    others.pipe_file(f"{bucket}/rooms/other/o/{'f' * 32}", b"another workspace's")
    target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    target(tmp_path, service, bucket, "new").publish(site_of(tmp_path / "site", {"r/index.html": "two"}))
    assert {"CNAME", f"other/o/{'f' * 32}"} <= stored(service, bucket).keys()


def test_a_machine_without_notes_finds_what_is_there(tmp_path: Path, service: str, bucket: str) -> None:
    target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    changed = {**ROOM, "r/index.html": "<p>two</p>"}
    report = target(tmp_path, service, bucket, "elsewhere").publish(site_of(tmp_path / "site", changed))
    assert report.written == ["r/index.html"]
    # And the first one notices that somebody else published.
    back = target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    assert back.written == ["r/index.html"]


def test_an_object_of_ours_that_is_needed_no_more_goes_though_the_notes_are_lost(
    tmp_path: Path, service: str, bucket: str
) -> None:
    target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    report = target(tmp_path, service, bucket, "elsewhere").publish(site_of(tmp_path / "site", {"r/index.html": "x"}))
    assert OBJECT in report.removed


def test_dry_run_sends_nothing(tmp_path: Path, service: str, bucket: str) -> None:
    report = target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM), dry_run=True)
    assert sorted(report.written) == sorted(ROOM)
    assert stored(service, bucket) == {}


def test_progress_tells_files_and_bytes(tmp_path: Path, service: str, bucket: str) -> None:
    told: list[tuple[int, int, int, int]] = []
    target(tmp_path, service, bucket).publish(
        site_of(tmp_path / "site", ROOM), progress=lambda *figures: told.append(figures)
    )
    size = sum(len(text) for text in ROOM.values())
    assert told[-1] == (4, 4, size, size)


def test_a_connection_that_is_cut_leaves_the_old_page_and_the_next_run_sends_the_rest(
    tmp_path: Path, service: str, bucket: str
) -> None:
    target(tmp_path, service, bucket).publish(site_of(tmp_path / "site", ROOM))
    objects = {f"r/o/{number:032x}": "resealed" * 1000 for number in range(100)}
    changed = {**ROOM, **objects, "r/index.html": "<p>two</p>"}
    with counted(service, most=60) as proxy, pytest.raises(Problem, match="cannot publish to s3://") as caught:
        target(tmp_path, proxy.address, bucket).publish(site_of(tmp_path / "site", changed))
    assert "run again, and only the rest is sent" in str(caught.value.hint)
    with urlopen(f"{service}/{bucket}/rooms/r/index.html") as answer:
        assert gzip.decompress(answer.read()).decode() == ROOM["r/index.html"]
    with counted(service) as proxy:
        target(tmp_path, proxy.address, bucket).publish(site_of(tmp_path / "site", changed))
        assert proxy.methods.count("PUT") < 100
    assert sorted(stored(service, bucket)) == sorted([*changed, MARKER])


def test_a_place_that_is_away_is_told(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    away = RemoteTarget("live", "s3://deals/rooms", f"http://127.0.0.1:{port}", tmp_path)
    with pytest.raises(Problem, match="cannot publish to s3://deals/rooms: "):
        away.publish(site_of(tmp_path / "site", ROOM))


def test_what_a_driver_logs_is_not_printed() -> None:
    """Google's and Azure's tell a fault twice: raised, and logged with a traceback."""
    code = """
import logging
from dealroom.publish.storage import open_storage
with open_storage("memory://rooms"):
    for driver in "gcsfs", "azure.core":
        logging.getLogger(driver).error("no")
"""
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("", "")


def test_only_the_first_line_of_a_fault_is_told() -> None:
    """Azure's goes on with the whole answer."""
    with (
        pytest.raises(Problem, match=r"^cannot publish to memory://rooms: The container does not exist\.$"),
        open_storage("memory://rooms"),
    ):
        raise OSError("The container does not exist.\nRequestId: 72d6ebb0\nContent: <?xml?>")


def test_a_place_that_can_only_be_read_is_told() -> None:
    with (
        pytest.raises(Problem, match=r"^cannot publish to http://127.0.0.1/rooms: http:// can only be read$"),
        open_storage("http://127.0.0.1/rooms") as storage,
    ):
        storage.remove(MARKER)


def test_a_missing_driver_is_told_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="publishing to gs:// needs a driver that is not installed") as caught:
        RemoteTarget("live", "gs://deals/rooms", None, tmp_path).publish(site_of(tmp_path / "site", ROOM))
    assert caught.value.hint == "pip install 'dealroom[gcs]'"


class Counting:
    """Notes the method of each request that goes through a proxy; from a number of them on, it is cut."""

    def __init__(self, most: float) -> None:
        self._most = most
        self.methods: list[str] = []
        self.address = ""

    def __call__(self, data: bytes) -> bool:
        method = data.split(b" ", 1)[0]
        if method in {b"GET", b"PUT", b"POST", b"HEAD", b"DELETE"}:
            self.methods.append(method.decode())
        return len(self.methods) > self._most


@contextmanager
def counted(service: str, most: float = inf) -> Iterator[Counting]:
    counting = Counting(most)
    with proxied(int(service.rpartition(":")[2]), counting) as port:
        counting.address = f"http://127.0.0.1:{port}"
        yield counting
