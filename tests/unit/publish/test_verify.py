"""What `verify` says of a site that a real web server shows, after each kind of tampering."""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.build import build
from dealroom.publish.expected import find_place, own_rooms, rooms_at, signer_of
from dealroom.publish.releases import note_published
from dealroom.publish.targets import compiled_site
from dealroom.publish.verify import Finding, Verified, extra_files, verify
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.release import signer_fingerprint
from dealroom.workspace import Workspace, open_workspace
from tests.demos import KEY, TODAY
from tests.unit.serve.hosted import hosted

PLAN = """\
title: Rollout for {slug}
path: {slug}
buyer: {{name: Buyer of {slug}}}
go_live: {{date: 2027-03-01}}
stakeholders: [{{id: dana, name: Dana Whitfield, side: buyer}}]
documents: [{{title: Report, file: report.txt}}]
"""


@dataclass
class Site:
    """A workspace with two rooms, of which `public` is what a host shows."""

    workspace: Workspace
    public: Path

    def edit(self, slug: str, text: str) -> None:
        plan = self.workspace.plans / slug / "plan.yml"
        plan.write_text(plan.read_text("utf-8") + text, "utf-8")

    def publish(self) -> None:
        build(self.workspace, KEY, today=TODAY)
        note_published(self.workspace, compiled_site(self.workspace.site, self.workspace.state))
        shutil.rmtree(self.public, ignore_errors=True)
        shutil.copytree(self.workspace.site, self.public)

    def findings(self, where: str, *slugs: str) -> set[tuple[str, str]]:
        """What is not as published: the fault, and the path below the site."""
        verified, extra = look(self.workspace, where, *slugs)
        found = [finding for one in verified for finding in one.findings] + extra
        return {(str(one.fault), one.address.removeprefix(where).lstrip("/")) for one in found}


def look(workspace: Workspace, where: str, *slugs: str) -> tuple[list[Verified], list[Finding]]:
    place = find_place(where)
    rooms = rooms_at(place, own_rooms(workspace, KEY, slugs), every=not slugs)
    verified = verify(place.host, rooms, signer_of(None, KEY), lambda _done, _total: None)
    return verified, extra_files(place.host, verified, slugs)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    for slug in ("acme", "blue"):
        folder = tmp_path / "deals/plans" / slug
        folder.mkdir(parents=True)
        (folder / "plan.yml").write_text(PLAN.format(slug=slug))
        (folder / "report.txt").write_text(f"The report of {slug}. " * 5000)
    (tmp_path / "deals/dealroom.yml").write_text("seller: {name: Northbay}\n")
    made = Site(open_workspace(tmp_path / "deals"), tmp_path / "public")
    made.publish()
    return made


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


class _Elsewhere(_Quiet):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://localhost/{self.path}")
        self.end_headers()


class _Broken(_Quiet):
    def do_GET(self) -> None:
        if self.path.startswith("/acme/o/"):
            # Promises more than it sends.
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"part")
        elif self.path.startswith("/blue/"):
            self.send_error(503)
        else:
            super().do_GET()


Serve = Callable[..., str]


@pytest.fixture
def serve(site: Site) -> Iterator[Serve]:
    """Starts a web server for the published folder and gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(handler: type[SimpleHTTPRequestHandler] = _Quiet) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(site.public)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def object_of(folder: Path) -> Path:
    """The largest of a room's objects: the report."""
    return max((folder / "o").iterdir(), key=lambda path: path.stat().st_size)


def script_of(site: Path) -> Path:
    (script,) = (site / "assets").glob("main-*.js")
    return script


def flip(path: Path, position: int = 50) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


def test_a_site_as_published_is_said_to_be(site: Site, serve: Serve) -> None:
    for where in (serve(), str(site.public)):
        verified, extra = look(site.workspace, where)
        assert [one.expected.slug for one in verified if one.as_published] == [None, "acme", "blue"]
        assert extra == []
    (acme,), _ = look(site.workspace, f"{serve()}/acme/")
    assert acme.as_published
    # The page, its styles, scripts and icon, the worker, four views and four files with their decoys.
    assert acme.files >= 14


def changed_script(public: Path) -> set[tuple[str, str]]:
    script_of(public).write_text("steal(document.forms[0].passphrase.value)")
    return {("changed", f"assets/{script_of(public).name}")}


def one_bit(public: Path) -> set[tuple[str, str]]:
    path = object_of(public / "acme")
    flip(path)
    return {("changed", f"acme/o/{path.name}")}


def longer(public: Path) -> set[tuple[str, str]]:
    path = object_of(public / "acme")
    path.write_bytes(path.read_bytes() + bytes(1))
    return {("changed", f"acme/o/{path.name}")}


def cut_off(public: Path) -> set[tuple[str, str]]:
    path = object_of(public / "acme")
    path.write_bytes(path.read_bytes()[:-1])
    return {("changed", f"acme/o/{path.name}")}


def swapped(public: Path) -> set[tuple[str, str]]:
    one, other = sorted((public / "acme/o").iterdir(), key=lambda path: path.stat().st_size)[-2:]
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)
    return {("changed", f"acme/o/{one.name}"), ("changed", f"acme/o/{other.name}")}


def missing(public: Path) -> set[tuple[str, str]]:
    path = object_of(public / "acme")
    path.unlink()
    return {("missing", f"acme/o/{path.name}")}


def no_release(public: Path) -> set[tuple[str, str]]:
    (public / "acme/release.txt").unlink()
    return {("missing", "acme/release.txt")}


def changed_release(public: Path) -> set[tuple[str, str]]:
    flip(public / "acme/release.txt", 100)
    return {("changed", "acme/release.txt")}


def release_of_another(public: Path) -> set[tuple[str, str]]:
    shutil.copy(public / "blue/release.txt", public / "acme/release.txt")
    return {("changed", "acme/release.txt")}


def room_of_another(public: Path) -> set[tuple[str, str]]:
    shutil.rmtree(public / "acme")
    shutil.copytree(public / "blue", public / "acme")
    return {("changed", "acme/release.txt")}


TAMPERINGS = (
    changed_script,
    one_bit,
    longer,
    cut_off,
    swapped,
    missing,
    no_release,
    changed_release,
    release_of_another,
    room_of_another,
)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_named(
    site: Site, serve: Serve, tamper: Callable[[Path], set[tuple[str, str]]]
) -> None:
    wanted = tamper(site.public)
    assert site.findings(serve()) == wanted
    listed = {one for one in site.findings(str(site.public)) if one[0] != "extra"}
    assert listed == wanted


def test_a_page_that_loads_more_says_what(site: Site, serve: Serve) -> None:
    page = site.public / "acme/index.html"
    added = '<script src="https://evil.example/x.js"></script><script src="../assets/spy.js"></script></head>'
    page.write_text(page.read_text("utf-8").replace("</head>", added), "utf-8")
    assert site.findings(serve()) == {
        ("changed", "acme/"),
        ("extra", "https://evil.example/x.js"),
        ("extra", "assets/spy.js"),
    }


def test_files_that_nobody_signed_are_found_in_a_folder(site: Site) -> None:
    for path in ("acme/o/spare", "assets/spy.js", "spy.js", ".nojekyll", ".git/HEAD", "CNAME"):
        (site.public / path).parent.mkdir(exist_ok=True)
        (site.public / path).write_text("x")
    where = str(site.public)
    assert site.findings(where) == {("extra", "acme/o/spare"), ("extra", "assets/spy.js"), ("extra", "spy.js")}
    assert site.findings(where, "acme") == {("extra", "acme/o/spare")}
    assert site.findings(where, "blue") == set()


def test_an_older_release_is_told_from_the_last_one(site: Site, serve: Serve) -> None:
    older = shutil.copytree(site.public, site.public.with_name("older"))
    site.edit("acme", "label: Success Plan\n")
    site.publish()
    assert site.findings(serve()) == set()
    shutil.rmtree(site.public)
    shutil.copytree(older, site.public)
    assert site.findings(serve()) == {("rolled-back", "acme/")}
    # All of an older room under the newer list is no older release, but a changed one.
    site.publish()
    shutil.copy(older / "acme/index.html", site.public / "acme/index.html")
    assert site.findings(serve()) == {("changed", "acme/")}


def test_a_room_that_goes_back_to_what_it_was_is_the_last_one(site: Site, serve: Serve) -> None:
    plan = site.workspace.plans / "acme/plan.yml"
    before = plan.read_text("utf-8")
    site.edit("acme", "label: Success Plan\n")
    site.publish()
    plan.write_text(before, "utf-8")
    site.publish()
    assert site.findings(serve()) == set()


def test_a_room_that_was_taken_down_is_gone(site: Site, serve: Serve) -> None:
    kept = shutil.copytree(site.public / "acme", site.public.with_name("kept"))
    shutil.rmtree(site.workspace.plans / "acme")
    site.publish()
    assert site.findings(serve()) == set()
    shutil.copytree(kept, site.public / "acme")
    assert site.findings(serve()) == {("rolled-back", "acme/")}


def test_without_a_record_the_order_is_not_known(site: Site, serve: Serve) -> None:
    for file in site.workspace.state.glob("releases.sqlite*"):
        file.unlink()
    verified, _ = look(site.workspace, serve())
    assert all(one.as_published for one in verified)
    assert {str(one.age) for one in verified if one.expected.slug} == {"unknown"}


def test_a_reviewer_needs_no_key_for_what_a_browser_runs(site: Site, serve: Serve) -> None:
    place = find_place(f"{serve()}/acme/")
    signer = signer_of(signer_fingerprint(KEY).upper(), None)

    def reviewed() -> Verified:
        (one,) = verify(place.host, rooms_at(place, (), every=True), signer, lambda _done, _total: None)
        return one

    assert reviewed().as_published
    assert reviewed().release is not None
    object_of(site.public / "acme").unlink()
    assert reviewed().as_published, "how many objects there are is not the reviewer's to know"
    wanted = changed_script(site.public)
    assert {(str(one.fault), one.address.partition("/assets/")[2]) for one in reviewed().findings} == {
        (fault, path.removeprefix("assets/")) for fault, path in wanted
    }


def test_someone_elses_signature_does_not_count(site: Site, serve: Serve) -> None:
    build(site.workspace, WorkspaceKey(bytes(32)), output=site.public.with_name("theirs"), today=TODAY)
    shutil.rmtree(site.public)
    shutil.copytree(site.public.with_name("theirs"), site.public)
    assert site.findings(serve()) == {
        ("changed", path) for path in ("release.txt", "acme/release.txt", "blue/release.txt")
    }


def test_the_hosting_server_shows_exactly_what_was_published(site: Site) -> None:
    with hosted(site.public.parent, "--site-folder", str(site.public)) as server:
        assert site.findings(f"http://{server.name}/") == set()
        flip(object_of(site.public / "acme"))
        assert {kind for kind, _ in site.findings(f"http://{server.name}/")} == {"changed"}


class _Packed(_Quiet):
    """Gives every file compressed, whoever asks, as a bucket does with what was stored so."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)


def test_what_a_host_gives_compressed_is_compared_as_a_browser_unpacks_it(site: Site, serve: Serve) -> None:
    assert site.findings(serve(_Packed)) == set()
    flip(script_of(site.public))
    assert {kind for kind, _ in site.findings(serve(_Packed))} == {"changed"}


def test_a_host_that_sends_elsewhere_is_not_followed(site: Site, serve: Serve) -> None:
    with pytest.raises(Problem, match="redirects to another site"):
        look(site.workspace, serve(_Elsewhere))


def test_what_cannot_be_fetched_is_told_and_the_rest_is_looked_at(site: Site, serve: Serve) -> None:
    found = site.findings(serve(_Broken))
    assert ("unreachable", "blue/release.txt") in found
    assert {fault for fault, path in found if path.startswith("acme/o/")} == {"unreachable"}
    assert not {path for fault, path in found if path.startswith("assets/")}
