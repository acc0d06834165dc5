"""What rooms look like, against reference pictures; `make update-pictures` renews those that changed.

A difference is written to build/pictures: the reference, what was taken, and where they differ, beside each other. The
themes bring their fonts, `fonts.conf` says how letters are drawn, the clock stands still, and nothing moves, so that
every machine draws the same.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dealroom.publish.build import build
from dealroom.workspace import open_workspace
from tests.browser.brands import PLAN, THEMES, build_brands
from tests.browser.conftest import DESKTOP, PHONE, Launch, NewPage
from tests.browser.pictures import FOLDER, compare, save
from tests.browser.waiting import settled
from tests.demos import KEY, REPOSITORY, TODAY, Demo

DIFFERENCES = REPOSITORY / "build" / "pictures"

FONTS = Path(__file__).parent / "fonts.conf"

NOW = "2026-11-23T09:00:00Z"
TOMORROW = "2026-11-24T09:00:00Z"
CLOSED = "closed"

TABLET: ViewportSize = {"width": 768, "height": 1024}
# The width of A4 paper at 96 pixels an inch, less margins of 16 mm; the first page of it.
PAPER: ViewportSize = {"width": 673, "height": 1000}
SIZES = {size["width"]: size for size in (PHONE, TABLET, DESKTOP, PAPER)}

View = Literal["lock", "top", "timeline", "milestone", "people", "documents", "page", "print", "closed"]

# Where a view is in the opened room.
PLACES: dict[View, str] = {
    "timeline": "#timeline",
    "milestone": "#milestone-legal-review",
    "people": "#people",
    "documents": "#documents",
}


@dataclass(frozen=True)
class Shot:
    """One picture: of a view, in a theme, at a width of the window in pixels, light or dark."""

    view: View
    theme: str
    width: int
    scheme: Literal["light", "dark"] = "light"

    def __str__(self) -> str:
        return f"{self.view}-{self.theme}-{self.width}-{self.scheme}"


SHOTS = [
    Shot("lock", "tessellate", 360),
    Shot("lock", "tessellate", 1280, "dark"),
    Shot("lock", "marlow-finch", 1280),
    Shot("lock", "halyard", 768),
    Shot("top", "tessellate", 360),
    Shot("top", "tessellate", 768, "dark"),
    Shot("top", "tessellate", 1280),
    Shot("top", "marlow-finch", 1280, "dark"),
    Shot("top", "halyard", 360),
    Shot("timeline", "tessellate", 360, "dark"),
    Shot("timeline", "tessellate", 1280),
    Shot("timeline", "marlow-finch", 768),
    Shot("timeline", "halyard", 1280, "dark"),
    Shot("milestone", "tessellate", 360),
    Shot("milestone", "tessellate", 1280, "dark"),
    Shot("people", "tessellate", 1280),
    Shot("people", "marlow-finch", 360),
    Shot("documents", "tessellate", 768),
    Shot("documents", "halyard", 360, "dark"),
    Shot("page", "tessellate", 360),
    Shot("page", "marlow-finch", 1280),
    Shot("print", "tessellate", 673),
    Shot("closed", "tessellate", 360),
    Shot("closed", "tessellate", 1280, "dark"),
]


@pytest.fixture(scope="module")
def demo(shared: Callable[[str, Callable[[Path], Demo]], Demo]) -> Demo:
    return shared("pictures", build_pictured)


def build_pictured(to: Path) -> Demo:
    """One plan in each theme, and a room that has closed."""
    demo = build_brands(to)
    closed = demo.workspace.plans / CLOSED
    closed.mkdir()
    (closed / "plan.yml").write_text(
        "title: Closed\nbuyer: {name: Harbour Foods}\ngo_live: {date: 2026-10-01}\nmilestones: []\n"
        "stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}]\naccess: {expires: 2026-11-01}\n"
    )
    workspace = open_workspace(demo.workspace.root)
    slugs = [CLOSED, *(f"{PLAN}-{theme}" for theme in THEMES)]
    return Demo(workspace, build(workspace, KEY, slugs, today=TODAY))


class Take(Protocol):
    """Takes a picture at a moment."""

    def __call__(self, shot: Shot, now: str = NOW) -> Image.Image: ...


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Iterator[Browser]:
    """A browser that draws letters as `fonts.conf` says."""
    browser = launch(env={**os.environ, "FONTCONFIG_FILE": str(FONTS)})
    yield browser
    browser.close()


@pytest.fixture
def take(demo: Demo, new_page: NewPage, serve_folder: Callable[[Path], str]) -> Take:
    origin = serve_folder(demo.workspace.site)

    def take(shot: Shot, now: str = NOW) -> Image.Image:
        page = new_page(viewport=SIZES[shot.width], color_scheme=shot.scheme, reduced_motion="reduce", now=now)
        if shot.view == "closed":
            (path,) = (room.path for room in demo.report.rooms if room.slug == CLOSED)
            page.goto(f"{origin}/{path}/")
        else:
            show(page, shot.view, demo.access(f"{PLAN}-{shot.theme}", origin)["katrin"].link)
        return picture_of(page)

    return take


def show(page: Page, view: View, link: str) -> None:
    """Open the room and go to the view."""
    if view == "lock":
        page.goto(link.partition("#")[0])
        expect(page.locator("#remember")).to_be_visible()
        return
    page.goto(link)
    settled(page)
    if view == "page":
        page.locator(".reading a[href^='#']").first.click()
        expect(page.locator(".page[data-view]:visible")).to_have_count(1)
    elif view == "print":
        page.emulate_media(media="print")
    elif place := PLACES.get(view):
        target = page.locator(place)
        if view == "milestone":
            target.locator("> summary").click()
        target.evaluate("target => target.scrollIntoView({block: 'start', behavior: 'instant'})")


def picture_of(page: Page) -> Image.Image:
    page.evaluate("document.fonts.ready")
    # Wherever the mouse rests, nothing is to light up.
    page.mouse.move(0, 0)
    content = page.screenshot(animations="disabled", caret="hide", scale="css")
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("shot", SHOTS, ids=str)
def test_a_view_looks_as_before(take: Take, shot: Shot, request: pytest.FixtureRequest) -> None:
    reference = FOLDER / f"{shot}.webp"
    taken = take(shot)
    known = Image.open(reference) if reference.exists() else None
    difference = compare(known, taken) if known else None
    if request.config.getoption("--update-pictures"):
        if difference is None or difference.is_seen:
            save(taken, reference)
        return
    assert difference, f"{reference.relative_to(REPOSITORY)} is missing: run `make update-pictures` and look at it"
    if difference.is_seen:
        shown = DIFFERENCES / f"{shot}.webp"
        save(difference.picture, shown)
        pytest.fail(
            f"{shot} looks different in {difference.tiles} tiles, the worst by {difference.worst:.0f} of 255:"
            f" see {shown.relative_to(REPOSITORY)}; if it is meant, run `make update-pictures`"
        )


def test_every_picture_is_taken(request: pytest.FixtureRequest) -> None:
    """A reference that nothing is compared with only looks like a test."""
    unused = {path for path in FOLDER.glob("*") if path.name not in {f"{shot}.webp" for shot in SHOTS}}
    if request.config.getoption("--update-pictures"):
        for path in unused:
            path.unlink()
        return
    assert unused == set()


def test_one_other_figure_is_seen(take: Take) -> None:
    shot = Shot("top", "tessellate", 360)
    assert compare(take(shot), take(shot, TOMORROW)).is_seen, "203 instead of 204 days left"


# What a person may have set for all programs of a machine: sharp letters, on the colours of a flat screen.
SHARP = """<?xml version="1.0"?><fontconfig><match target="font">
<edit name="hinting" mode="assign"><bool>true</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintfull</const></edit>
<edit name="autohint" mode="assign"><bool>true</bool></edit>
<edit name="rgba" mode="assign"><const>rgb</const></edit>
</match></fontconfig>"""


def test_letters_as_another_machine_draws_them_are_not_seen(
    take: Take, launch: Launch, demo: Demo, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    """Without `fonts.conf` these settings move lines of text, and a tile differs by 129."""
    (tmp_path / "fontconfig").mkdir()
    (tmp_path / "fontconfig" / "fonts.conf").write_text(SHARP)
    other = launch(env={**os.environ, "FONTCONFIG_FILE": str(FONTS), "XDG_CONFIG_HOME": str(tmp_path)})
    shot = Shot("top", "tessellate", 360)
    page = other.new_page(viewport=SIZES[shot.width], timezone_id="UTC", locale="en-GB", reduced_motion="reduce")
    page.clock.set_fixed_time(NOW)
    origin = serve_folder(demo.workspace.site)
    show(page, shot.view, demo.access(f"{PLAN}-{shot.theme}", origin)["katrin"].link)
    assert not compare(take(shot), picture_of(page)).is_seen
    other.close()
