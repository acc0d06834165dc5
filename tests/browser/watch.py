"""Watches a page and remembers whatever a reader's browser should never have to say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# These never leave the browser; its own PDF viewer is made of the last ones.
LOCAL_SCHEMES = {"about", "blob", "data", "chrome", "chrome-extension", "chrome-untrusted"}


REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    dealroomViolation(`${effectiveDirective} ${blockedURI} (${sourceFile}:${lineNumber})`);
}, true);
"""


@dataclass
class Watch:
    """The problems of all pages that a test opens.

    A problem is an error or a warning on the console, an uncaught exception, a violation of the page's policy, or a
    request to an origin other than the one that was opened first. A test that provokes one names it with `expect`, and
    then it has to occur.
    """

    problems: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)
    origin: str | None = None

    def attach(self, context: BrowserContext) -> None:
        """Watch a context to its end."""
        Relay(context).watch = self

    def expect(self, pattern: str) -> None:
        """A problem whose text matches `pattern` (a regular expression, found anywhere) is meant to occur."""
        self.expected.append(re.compile(pattern))

    def verdict(self) -> list[str]:
        """What to fail the test with: problems nobody expected, and expected ones that did not occur."""
        unexpected = [text for text in self.problems if not any(p.search(text) for p in self.expected)]
        missing = [
            f"expected, but did not occur: {p.pattern}"
            for p in self.expected
            if not any(p.search(text) for text in self.problems)
        ]
        return unexpected + missing

    def on_violation(self, text: str) -> None:
        self.problems.append(f"Content Security Policy violated: {text}")

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def on_web_error(self, error: WebError) -> None:
        self.problems.append(f"uncaught exception: {error.error}")

    def on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in LOCAL_SCHEMES:
            return
        origin = f"{url.scheme}://{url.netloc}"
        if self.origin is None:
            self.origin = origin
        elif origin != self.origin:
            self.problems.append(f"request to another origin: {request.url}")


class Relay:
    """Tells what happens in a browser context to the watch of the test that has it at the time."""

    def __init__(self, context: BrowserContext) -> None:
        # Nobody's, until a test has the context.
        self.watch = Watch()
        context.on("console", self._on_console)
        context.on("weberror", self._on_web_error)
        context.on("request", self._on_request)
        # Not every violation is on the console: none is that a script catches.
        context.expose_binding("dealroomViolation", self._on_violation)
        context.add_init_script(REPORT_VIOLATIONS)

    def _on_console(self, message: ConsoleMessage) -> None:
        self.watch.on_console(message)

    def _on_web_error(self, error: WebError) -> None:
        self.watch.on_web_error(error)

    def _on_request(self, request: Request) -> None:
        self.watch.on_request(request)

    def _on_violation(self, _source: object, text: str) -> None:
        self.watch.on_violation(text)
