"""A connection that can be cut: a TCP proxy between a client and a server of the tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

# Told every piece that clients send; says whether all connections are cut there and then.
Watch = Callable[[bytes], bool]


class _Proxy:
    def __init__(self, port: int, watch: Watch) -> None:
        self._server_port = port
        self._watch = watch
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                threading.Thread(target=self._pass, args=(client, server, self._watch), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, lambda _: False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, watch: Watch) -> None:
        with suppress(OSError), closing(source), closing(sink):
            while data := source.recv(65536):
                if watch(data):
                    # Closing alone would not wake who reads from the other end.
                    for end in (source, sink):
                        with suppress(OSError):
                            end.shutdown(socket.SHUT_RDWR)
                    return
                sink.sendall(data)


@contextmanager
def proxied(port: int, watch: Watch) -> Iterator[int]:
    """The port of a proxy to a port of this machine."""
    with closing(_Proxy(port, watch)) as proxy:
        yield proxy.port


def cut_after(size: int) -> Watch:
    """Cuts once clients have sent `size` bytes altogether, and from then on at once."""
    sent = 0
    lock = threading.Lock()

    def watch(data: bytes) -> bool:
        nonlocal sent
        with lock:
            sent += len(data)
            return sent > size

    return watch


def stall_after(size: int) -> Watch:
    """Passes nothing on once clients have sent `size` bytes altogether, and leaves the connection open."""
    is_over = cut_after(size)

    def watch(data: bytes) -> bool:
        if is_over(data):
            threading.Event().wait()
        return False

    return watch
