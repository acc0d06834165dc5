from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.seal.access import Person, credential_for, link_url, room_id
from dealroom.seal.derive import Deriver
from dealroom.seal.descriptor import find_descriptor
from dealroom.seal.errors import CannotOpen, DamagedRoom, WrongLink, WrongPassphrase
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.room import FileToSeal, RoomToSeal, ViewToSeal, seal_room
from dealroom.seal.unseal import save_room, unseal_room

KEY = WorkspaceKey(bytes(range(32)))
ROOM = room_id(KEY, "harbour")
CREDENTIAL = credential_for(KEY, ROOM, Person("dana", "Dana Whitfield", "buyer"), "everyone")
LINK = link_url("https://rooms.example", ROOM, CREDENTIAL.link_secret)
NAMES = [
    "report.pdf",
    "Report.pdf",
    "../../etc/passwd",
    "C:\\boot.ini",
    "index.html",
    "...",
    "a\x00b\n.txt",
    "名前.pdf",
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published room whose files have every kind of name."""
    files = tuple(
        FileToSeal(f"file-{number}", name, "text/plain", "document", f"content {number}".encode())
        for number, name in enumerate(NAMES)
    )
    view = ViewToSeal("everyone", "Rollout", "en", b"<h1>Rollout</h1>", files)
    sealed = seal_room(KEY, RoomToSeal(ROOM, (view,), (CREDENTIAL,)), Deriver(KEY))
    folder = tmp_path_factory.mktemp("room")
    (folder / "o").mkdir()
    for one in sealed.objects:
        (folder / "o" / one.name).write_bytes(b"".join(one.chunks()))
    page = f'<!doctype html><script type="application/json" id="dealroom-room">{sealed.descriptor}</script><p>Locked'
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


@pytest.mark.parametrize("start", ["", "index.html"], ids=["folder", "page"])
def test_a_room_is_opened_by_its_folder_or_its_page(room: Path, start: str) -> None:
    assert unseal_room(room / start, link=LINK).page == b"<h1>Rollout</h1>"


@pytest.mark.parametrize(
    "link",
    [LINK, f" {LINK}\n", f"{LINK}&at=milestone-pilot", LINK.partition("#")[2], LINK.partition("#k=")[2]],
    ids=["link", "with white space", "to a milestone", "fragment", "secret"],
)
def test_a_link_may_be_given_in_whole_or_in_part(room: Path, link: str) -> None:
    assert unseal_room(room, link=link).person.id == "dana"


@pytest.mark.parametrize(
    "link",
    [f"{LINK}.", f"{LINK}>", f"{LINK}%20", f"{LINK}&utm_source=mail", LINK.replace("#k=", "#k%3D")],
    ids=["full stop", "bracket", "escaped space", "tracking", "escaped"],
)
def test_a_link_may_have_been_changed_on_its_way(room: Path, link: str) -> None:
    assert unseal_room(room, link=link).person.id == "dana"


@pytest.mark.parametrize("link", [LINK[:-1], LINK + "A", "https://rooms.example/", "", f"#k={'A' * 43}", "[::1"])
def test_what_is_not_a_link_of_the_room_is_told(room: Path, link: str) -> None:
    with pytest.raises(WrongLink):
        unseal_room(room, link=link)


@pytest.mark.parametrize("passphrase", ["correct horse battery staple", "", "x" * 1_000_000, "\udcff"])
def test_a_wrong_passphrase_is_told(room: Path, passphrase: str) -> None:
    with pytest.raises(WrongPassphrase):
        unseal_room(room, passphrase=passphrase)


def test_a_passphrase_opens_whatever_its_looks(room: Path) -> None:
    typed = "  " + CREDENTIAL.passphrase.title().replace(" ", " – ")
    assert unseal_room(room, passphrase=typed).person.name == "Dana Whitfield"


def test_one_of_passphrase_and_link_is_given(room: Path) -> None:
    with pytest.raises(ValueError, match="passphrase or a link"):
        unseal_room(room)


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (None, CannotOpen),
        (b"", DamagedRoom),
        (b"\xff\xfe", DamagedRoom),
        (b"<p>not a room", DamagedRoom),
        (b'<script id="dealroom-room">{}</script>', DamagedRoom),
        (b'<script id="dealroom-room">[1]</script>', DamagedRoom),
        (b'<script id="dealroom-room">' + b"[" * 100_000 + b"</script>", DamagedRoom),
    ],
)
def test_what_is_not_a_room_is_told(tmp_path: Path, page: bytes | None, error: type[CannotOpen]) -> None:
    if page is not None:
        (tmp_path / "index.html").write_bytes(page)
    with pytest.raises(error):
        unseal_room(tmp_path, link=LINK)


def test_the_descriptor_is_found_however_the_page_is_written() -> None:
    page = (
        "<!-- <script id='dealroom-room'>no</script> --><SCRIPT type=x ID=dealroom-room>yes</SCRIPT><script>no</script>"
    )
    assert find_descriptor(page) == "yes"


def test_saved_files_stay_in_the_folder_and_apart(room: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    written = save_room(unseal_room(room, link=LINK), out)
    assert {path.parent for path in written} == {out}
    assert sorted(path.name for path in written) == sorted(path.name for path in out.iterdir())
    assert [path.read_bytes() for path in written[1:]] == [f"content {number}".encode() for number in range(len(NAMES))]
    assert written[0].read_bytes() == b"<h1>Rollout</h1>"
    assert [path.name for path in written] == [
        "index.html",
        "report.pdf",
        "Report 2.pdf",
        "_.._etc_passwd",
        "C__boot.ini",
        "index 2.html",
        "file",
        "a_b_.txt",
        "名前.pdf",
    ]
