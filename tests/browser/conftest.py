"""A real browser for the tests in this folder. A page fails its test with any error, and any request elsewhere."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
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
from tests.browser.tabs import Tab, Tabs
from tests.browser.watch import Watch

# A small phone of today and a common laptop, in CSS pixels.
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

# Seconds after which a server notices that it is to stop; half a second, as by default, would be lost to each test.
LOOK = 0.02
# And for one that serves many tests.
LOOK_SELDOM = 0.1

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


# UTC, so that "today" in the page is the date a test sets and not the machine's.
READER = {"viewport": DESKTOP, "timezone_id": "UTC", "locale": "en-GB"}


class NewPage(Protocol):
    """Opens a page that knows nothing of any other. Options are those of Playwright's `new_context`.

    Its clock stands at `now`, or is the machine's. `own` says that no test has the page afterwards: for one that adds
    scripts to it, listens to it, sets its clock going, or changes the scripts and styles that it loads.
    """

    def __call__(self, *, now: str | datetime | None = None, own: bool = False, **options: Any) -> Page: ...


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


@pytest.fixture(scope="package")
def tabs() -> Tabs:
    """The pages that tests have had, for those that come."""
    return Tabs()


@pytest.fixture
def new_page(browser: Browser, watch: Watch, tabs: Tabs) -> Iterator[NewPage]:
    """Opens pages as different readers would: `new_page(viewport=PHONE, color_scheme="dark")`."""
    taken: list[Tab] = []
    contexts: list[BrowserContext] = []

    def open_page(*, now: str | datetime | None = None, own: bool = False, **options: Any) -> Page:
        if not own:
            taken.append(tabs.take(browser, watch, now, **{**READER, **options}))
            return taken[-1].page
        context = browser.new_context(**{**READER, **options})
        contexts.append(context)
        watch.attach(context)
        if now is not None:
            context.clock.set_fixed_time(now)
        return context.new_page()

    yield open_page
    for tab in taken:
        tabs.give_back(tab)
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a laptop."""
    return new_page()


@pytest.fixture
def own_page(new_page: NewPage) -> Page:
    """A page on a laptop for a test that adds scripts to it, listens to it, sets its clock or changes what it loads."""
    return new_page(own=True)


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


class Hosts:
    """Static hosts on ports of their own."""

    def __init__(self, look: float) -> None:
        self._look = look
        self._running: list[_Host] = []

    def serve(self, folder: Path) -> str:
        """Begin to serve a folder; gives its origin, such as `http://127.0.0.1:40123`."""
        # Port 0: the system picks a free one.
        host = _Host(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=str(folder)))
        self._running.append(host)
        threading.Thread(target=host.serve_forever, args=(self._look,), daemon=True).start()
        return f"http://127.0.0.1:{host.server_port}"

    def stop(self) -> None:
        for host in self._running:
            host.shutdown()
            host.server_close()


@pytest.fixture(scope="package")
def serve_to_the_end() -> Iterator[Callable[[Path], str]]:
    """Serves a folder that nobody changes, at one origin for all tests."""
    hosts = Hosts(LOOK_SELDOM)
    yield functools.cache(hosts.serve)
    hosts.stop()


@pytest.fixture
def serve_folder(
    serve_to_the_end: Callable[[Path], str], tabs: Tabs, tmp_path: Path
) -> Iterator[Callable[[Path], str]]:
    """Serves a folder as any static host would; gives its origin.

    What the test made itself is in its own folder. All else stays as it is, and so does its host.
    """
    hosts = Hosts(LOOK)

    def serve(folder: Path) -> str:
        if folder.is_relative_to(tmp_path):
            return hosts.serve(folder)
        origin = serve_to_the_end(folder)
        tabs.unchanging.add(origin)
        return origin

    yield serve
    hosts.stop()
