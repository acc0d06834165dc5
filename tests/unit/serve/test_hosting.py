"""`dealroom host` over TCP, as browsers, sellers and attackers meet it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.seal.token import fetch_digest, replies_token
from dealroom.serve.hosting.replies import LARGEST_BODY
from dealroom.serve.hosting.store import open_store
from dealroom.serve.hosting.stored import name_of
from tests.unit.serve.hosted import KEY, PATIENCE, ROOM, Hosted, hosted, reply_text

TOKEN = {"Authorization": f"Bearer {replies_token(KEY)}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder = tmp_path_factory.mktemp("host")
    site = folder / "site"
    (site / "acme" / "o").mkdir(parents=True)
    (site / "assets").mkdir()
    (site / "index.html").write_text("<p>front</p>", encoding="utf-8")
    (site / "acme" / "index.html").write_text("<p>locked</p>" * 200, encoding="utf-8")
    (site / "acme" / "o" / ("0" * 32)).write_bytes(bytes(range(256)) * 40)
    (site / "assets" / "main-1.js").write_text("1;" * 2000, encoding="utf-8")
    (site / "worker.js").write_text("2;", encoding="utf-8")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    (site / "out.txt").symlink_to(folder / "secret.txt")
    options = ["--fetch-digest", fetch_digest(KEY), "--a-minute", "10000", "--a-minute-room", "10000"]
    with hosted(folder, *options, "--origin", "https://rooms.example") as running:
        yield running


def test_a_reply_is_stored_before_it_is_answered(server: Hosted) -> None:
    text = reply_text()
    answer = server.post(text)
    assert (answer.status, answer.text) == (202, "taken\n")
    kept = [name for name in server.stored() if (server.folder / ".dealroom/replies" / name).read_text() == text]
    assert len(kept) == 1
    assert kept[0].startswith(f"{ROOM}-")


def test_the_same_reply_is_stored_once_whatever_is_around_it(server: Hosted) -> None:
    text = reply_text()
    assert server.post(text).status == 202
    before = server.stored()
    assert server.post("Hello\r\n\r\n" + text.replace("\n", "\r\n") + "\r\nSent from my phone").status == 202
    assert server.stored() == before


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "this is not the text of a reply"),
        ("hello", "this is not the text of a reply"),
        ("\N{SNOWMAN}", "this is not the text of a reply"),
        (reply_text(room="z" * 24), "this is a reply to another room"),
        (reply_text() + reply_text(), "send one reply at a time"),
        (reply_text().rpartition("-----END")[0], "its end is missing: the line with END DEALROOM REPLY"),
        (
            reply_text().replace("dealroom/1", "dealroom/9"),
            "it is in the format dealroom/9, which this version cannot read",
        ),
        (reply_text().replace("\n\n", "\n\n!!!"), "something other than base64 is in it"),
    ],
)
def test_what_is_no_reply_to_this_room_is_refused(server: Hosted, body: str, why: str) -> None:
    before = server.stored()
    answer = server.request("POST", f"/replies/{ROOM}", body.encode())
    assert (answer.status, answer.text) == (400, f"{why}\n")
    assert server.stored() == before


@pytest.mark.parametrize(
    "path",
    [
        "/replies/..",
        "/replies/%2e%2e%2fetc",
        "/replies/a%00b",
        "/replies/" + "A" * 24,
        "/replies/" + "a" * 5000,
        "/replies/",
    ],
)
def test_only_the_id_of_a_room_can_be_one(server: Hosted, path: str) -> None:
    assert server.request("POST", path, reply_text()).status in {404, 405}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_are_refused(server: Hosted, method: str) -> None:
    assert server.request(method, f"/replies/{ROOM}", "x").status == 405


def test_a_gigabyte_is_refused_before_any_of_it_is_sent(server: Hosted) -> None:
    with server.connect() as connection:
        head = f"POST /replies/{ROOM} HTTP/1.1\r\nHost: x\r\nContent-Length: {1 << 30}\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"this is larger than a reply can be" in answer


def test_a_body_without_a_length_is_read_no_further_than_a_reply_goes(server: Hosted) -> None:
    with server.connect() as connection:
        connection.sendall(f"POST /replies/{ROOM} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b"A" * 0x10000 + b"\r\n"
        sent = 0
        try:
            while sent < 64 * LARGEST_BODY:
                connection.sendall(chunk)
                sent += len(chunk)
        except OSError:
            # The server hung up in the middle.
            sent = min(sent, 63 * LARGEST_BODY)
    assert sent < 64 * LARGEST_BODY


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "99999999999999999999999"])
def test_a_length_that_is_none_is_refused(server: Hosted, length: str) -> None:
    with server.connect() as connection:
        connection.sendall(f"POST /replies/{ROOM} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        status = connection.makefile("rb").readline().split()[1]
    assert status in {b"400", b"413"}


def test_huge_heads_are_refused(server: Hosted) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 200_000)
        status = connection.makefile("rb").readline().split()[1]
    assert status == b"400"


@pytest.fixture(scope="module")
def idle(server: Hosted) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Connections on which nothing is sent, and half a request; hung up on after a while, which other tests pass."""
    with server.connect() as silent, server.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        yield silent, slow


def test_others_are_served_while_some_send_nothing(server: Hosted, idle: tuple[socket.socket, socket.socket]) -> None:
    del idle
    began = time.monotonic()
    assert server.post(reply_text()).status == 202
    assert time.monotonic() - began < 5


def fetched(server: Hosted) -> list[tuple[str, str]]:
    """All replies as the seller gets them: names and texts."""
    found: list[tuple[str, str]] = []
    after: str | None = ""
    while after is not None:
        page = json.loads(server.request("GET", f"/replies?after={after}", headers=TOKEN).text)
        found += [(reply["name"], reply["text"]) for reply in page["replies"]]
        assert len(page["replies"]) <= 100
        after = page["next"]
    return found


def test_fifty_at_once_are_all_there(server: Hosted) -> None:
    texts = [reply_text(f'{{"n": {number}}}'.encode()) for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        assert {answer.status for answer in pool.map(server.post, texts)} == {202}
    # The seller gets each once, at once.
    handed_out = fetched(server)
    assert sorted(text for _, text in handed_out if text in texts) == sorted(texts)
    # And each is a file by then.
    folder = server.folder / ".dealroom/replies"
    assert sorted(handed_out) == [(name, (folder / name).read_text()) for name in server.stored()]


def test_what_came_together_has_its_place_when_it_is_quiet(server: Hosted) -> None:
    texts = [reply_text(f'{{"quiet": {number}}}'.encode()) for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        assert {answer.status for answer in pool.map(server.post, texts)} == {202}
    names = {name_of(ROOM, text) for text in texts}
    until = time.monotonic() + PATIENCE
    while not names <= set(server.stored()) or not all(name.endswith(".txt") for name in server.stored()):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_was_taken_is_there_after_a_kill(tmp_path: Path) -> None:
    texts = [reply_text(f'{{"n": {number}}}'.encode()) for number in range(50)]
    with hosted(tmp_path, "--no-site", "--a-minute", "100") as server:
        with ThreadPoolExecutor(50) as pool:
            assert {answer.status for answer in pool.map(server.post, texts)} == {202}
        server.process.kill()
        server.process.wait(PATIENCE)
    with hosted(tmp_path, "--no-site") as again:
        kept = [(tmp_path / ".dealroom/replies" / name).read_text() for name in again.stored()]
    assert sorted(kept) == sorted(texts)


def test_only_the_seller_fetches(server: Hosted) -> None:
    assert server.request("GET", "/replies").status == 401
    assert server.request("GET", "/replies", headers={"Authorization": "Bearer no"}).status == 401
    # What the server was given does not open it.
    assert server.request("GET", "/replies", headers={"Authorization": f"Bearer {fetch_digest(KEY)}"}).status == 401
    assert server.request("GET", "/replies?after=x", headers=TOKEN).status == 400


def test_all_replies_are_handed_out_in_pages_each_once(server: Hosted) -> None:
    for number in range(120):
        assert server.post(reply_text(f"{number}".encode())).status == 202
    names = [name for name, _ in fetched(server)]
    assert sorted(names) == server.stored()
    assert len(set(names)) == len(names)


def test_only_known_sites_may_send_and_read_the_answer(server: Hosted) -> None:
    allowed = server.post(reply_text(), headers={"Origin": "https://rooms.example"})
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (202, "https://rooms.example")
    own = server.post(reply_text(), headers={"Origin": f"http://{server.name}"})
    assert (own.status, own.headers.get("access-control-allow-origin")) == (202, None)
    other = server.post(reply_text(), headers={"Origin": "https://elsewhere.example"})
    assert (other.status, other.headers.get("access-control-allow-origin")) == (403, None)
    asked = server.request("OPTIONS", f"/replies/{ROOM}", headers={"Origin": "https://rooms.example"})
    assert asked.headers["access-control-allow-origin"] == "https://rooms.example"
    asked = server.request("OPTIONS", f"/replies/{ROOM}", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in asked.headers


def test_pages_come_with_what_protects_them(server: Hosted) -> None:
    page = server.request("GET", "/acme/", headers={"Accept-Encoding": "gzip"})
    assert page.status == 200
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-encoding"] == "gzip"
    assert "server" not in page.headers


def test_what_never_changes_is_kept_and_a_range_of_it_can_be_read(server: Hosted) -> None:
    asset = server.request("GET", "/assets/main-1.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert server.request("GET", "/worker.js").headers["cache-control"] == "no-cache"
    sealed = server.request("GET", f"/acme/o/{'0' * 32}", headers={"Range": "bytes=256-511", "Accept-Encoding": "gzip"})
    assert (sealed.status, sealed.text.encode("latin-1")) == (206, bytes(range(256)))
    assert "content-encoding" not in sealed.headers


def test_a_page_that_did_not_change_is_not_sent_again(server: Hosted) -> None:
    etag = server.request("GET", "/acme/").headers["etag"]
    again = server.request("GET", "/acme/", headers={"If-None-Match": etag})
    assert (again.status, again.text) == (304, "")


@pytest.mark.parametrize(
    "path", ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/out.txt", "/acme/o/", "/none"]
)
def test_nothing_outside_the_site_is_served(server: Hosted, path: str) -> None:
    answer = server.request("GET", path)
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"


def test_it_says_that_it_is_well(server: Hosted) -> None:
    assert server.request("GET", "/health").text == '{"status":"ok"}'


def test_a_flood_from_one_address_does_not_stop_the_others(tmp_path: Path) -> None:
    with hosted(tmp_path, "--no-site", "--a-minute", "5", "--behind-proxy") as server:
        flood = [
            server.post(reply_text(), headers={"X-Forwarded-For": "8.8.8.8, 203.0.113.9"}).status for _ in range(8)
        ]
        assert flood == [202] * 5 + [429] * 3
        # What a sender claims to be does not help; only the nearest proxy's word counts.
        assert server.post(reply_text(), headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"}).status == 429
        refused = server.post(reply_text(), headers={"X-Forwarded-For": "203.0.113.9"})
        assert refused.headers["retry-after"] == "60"
        assert server.post(reply_text(), headers={"X-Forwarded-For": "203.0.113.10"}).status == 202
        # A provider's customer has a whole network of IPv6.
        sixes = [server.post(reply_text(), headers={"X-Forwarded-For": f"2001:db8::{n}"}).status for n in range(6)]
        assert sixes == [202] * 5 + [429]


def test_the_log_has_neither_addresses_nor_paths_nor_tokens(tmp_path: Path) -> None:
    (tmp_path / "site" / "acme").mkdir(parents=True)
    (tmp_path / "site" / "acme" / "index.html").write_text("x", encoding="utf-8")
    with hosted(tmp_path, "--fetch-digest", fetch_digest(KEY)) as server:
        server.request("GET", "/acme/")
        server.post(reply_text())
        server.request("GET", "/replies", headers=TOKEN)
        log = server.stop()
    assert [(entry["event"], entry.get("what"), entry.get("status")) for entry in log] == [
        ("request", "page", 200),
        ("request", "replies", 202),
        ("request", "replies", 200),
        ("stopped", None, None),
    ]
    written = json.dumps(log)
    for secret in ("127.0.0.1", "acme", ROOM, replies_token(KEY)):
        assert secret not in written


def wait_until_closed(server: Hosted) -> None:
    """Nobody else is let in, so it is about to stop."""
    until = time.monotonic() + PATIENCE
    with suppress(ConnectionRefusedError):
        while time.monotonic() < until:
            server.connect().close()
            time.sleep(0.05)
        pytest.fail("it takes connections all the same")


def test_what_is_under_way_is_finished_before_it_stops(tmp_path: Path) -> None:
    text = reply_text()
    with hosted(tmp_path, "--no-site") as server, server.connect() as connection:
        head = f"POST /replies/{ROOM} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(text)}\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        answer = connection.makefile("rb")
        # It asks for the text, so the request is under way.
        assert [answer.readline() for _ in range(2)] == [b"HTTP/1.1 100 Continue\r\n", b"\r\n"]
        connection.sendall(text[:100].encode())
        server.process.terminate()
        wait_until_closed(server)
        connection.sendall(text[100:].encode())
        assert answer.readline() == b"HTTP/1.1 202 Accepted\r\n"
        assert server.process.wait(30) == 0
        assert len(server.stored()) == 1


def test_a_place_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "replies").write_text("a file", encoding="utf-8")
    with pytest.raises(Problem, match=r"cannot keep replies in .*: file exists"):
        open_store("replies", tmp_path)
    with pytest.raises(Problem, match="cannot keep replies in nowhere://x: Protocol not known: nowhere"):
        open_store("nowhere://x", tmp_path)


def test_a_bucket_keeps_each_reply_once_and_lists_them_when_their_order_is_settled(tmp_path: Path) -> None:
    now = time.time()
    store = open_store("memory://deals/replies", tmp_path, lambda: now)
    first, second = name_of(ROOM, "one"), name_of(ROOM, "two")
    for name, text in ((first, "one"), (second, "two"), (first, "one")):
        store.put({name: text})
    store.check()
    assert store.arrivals() == []
    now += 10
    assert sorted(each.name for each in store.arrivals()) == sorted([first, second])
    assert store.read(second) == "two"


def test_what_a_killed_server_left_unfinished_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / "replies" / f"{name_of(ROOM, 'x')}.0011.part"
    left.parent.mkdir()
    left.write_text("-----BEGIN", encoding="utf-8")
    assert open_store("replies", tmp_path).arrivals() == []
    assert left.exists()
    open_store("replies", tmp_path, lambda: time.time() + 7200)
    assert not left.exists()


def test_who_sends_nothing_is_hung_up_on(idle: tuple[socket.socket, socket.socket]) -> None:
    silent, slow = idle
    assert silent.recv(1) == b""
    assert slow.recv(1) == b""
