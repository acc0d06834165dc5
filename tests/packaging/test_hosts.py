"""Real web servers serve a site with the headers that dealroom prints for them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from email.message import Message
from pathlib import Path

import pytest

from dealroom.publish.headers import ASKED, FORMS, KEPT, PROTECTION
from tests.demos import Demo

# Seconds until a server that is going to answer does.
PATIENCE = 60.0


@pytest.fixture(scope="module")
def site(demo: Demo) -> Path:
    return demo.workspace.site


def program(name: str, package: str) -> str:
    """The path of a server, installed from the distribution where it is missing."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
    if not shutil.which(name, path=path) and os.geteuid() == 0 and shutil.which("apt-get"):
        install = f"apt-get update -qq && apt-get install -y -qq --no-install-recommends {package}"
        subprocess.run(["sh", "-c", install], check=False, capture_output=True)
    found = shutil.which(name, path=path)
    if found is None:
        pytest.fail(f"this test needs {name}: install it")
    return found


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def nginx(site: Path, folder: Path) -> Iterator[str]:
    """nginx with the snippet in its server block, as a process of this user."""
    port = free_port()
    site.chmod(0o755)
    (folder / "rooms.conf").write_text(FORMS["nginx"]())
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + "events {}\nhttp {\n"
        + "".join(
            f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + "  types { text/html html; application/javascript js; text/css css; }\n"
        f"  access_log off;\n  server {{ listen 127.0.0.1:{port}; root {site}; include {folder}/rooms.conf; }}\n}}\n"
    )
    with running([program("nginx", "nginx-light"), "-p", str(folder), "-c", str(config)], port) as url:
        yield url


@contextmanager
def caddy(site: Path, folder: Path) -> Iterator[str]:
    """Caddy with the snippet in its site block."""
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(
        "{\n admin off\n auto_https off\n}\n"
        f"http://127.0.0.1:{port} {{\nroot * {site}\nfile_server\n{FORMS['caddy']()}}}\n"
    )
    command = [program("caddy", "caddy"), "run", "--config", str(config), "--adapter", "caddyfile"]
    with running(command, port, {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}) as url:
        yield url


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server until the test is over; gives its origin once it answers."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        if process.poll() is not None:
            pytest.fail(f"{command[0]} does not take its configuration:\n{process.communicate()[1]}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if process.stderr:
            process.stderr.close()


def headers(url: str) -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(url) as response:
            return response.status, response.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers


@pytest.mark.parametrize("server", [nginx, caddy], ids=["nginx", "caddy"])
def test_a_real_server_sends_them(
    server: Callable[[Path, Path], AbstractContextManager[str]], site: Path, tmp_path: Path
) -> None:
    room = next(site.glob("*/o")).parent
    sealed = next((room / "o").iterdir())
    script = next((site / "assets").glob("main-*.js"))
    with server(site, tmp_path) as origin:
        for path, kept in {
            f"/{room.name}/": ASKED,
            "/worker.js": ASKED,
            f"/{room.name}/o/{sealed.name}": KEPT,
            f"/assets/{script.name}": KEPT,
        }.items():
            status, sent = headers(origin + path)
            assert (status, sent.get_all("Cache-Control")) == (200, [kept]), path
            assert {name: sent.get_all(name) for name in PROTECTION} == {
                name: [PROTECTION[name]] for name in PROTECTION
            }
        assert headers(f"{origin}/assets/{script.name}")[1]["Content-Type"].startswith(
            ("application/", "text/javascript")
        )
        for path in ("/nothing/here/", f"/{room.name}/o/{'0' * 32}"):
            status, sent = headers(origin + path)
            assert status == 404
            assert "immutable" not in (sent["Cache-Control"] or "")
            assert sent["Referrer-Policy"] == "no-referrer"
