"""Publishing over SFTP, with OpenSSH's server."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish import storage
from dealroom.publish.remote import MARKER, RemoteTarget
from tests.openssh import ensure
from tests.unit.publish.proxy import cut_after, proxied, stall_after
from tests.unit.publish.sites import site_of
from tests.unit.publish.test_remote import OBJECT, ROOM


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `home` has the key it lets in."""

    port: int
    home: Path
    host_key: str

    def url(self, folder: Path, port: int | None = None) -> str:
        return f"sftp://{getpass.getuser()}@127.0.0.1:{port or self.port}{folder}"

    def knows(self, port: int) -> None:
        """Write down its key for this port, as `ssh` does when one connects for the first time."""
        (self.home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {self.host_key}", encoding="ascii")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = ensure()
    folder = tmp_path_factory.mktemp("sshd")
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True)
    for path in (folder / "host", home / ".ssh" / "id_ed25519"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    settings = {
        "AuthorizedKeysFile": home / ".ssh" / "id_ed25519.pub",
        "HostKey": folder / "host",
        "ListenAddress": "127.0.0.1",
        "PidFile": "none",
        "Port": port,
        "StrictModes": "no",
        "Subsystem": "sftp internal-sftp",
        "UsePAM": "no",
    }
    config = folder / "sshd_config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    with subprocess.Popen([str(program), "-D", "-f", str(config)]) as process:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
                break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield Server(port, home, (folder / "host.pub").read_text(encoding="ascii"))
        process.terminate()


@pytest.fixture
def known(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, as somebody sees it who has been there with `ssh`."""
    monkeypatch.setenv("HOME", str(server.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    server.knows(server.port)
    return server


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_site_is_brought_there_and_kept_up_to_date(tmp_path: Path, known: Server) -> None:
    place = tmp_path / "www"
    target = RemoteTarget("live", known.url(place), None, tmp_path / "state")
    assert sorted(target.publish(site_of(tmp_path / "site", ROOM)).written) == sorted(ROOM)
    assert files_in(place) == sorted([*ROOM, MARKER])
    assert target.publish(site_of(tmp_path / "site", ROOM)).written == []
    changed = {**ROOM, "r/index.html": "<p>two</p>"}
    del changed[OBJECT]
    report = target.publish(site_of(tmp_path / "site", changed))
    assert (report.written, report.removed) == (["r/index.html"], [OBJECT])
    assert (place / "r/index.html").read_text(encoding="utf-8") == "<p>two</p>"
    assert files_in(place) == sorted([*changed, MARKER])


def test_a_server_that_is_not_known_is_refused(tmp_path: Path, known: Server) -> None:
    (known.home / ".ssh" / "known_hosts").write_text("", encoding="ascii")
    target = RemoteTarget("live", known.url(tmp_path / "www"), None, tmp_path / "state")
    with pytest.raises(Problem, match="is not known; connect to it with ssh once"):
        target.publish(site_of(tmp_path / "site", ROOM))
    assert not (tmp_path / "www").exists()


def test_a_server_with_another_key_is_refused(tmp_path: Path, known: Server) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    kind, other, *_ = (tmp_path / "other.pub").read_text(encoding="ascii").split()
    hosts = known.home / ".ssh" / "known_hosts"
    hosts.write_text(f"{hosts.read_text(encoding='ascii').split()[0]} {kind} {other}\n", encoding="ascii")
    target = RemoteTarget("live", known.url(tmp_path / "www"), None, tmp_path / "state")
    with pytest.raises(Problem, match="is not the one that is known: somebody may be in between"):
        target.publish(site_of(tmp_path / "site", ROOM))
    assert not (tmp_path / "www").exists()


def test_a_server_that_stalls_is_left_alone(tmp_path: Path, known: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_ANSWERS_WITHIN", 5)
    files = {**ROOM, "r/o/" + "1" * 32: secrets.token_hex(300_000)}
    with proxied(known.port, stall_after(200_000)) as port:
        known.knows(port)
        with pytest.raises(Problem, match="it did not answer in time"):
            RemoteTarget("live", known.url(tmp_path / "www", port), None, tmp_path / "state").publish(
                site_of(tmp_path / "site", files)
            )


def test_who_is_not_let_in_is_told(tmp_path: Path, known: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = tmp_path / "stranger"
    (stranger / ".ssh").mkdir(parents=True)
    (stranger / ".ssh" / "known_hosts").write_bytes((known.home / ".ssh" / "known_hosts").read_bytes())
    monkeypatch.setenv("HOME", str(stranger))
    target = RemoteTarget("live", known.url(tmp_path / "www"), None, tmp_path / "state")
    with pytest.raises(Problem, match="cannot publish to sftp://"):
        target.publish(site_of(tmp_path / "site", ROOM))


def test_a_connection_that_is_cut_leaves_the_old_page_and_the_next_run_sends_the_rest(
    tmp_path: Path, known: Server
) -> None:
    place, state = tmp_path / "www", tmp_path / "state"
    RemoteTarget("live", known.url(place), None, state).publish(site_of(tmp_path / "site", ROOM))
    objects = {f"r/o/{number:032x}": secrets.token_hex(20_000) for number in range(50)}
    changed = {**ROOM, **objects, "r/index.html": "<p>two</p>"}
    with proxied(known.port, cut_after(1_000_000)) as port:
        known.knows(port)
        with pytest.raises(Problem, match="cannot publish to sftp://") as caught:
            RemoteTarget("live", known.url(place, port), None, state).publish(site_of(tmp_path / "site", changed))
    assert "run again" in str(caught.value.hint)
    assert (place / "r/index.html").read_text(encoding="utf-8") == ROOM["r/index.html"]
    known.knows(known.port)
    report = RemoteTarget("live", known.url(place), None, state).publish(site_of(tmp_path / "site", changed))
    assert "r/index.html" in report.written
    assert files_in(place) == sorted([*changed, MARKER])
    assert all((place / path).read_text(encoding="utf-8") == text for path, text in changed.items())
