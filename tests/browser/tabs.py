"""Pages that tests use one after another.

Each test finds its page as a reader would, empty and remembering nothing. But the browser need not open one more window
and start one more process for it, which would cost half as much as what most tests do there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Request

from tests.browser.watch import Relay, Watch

# What can be set in a page that is open, and what it is by itself. All else belongs to a context for good.
MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}

# What a page can keep on a device.
KEPT = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"

# Whether somebody has set the page's clock. That lasts as long as its context does.
HAS_CLOCK = "'__pwClock' in globalThis"


class Tab:
    """A page in a context of its own; `kind` is what cannot be changed about it."""

    def __init__(self, browser: Browser, kind: str, options: dict[str, Any]) -> None:
        self.kind = kind
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self._relay = Relay(self.context)
        self._session = self.context.new_cdp_session(self.page)
        self._origins: set[str] = set()
        self.context.on("request", self._on_request)

    def begin(self, watch: Watch, *, viewport: Any, offline: bool, media: dict[str, Any]) -> None:
        """Hand the page to a test: what it complains of goes to `watch`."""
        self._relay.watch = watch
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(media="null", **media)
        self.context.set_offline(offline)

    def end(self, unchanging: Collection[str]) -> None:
        """Leave what the test looked at and forget it, but for the files of origins that are `unchanging`.

        Raises Playwright's Error when the page is not there any more.
        """
        for page in self.context.pages:
            page.unroute_all(behavior="ignoreErrors")
            if page != self.page:
                page.close()
        self.context.unroute_all(behavior="ignoreErrors")
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        for origin in self._origins:
            self._session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": KEPT})
        if not self._origins.issubset(unchanging):
            self._session.send("Network.clearBrowserCache")
        self._origins.clear()
        self._relay.watch = Watch()

    def has_clock(self) -> bool:
        return bool(self.page.evaluate(HAS_CLOCK))

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"}:
            self._origins.add(f"{url.scheme}://{url.netloc}")


class Tabs:
    """The tabs of all browsers that no test has at the moment."""

    def __init__(self) -> None:
        # Origins that stay as they are until the tests end.
        self.unchanging: set[str] = set()
        # By kind, and by whether their clock stands still.
        self._idle: dict[tuple[str, bool], list[Tab]] = defaultdict(list)

    def take(self, browser: Browser, watch: Watch, now: str | datetime | None, **options: Any) -> Tab:
        """A tab with Playwright's options of `new_context`, whose clock stands at `now` or else is the machine's."""
        media = {name: options.pop(name, default) for name, default in MEDIA.items()}
        viewport, offline = options.pop("viewport"), options.pop("offline", False)
        kind = f"{id(browser)} {sorted(options.items())}"
        idle = self._idle[kind, now is not None]
        tab = idle.pop() if idle else Tab(browser, kind, options)
        tab.begin(watch, viewport=viewport, offline=offline, media=media)
        if now is not None:
            tab.page.clock.set_fixed_time(now)
        return tab

    def give_back(self, tab: Tab) -> None:
        """Keep a tab for the next test. One that a test has closed or broken is of no use."""
        try:
            tab.end(self.unchanging)
            clocked = tab.has_clock()
        except Error:
            with suppress(Error):
                tab.context.close()
        else:
            self._idle[tab.kind, clocked].append(tab)
