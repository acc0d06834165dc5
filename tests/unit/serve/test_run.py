"""The server starts and stops as someone at a terminal expects."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from dealroom.errors import Problem
from dealroom.seal.keys import create_key
from dealroom.serve.run import address_of, listen, own_names
from tests.unit.serve.preview_workspace import PLAN


def test_a_port_in_use_is_a_clear_error() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(Problem) as caught:
        listen("127.0.0.1", taken.getsockname()[1])

    port = int(re.findall(r"\d+", caught.value.message)[0])
    assert caught.value.message == f"port {port} is in use"
    assert caught.value.hint == f"stop what uses it, or choose another: dealroom serve --port {port + 1}"


def test_a_host_that_is_elsewhere_is_a_clear_error() -> None:
    with pytest.raises(Problem, match="no address of this machine"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_the_address_can_be_opened(host: str, shown: str) -> None:
    with listen(host, 0) as server:
        assert address_of(server) == f"http://{shown}:{server.getsockname()[1]}/"


def test_answers_go_out_at_once() -> None:
    async def is_sent_at_once() -> bool:
        connected = asyncio.Event()
        seen: list[int] = []

        def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            transport_socket = writer.get_extra_info("socket")
            seen.append(transport_socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            connected.set()
            writer.close()

        with listen("127.0.0.1", 0) as bound:
            server = await asyncio.start_server(accept, sock=bound)
            _, writer = await asyncio.open_connection(*bound.getsockname())
            await connected.wait()
            writer.close()
            server.close()
        return bool(seen[0])

    assert asyncio.run(is_sent_at_once())


def test_only_an_open_server_answers_to_the_name_of_the_machine() -> None:
    assert own_names("127.0.0.1") == frozenset()
    assert socket.gethostname().lower() in own_names("0.0.0.0")


def test_stops_at_once_while_a_page_listens(tmp_path: Path) -> None:
    (tmp_path / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    (tmp_path / "plans" / "acme").mkdir(parents=True)
    (tmp_path / "plans" / "acme" / "plan.yml").write_text(PLAN)
    create_key(tmp_path / ".dealroom" / "key", lambda size: bytes(range(size)))
    command = [sys.executable, "-m", "dealroom", "-C", str(tmp_path), "serve", "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout
        (address,) = re.findall(r"http://\S+/", server.stdout.readline())
        with urlopen(f"{address}-/events") as stream:
            assert stream.readline() == b"retry: 500\n"
            server.send_signal(signal.SIGINT)
            output, errors = server.communicate(timeout=60)

    assert (server.returncode, output, errors) == (0, "stopped\n", "")
