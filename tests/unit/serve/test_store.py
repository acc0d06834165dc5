"""Replies that come at once are put down together, and get files of their own later: each once, whoever is killed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dealroom.serve.hosting.store import open_store
from dealroom.serve.hosting.stored import ReplyStore, name_of
from tests.unit.serve.hosted import ROOM

REPLIES = {name_of(ROOM, text): text for text in ("one\n", "two\n", "three\n")}


def kept(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="ascii") for file in (folder / "replies").iterdir()}


@pytest.fixture
def store(tmp_path: Path) -> ReplyStore:
    return open_store("replies", tmp_path)


def test_one_reply_is_a_file_at_once(store: ReplyStore, tmp_path: Path) -> None:
    store.put({name_of(ROOM, "one\n"): "one\n"})
    assert kept(tmp_path) == {name_of(ROOM, "one\n"): "one\n"}
    assert not store.settle()


def test_several_are_one_file_until_they_are_settled(store: ReplyStore, tmp_path: Path) -> None:
    store.put(REPLIES)
    (batch,) = kept(tmp_path)
    assert batch.endswith(".batch")
    assert store.settle()
    assert kept(tmp_path) == REPLIES
    assert not store.settle()


def test_the_seller_gets_what_is_not_settled_yet(store: ReplyStore) -> None:
    store.put(REPLIES)
    assert {each.name: store.read(each.name) for each in store.arrivals()} == REPLIES


def test_what_a_killed_server_put_together_is_there_after_the_next_start(store: ReplyStore, tmp_path: Path) -> None:
    store.put(REPLIES)
    open_store("replies", tmp_path)
    assert kept(tmp_path) == REPLIES


def test_what_comes_twice_is_there_once(store: ReplyStore, tmp_path: Path) -> None:
    store.put(dict(list(REPLIES.items())[:2]))
    store.put(REPLIES)
    store.put({name_of(ROOM, "one\n"): "one\n"})
    while store.settle():
        pass
    assert kept(tmp_path) == REPLIES


def test_servers_of_one_folder_settle_the_same(tmp_path: Path) -> None:
    servers = [open_store("replies", tmp_path) for _ in range(4)]
    for number in range(40):
        texts = [f"{number} {part}\n" for part in range(5)]
        servers[number % 4].put({name_of(ROOM, text): text for text in texts})
    until = time.monotonic() + 30
    with ThreadPoolExecutor(4) as pool:
        while any(pool.map(lambda server: server.settle(), servers)):
            assert time.monotonic() < until
    assert len(kept(tmp_path)) == 200
    assert all(name == name_of(ROOM, text) for name, text in kept(tmp_path).items())
