"""What a buyer does with documents: read, look, play, seek, save; over connections that break, and from bad hosts."""

from __future__ import annotations

import base64
import hashlib
import math
import os
import re
import struct
import wave
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dealroom.publish.access import access_of
from dealroom.publish.build import build
from dealroom.room.links import file_ref
from dealroom.workspace import open_workspace
from tests.browser.conftest import PHONE, NewPage
from tests.browser.films import film
from tests.browser.shaky import ShakyHost
from tests.browser.waiting import becomes, settled, state
from tests.browser.watch import Watch
from tests.demos import KEY, TODAY

CHUNK = 65_552  # a sealed chunk of docs/format.md, in bytes
LARGE = 12_000_000  # more than the page holds itself
SECONDS = 40  # of the film

PLAN = """\
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}]
documents:
"""


@dataclass(frozen=True)
class Library:
    """A published room with a document of each kind."""

    folder: Path
    site: Path

    def link(self, origin: str) -> str:
        workspace = open_workspace(self.folder)
        return access_of(workspace, KEY, "harbour", origin, today=TODAY)[0].link

    def content(self, name: str) -> bytes:
        return (self.folder / "plans" / "harbour" / "files" / name).read_bytes()

    def object_of(self, size: int) -> Path:
        """The object of the one document of about this size."""
        return next(file for file in self.site.glob("*/o/*") if size <= file.stat().st_size <= size * 1.12 + 100)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Library:
    folder = tmp_path_factory.mktemp("library")
    files = folder / "plans" / "harbour" / "files"
    files.mkdir(parents=True)
    (files / "notes.txt").write_text("Grüße aus dem Lager\n" * 40, "utf-8")
    (files / "prices.csv").write_text("item,price\npallet,12\n", "utf-8")
    (files / "photo.png").write_bytes(_picture())
    (files / "report.pdf").write_bytes(_pdf())
    _write_sound(files / "call.wav")
    (files / "page.html").write_text("<script>document.title = 'taken over'</script>", "utf-8")
    (files / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "utf-8")
    (files / "Übersicht 'Ω' 🚚.zip").write_bytes(os.urandom(200_000))
    (files / "backup.bin").write_bytes(os.urandom(LARGE))
    (files / "tour.webm").write_bytes(_film(browser))
    names = sorted(file.name for file in files.iterdir())
    listed = "".join(f'  - {{title: "{name}", file: "files/{name}"}}\n' for name in names)
    embedded = "  - {title: The film, url: 'https://player.example/video/7', embed: true}\n"
    (folder / "plans" / "harbour" / "plan.yml").write_text(PLAN + listed + embedded, "utf-8")
    (folder / "dealroom.yml").write_text("seller: {name: Tessellate}\nembeds: [player.example]\n", "utf-8")
    workspace = open_workspace(folder)
    report = build(workspace, KEY, today=TODAY)
    assert not report.has_failures, [room.diagnostics for room in report.rooms]
    return Library(folder, workspace.site)


def _picture() -> bytes:
    """A grey PNG of 40 by 30 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\x88" * 40) * 30)
    header = struct.pack(">IIBBBBB", 40, 30, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def _write_sound(path: Path) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        tone = (int(8000 * math.sin(step / 3)) for step in range(16_000))
        sound.writeframes(b"".join(struct.pack("<h", value) for value in tone))


def _film(browser: Browser) -> bytes:
    """A film of noise, of which each second takes more than a few chunks."""
    page = browser.new_page()
    encoded = page.evaluate(
        """() => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 480});
            const context = canvas.getContext("2d");
            const image = context.createImageData(640, 480);
            let seed = 1;
            image.data.forEach((_, index) => {
                seed = (seed * 48271) % 2147483647;
                image.data[index] = index % 4 === 3 ? 255 : seed & 255;
            });
            context.putImageData(image, 0, 0);
            return canvas.toDataURL("image/webp", 0.97).split(",")[1];
        }"""
    )
    page.close()
    return film(base64.b64decode(encoded), 640, 480, SECONDS)


@pytest.fixture
def host(library: Library) -> Iterator[ShakyHost]:
    with ShakyHost(library.site) as host:
        yield host


@pytest.fixture
def room(page: Page, library: Library, host: ShakyHost) -> Page:
    return opened(page, library.link(host.origin))


def opened(page: Page, link: str) -> Page:
    page.goto(link)
    settled(page)
    return page


def document(page: Page, name: str) -> Locator:
    return page.locator(".file a", has_text=name)


def viewer(page: Page, state: str) -> Locator:
    shown = page.locator(f"dialog.viewer[open][data-state={state}]")
    expect(shown).to_be_visible()
    return shown


def saved(page: Page, act: Callable[[], None], to: Path) -> tuple[str, bytes]:
    with page.expect_download() as download:
        act()
    download.value.save_as(to)
    return download.value.suggested_filename, to.read_bytes()


@pytest.mark.parametrize("name", ["notes.txt", "prices.csv"])
def test_texts_are_read_in_the_room(room: Page, library: Library, name: str) -> None:
    document(room, name).click()
    assert viewer(room, "ready").locator("pre").text_content() == library.content(name).decode()


def test_a_picture_is_looked_at(room: Page) -> None:
    document(room, "photo.png").click()
    picture = viewer(room, "ready").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])") == [40, 30]


def test_a_pdf_opens_in_the_browsers_own_viewer(room: Page) -> None:
    document(room, "report.pdf").click()
    frame = viewer(room, "ready").locator("iframe")
    expect(frame).to_have_attribute("src", re.compile("^blob:"))


def test_a_pdf_where_pages_show_none_is_offered_to_be_saved(
    own_page: Page, library: Library, host: ShakyHost, tmp_path: Path
) -> None:
    own_page.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', {value: false})")
    opened(own_page, library.link(host.origin))
    document(own_page, "report.pdf").click()
    shown = viewer(own_page, "unshown")
    expect(shown).to_contain_text("does not show PDFs")
    button = shown.locator(".viewer-keep")
    assert saved(own_page, button.click, tmp_path / "report") == ("report.pdf", library.content("report.pdf"))


def test_a_sound_is_played(room: Page) -> None:
    document(room, "call.wav").click()
    player = viewer(room, "ready").locator("audio")
    expect(player).to_have_js_property("duration", 2)


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "Übersicht 'Ω' 🚚.zip"])
def test_all_else_is_saved_under_its_own_name(room: Page, library: Library, tmp_path: Path, name: str) -> None:
    title, pages = room.title(), len(room.context.pages)
    assert saved(room, document(room, name).click, tmp_path / "file") == (name, library.content(name))
    assert room.title() == title
    assert len(room.context.pages) == pages
    expect(room.locator("dialog[open]")).to_have_count(0)


def test_the_viewer_is_a_place_in_the_room(room: Page) -> None:
    link = document(room, "notes.txt")
    link.click()
    viewer(room, "ready")
    ref = file_ref("files/notes.txt", "document").ref
    expect(room).to_have_url(re.compile(f"#{re.escape(ref)}$"))
    room.keyboard.press("Escape")
    expect(room.locator("dialog[open]")).to_have_count(0)
    expect(link).to_be_focused()
    room.wait_for_function("() => location.hash === ''")
    link.click()
    viewer(room, "ready")
    room.evaluate("history.back()")
    expect(room.locator("dialog[open]")).to_have_count(0)
    link.press("Enter")
    viewer(room, "ready").get_by_role("button", name="Close").click()
    expect(room.locator("dialog[open]")).to_have_count(0)


def test_a_link_may_lead_to_a_document(new_page: NewPage, library: Library, host: ShakyHost) -> None:
    page = new_page(viewport=PHONE)
    ref = file_ref("files/notes.txt", "document").ref
    opened(page, f"{library.link(host.origin)}&at={ref}")
    shown = viewer(page, "ready")
    box = shown.bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    shown.get_by_role("button", name="Close").click()
    expect(page.locator("#plan")).to_be_visible()
    # The browser goes back when it comes to it.
    page.wait_for_function("() => location.hash === ''")


@pytest.mark.parametrize("prefix", ["/", "/rooms/2026/"])
def test_a_large_document_is_saved_through_the_worker(
    page: Page, library: Library, tmp_path: Path, prefix: str
) -> None:
    with ShakyHost(library.site, prefix) as host:
        opened(page, library.link(host.origin))
        got = saved(page, document(page, "backup.bin").click, tmp_path / "file")
        assert got == ("backup.bin", library.content("backup.bin"))
        assert page.evaluate("navigator.serviceWorker.controller.scriptURL") == f"{host.origin}/worker.js"
        scopes = "navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))"
        assert page.evaluate(scopes) == [page.url.partition("#")[0]]


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
def test_a_lost_connection_goes_on_where_it_stopped(
    room: Page, library: Library, host: ShakyHost, tmp_path: Path, ranges: bool
) -> None:
    host.conduct.ranges = ranges
    # The first connection is the page's look at the beginning.
    host.conduct.cut_after = [LARGE, 3_000_000, 4_500_000 if ranges else 9_000_000]
    got = saved(room, document(room, "backup.bin").click, tmp_path / "file")
    assert got[1] == library.content("backup.bin")
    name = library.object_of(LARGE).name
    starts = [start for asked, start in host.conduct.asked if asked == name]
    assert starts[:2] == [0, 0]
    # What the browser has read of a connection when it learns of the loss differs; it is whole chunks.
    assert 0 < starts[2] <= 3_000_000
    assert starts[2] < starts[3]
    assert all(start % CHUNK == 0 for start in starts)


def test_progress_is_shown_and_cancelling_stops(room: Page, host: ShakyHost) -> None:
    host.conduct.pause = SLOWLY
    link = document(room, "backup.bin")
    link.click()
    entry = room.locator(".tray-entry")
    expect(entry).to_contain_text(re.compile(r"backup\.bin · [1-9][\d.]* MB of 12 MB"))
    expect(link).to_have_attribute("data-progress", re.compile(r"\d+"))
    entry.get_by_role("button", name="Cancel").click()
    expect(entry).to_have_count(0)
    expect(link).not_to_have_attribute("data-state", "loading")
    assert_given_up(room, host)


# Seconds between the pieces of a document that is not to arrive before a busy machine has looked at it.
SLOWLY = 0.1


def assert_given_up(page: Page, host: ShakyHost) -> None:
    """The host comes to send nothing more, before all of it has arrived."""
    becomes(page, lambda: host.conduct.sending, [])
    assert host.conduct.whole == []


def test_locking_ends_what_is_under_way_and_forgets_it(room: Page, host: ShakyHost, watch: Watch) -> None:
    watch.expect("404")
    host.conduct.pause = SLOWLY
    document(room, "backup.bin").click()
    expect(room.locator(".tray-entry")).to_be_visible()
    address = room.locator("iframe").get_attribute("src")
    room.locator("[data-action=lock]").first.click()
    state(room, "locked")
    expect(room.locator("iframe, .tray-entry, dialog")).to_have_count(0)
    assert_given_up(room, host)
    assert room.evaluate("address => fetch(address).then(answer => answer.status)", address) == 404


def test_a_chunk_damaged_in_the_middle_saves_nothing(room: Page, library: Library) -> None:
    damaged = library.object_of(LARGE)
    content = damaged.read_bytes()
    place = 100 * CHUNK + 7
    damaged.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    try:
        with room.expect_download() as download:
            document(room, "backup.bin").click()
        assert download.value.failure()
        expect(room.locator(".tray-entry")).to_contain_text("changed or cut off on its host")
        expect(document(room, "backup.bin")).to_have_attribute("data-state", "failed")
    finally:
        damaged.write_bytes(content)


SEEK = """(player, seconds) => new Promise((done, fail) => {
    player.onerror = () => fail(player.error.message);
    player.onseeked = () => done([Math.round(player.currentTime), player.videoWidth, player.readyState >= 2]);
    player.currentTime = seconds;
})"""


def test_a_film_is_sought_through_ranges(room: Page, host: ShakyHost) -> None:
    document(room, "tour.webm").click()
    player = viewer(room, "ready").locator("video")
    expect(player).to_have_js_property("duration", SECONDS)
    assert player.evaluate(SEEK, 35) == [35, 640, True]
    # From within the film on: what is between was never asked for.
    assert any(start > LARGE // 2 for _, start in host.conduct.asked)
    assert player.evaluate(SEEK, 3) == [3, 640, True]
    expect(room.locator("dialog.viewer")).to_have_attribute("data-state", "ready")


def test_a_worker_that_the_browser_stopped_is_given_the_key_again(room: Page) -> None:
    document(room, "tour.webm").click()
    player = viewer(room, "ready").locator("video")
    expect(player).to_have_js_property("duration", SECONDS)
    session = room.context.new_cdp_session(room)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    session.detach()
    assert player.evaluate(SEEK, 30) == [30, 640, True]


# As in some private windows.
NO_WORKERS = "delete Navigator.prototype.serviceWorker;"


def test_without_a_worker_documents_open_all_the_same(
    new_page: NewPage, library: Library, host: ShakyHost, tmp_path: Path
) -> None:
    page = new_page(own=True)
    page.add_init_script(f"{NO_WORKERS} delete window.showSaveFilePicker")
    opened(page, library.link(host.origin))
    got = saved(page, document(page, "backup.bin").click, tmp_path / "file")
    assert got == ("backup.bin", library.content("backup.bin"))
    document(page, "tour.webm").click()
    player = viewer(page, "ready").locator("video")
    assert player.evaluate(SEEK, 30) == [30, 640, True]


def test_without_a_worker_large_documents_go_into_a_file_that_the_reader_chooses(
    new_page: NewPage, library: Library, host: ShakyHost
) -> None:
    page = new_page(own=True)
    page.add_init_script(NO_WORKERS)
    # A dialog of the browser's that no test can answer; a file of the browser's own stands for the one chosen there.
    page.add_init_script(
        """window.showSaveFilePicker = async ({suggestedName}) =>
            (await navigator.storage.getDirectory()).getFileHandle(suggestedName, {create: true})"""
    )
    opened(page, library.link(host.origin))
    link = document(page, "backup.bin")
    link.click()
    expect(link).to_have_attribute("data-state", "ready")
    digest = page.evaluate(
        """async () => {
            const folder = await navigator.storage.getDirectory();
            const file = await (await folder.getFileHandle("backup.bin")).getFile();
            const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
            return [file.size, new Uint8Array(hash)[0]];
        }"""
    )
    assert digest == [LARGE, hashlib.sha256(library.content("backup.bin")).digest()[0]]


def test_what_another_site_shows_waits_for_a_click(
    own_page: Page, library: Library, host: ShakyHost, watch: Watch
) -> None:
    watch.expect("request to another origin: https://player.example/video/7")
    room = opened(own_page, library.link(host.origin))
    asked: list[str] = []
    room.context.route("https://player.example/**", lambda route: route.fulfill(body="<h1>The film</h1>"))
    room.context.on("request", lambda request: asked.append(request.url) if "player.example" in request.url else None)
    card = room.locator(".embed")
    card.scroll_into_view_if_needed()
    expect(card).to_contain_text("player.example")
    assert asked == []
    policy = room.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "frame-src 'self' blob: https://player.example;" in policy
    card.locator(".embed-button").click()
    frame = card.locator("iframe")
    expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
    expect(frame).to_have_attribute("sandbox", re.compile("allow-scripts"))
    expect(room.frame_locator(".embed iframe").locator("h1")).to_have_text("The film")
    assert asked == ["https://player.example/video/7"]
