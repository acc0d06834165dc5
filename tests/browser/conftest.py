"""A real browser for the tests in this folder. A page fails its test with any error, and any request elsewhere."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser import chromium, webkit
from tests.browser.watch import Watch

# A small phone of today and a common laptop, in CSS pixels.
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

# Seconds after which a server notices that it is to stop; half a second, as by default, would be lost to each test.
LOOK = 0.02

# Milliseconds in which what is expected has come, also on a machine that is five times slower and busy with other
# things; five seconds, as by default, have been too few. What is there at once is not waited for.
expect.set_options(timeout=30_000)

# Any name but `localhost`: a page of this host over http is not a secure context.
ELSEWHERE = "rooms.example"

# Playwright turns these off itself; of two such arguments the last one counts, so they are named again.
_OFF_IN_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
# Suggestions below the address bar, which nobody sees here: pages of their own, loaded for each window. They took
# as much of the processor as the room itself.
_SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")

ARGUMENTS = (
    f"--disable-features={','.join([*_OFF_IN_PLAYWRIGHT, *_SUGGESTIONS])}",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
    # The browser itself stays quiet, so that what is seen on the network is the page's.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    # Containers give /dev/shm 64 MB, which a large page outgrows.
    "--disable-dev-shm-usage",
    # Text has the same edges on every machine.
    "--font-render-hinting=none",
)


def arguments() -> list[str]:
    """What Chromium is started with. The user root has to do without its sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


class NewPage(Protocol):
    """Opens a page in a browser context of its own. Options are those of Playwright's `new_context`."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def chromium_program() -> Path:
    """The browser's program, which has to be looked for before Playwright runs: that may be what looks."""
    program = chromium.find(os.environ)
    if program is None:
        pytest.fail("the browser tests need Chromium: run `make browser`, which installs it")
    return program


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, for as long as tests of this folder run: an event loop of its own is in the way of all others."""
    with sync_playwright() as playwright:
        yield playwright


class Launch(Protocol):
    """Starts a browser. Options are those of Playwright's `launch`."""

    def __call__(self, **options: Any) -> Browser: ...


@pytest.fixture(scope="package")
def launch(chromium_program: Path, playwright: Playwright) -> Launch:
    return functools.partial(playwright.chromium.launch, executable_path=chromium_program, args=arguments())


@pytest.fixture(scope="package")
def browser(launch: Launch) -> Iterator[Browser]:
    """One browser for all tests; each has a context of its own in it."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the test's pages complained of. `watch.expect(pattern)` for what a test provokes."""
    watch = Watch()
    yield watch
    if verdict := watch.verdict():
        pytest.fail("\n".join(["the page is not clean:", *verdict]))


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[NewPage]:
    """Opens pages as different readers would: `new_page(viewport=PHONE, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        # UTC, so that "today" in the page is the date a test sets and not the machine's.
        context = browser.new_context(**{"viewport": DESKTOP, "timezone_id": "UTC", "locale": "en-GB", **options})
        contexts.append(context)
        watch.attach(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a laptop."""
    return new_page()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def each_page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    """A page on a phone, and the same test again with one on a laptop."""
    return new_page(viewport=request.param)


@pytest.fixture(scope="module")
def webkit_screen() -> Iterator[tuple[webkit.Programs, str]]:
    """WebKit's programs, and the name of a screen for them."""
    programs = webkit.find()
    if programs is None:
        pytest.fail("these tests need WebKitGTK's driver: run `make webkit`, which installs it")
    with webkit.screen(programs) as name:
        yield programs, name


@pytest.fixture
def new_webkit(webkit_screen: tuple[webkit.Programs, str], tmp_path: Path) -> Iterator[Callable[[], webkit.WebKit]]:
    """Starts WebKit with nothing in its memory; it saves files into a folder of its own."""
    with ExitStack() as running:

        def start() -> webkit.WebKit:
            home = tmp_path / "webkit"
            home.mkdir()
            return running.enter_context(webkit.browser(*webkit_screen, home))

        yield start


class _Host(ThreadingHTTPServer):
    """A host with room for all connections that a browser opens at once; five, as by default, are reset at times."""

    request_queue_size = 128


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files as a plain host does, over connections that stay open, without a line a request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """Serves a folder as any static host would; gives its origin, such as `http://127.0.0.1:40123`."""
    servers: list[ThreadingHTTPServer] = []

    def serve(folder: Path) -> str:
        # Port 0: the system picks a free one.
        handler = functools.partial(_QuietHandler, directory=str(folder))
        server = _Host(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(LOOK,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
