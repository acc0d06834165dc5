"""Waiting for what comes of an action, however busy the machine is, instead of looking once and hoping."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page, expect

# What a free machine does in a moment has been seen to take a busy one this long. In milliseconds.
PATIENCE = 60_000
STEP = 50

Seen = TypeVar("Seen")


# In the page: whether there is such an element.
THERE = "selector => document.querySelector(selector) !== null"


def there(page: Page, selector: str) -> None:
    """Wait until there is such an element.

    For what nearly every test waits for: `expect` looks again after a second only, and this at once.
    """
    page.wait_for_function(THERE, arg=selector, polling=STEP, timeout=PATIENCE)


def state(page: Page, wanted: str) -> None:
    """Wait until the page is `locked`, `open` or `failed`."""
    there(page, f"html[data-state={wanted}]")


def settled(page: Page) -> None:
    """Wait until the room is open and answers to its reader.

    It begins to listen right after it is shown, and then draws what is below the first window.
    """
    there(page, "html[data-state=open] .room[data-settled]")


def complete(page: Page) -> None:
    """Wait until every picture is there, too: nothing is fetched any more that publishing the room could take away."""
    settled(page)
    expect(page.locator("#room img[data-object]:not([data-state=ready])")).to_have_count(0)


def becomes(page: Page, look: Callable[[], object], wanted: object) -> None:
    """Wait until `look` gives what is wanted."""
    for _ in range(PATIENCE // STEP):
        if look() == wanted:
            return
        page.wait_for_timeout(STEP)
    assert look() == wanted


def until(page: Page, look: Callable[[], Seen], what: str) -> Seen:
    """What `look` gives as soon as that is something. Fails with `what` was waited for.

    For what Playwright itself does not wait for: promises, and the text of scripts, which a room's policy lets run only
    once. Its `wait_for_function` has to be given a function that returns at once.
    """
    for _ in range(PATIENCE // STEP):
        if seen := look():
            return seen
        page.wait_for_timeout(STEP)
    raise AssertionError(f"after {PATIENCE // 1000} seconds not yet: {what}")
