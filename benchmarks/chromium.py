"""A Chromium that is watched as little as can be: no network events are recorded, which would take memory themselves.

It is driven over its debugging pipe (`--remote-debugging-pipe`): JSON messages that end in a zero byte, commands on
file descriptor 3 and answers on 4. https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS

PATIENCE = 120.0  # seconds for a condition to come true
POLL = 0.05


class Chromium:
    """A running browser with one page. A context manager; `process` is its first process."""

    def __init__(self, profile: Path, downloads: Path) -> None:
        self._profile, self._downloads = profile, downloads
        self._number = 0
        self._session: str | None = None

    def __enter__(self) -> Self:
        commands, self._to = os.pipe()
        self._from, answers = os.pipe()
        # A shell puts the ends of the pipes to the numbers where Chromium looks for them.
        script = f'exec "$0" "$@" 3<&{commands} 4>&{answers}'
        program = str(chromium.find(os.environ))
        options = ["--headless", "--remote-debugging-pipe", f"--user-data-dir={self._profile}", *ARGUMENTS]
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self._running = subprocess.Popen(
            ["sh", "-c", script, program, *options, *sandbox, "about:blank"],
            pass_fds=(commands, answers),
            stderr=subprocess.DEVNULL,
        )
        self.process = self._running.pid
        os.close(commands)
        os.close(answers)
        self._reader = os.fdopen(self._from, "rb")
        self._rest = b""
        self._downloads.mkdir(parents=True, exist_ok=True)
        self._call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self._downloads))
        return self

    def __exit__(self, *_: object) -> None:
        self._call("Browser.close")
        self._running.wait()

    def open(self, address: str) -> None:
        """Open a page; what is evaluated from now on is evaluated there."""
        target = self._call("Target.createTarget", url=address)["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, as by a click of its reader."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Until the condition is true in the page. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(condition):
            if time.monotonic() > deadline:
                raise TimeoutError(condition)
            time.sleep(POLL)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session and method.startswith("Runtime."):
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._next())
            if answer.get("id") == self._number:
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> bytes:
        while b"\0" not in self._rest:
            self._rest += os.read(self._reader.fileno(), 65_536)
        message, _, self._rest = self._rest.partition(b"\0")
        return message
