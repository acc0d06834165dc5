"""The headers of a host. That real servers take them is tested with the packaging."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dealroom.cli.headers import HOSTS
from dealroom.publish.build import build
from dealroom.publish.headers import ASKED, FORMS, HEADERS_FILE, KEPT, PROTECTION, netlify
from tests.demos import KEY, TODAY, copy_workspace


def rules(text: str) -> dict[str, dict[str, str]]:
    """The headers of each path of a `_headers` file."""
    found: dict[str, dict[str, str]] = {}
    path = ""
    for line in text.splitlines():
        if line.strip().startswith("#"):
            continue
        if line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            found[path][name] = value
        else:
            path = line
            assert path not in found
            found[path] = {}
    return found


def headers_of(path: str) -> dict[str, list[str]]:
    """What a host sends with a path. Rules that meet are joined by hosts with a comma, which must not happen."""
    sent: dict[str, list[str]] = {}
    for pattern, headers in rules(netlify()).items():
        if re.fullmatch(re.sub(r":\w+", "[^/]+", pattern).replace("*", ".*"), path):
            for name, value in headers.items():
                sent.setdefault(name, []).append(value)
    return sent


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", False),
        ("/worker.js", False),
        ("/release.txt", False),
        ("/dyantyo7dirlth2vyzta67ng/", False),
        ("/emea/acme/", False),
        ("/emea/acme/release.txt", False),
        ("/dyantyo7dirlth2vyzta67ng/o/65dffd6c5550d1d93df637812a776a0b", True),
        ("/emea/acme/rollout/o/65dffd6c5550d1d93df637812a776a0b", True),
        ("/assets/main-QZCDFR4J.js", True),
    ],
)
def test_what_may_be_kept_is_kept_and_the_rest_is_asked_for(path: str, kept: bool) -> None:
    sent = headers_of(path)
    assert sent["Cache-Control"] == [KEPT if kept else ASKED]
    assert {name: sent[name] for name in PROTECTION} == {name: [value] for name, value in PROTECTION.items()}


@pytest.mark.parametrize("host", HOSTS)
def test_every_form_says_all_of_it(host: str) -> None:
    text = FORMS[host]()
    for name, value in PROTECTION.items():
        assert name in text
        assert value in text
    assert list(FORMS) == list(HOSTS)


def test_a_site_has_them_unless_it_has_its_own(tmp_path: Path) -> None:
    workspace = copy_workspace(tmp_path)
    build(workspace, KEY, ["kaltenbrunn-dispatch"], today=TODAY)
    headers = workspace.site / HEADERS_FILE
    assert headers.read_text("utf-8") == netlify()
    headers.write_text("/*\n  X-Mine: 1\n", "utf-8")
    build(workspace, KEY, ["kaltenbrunn-dispatch"], today=TODAY)
    assert headers.read_text("utf-8") == "/*\n  X-Mine: 1\n"


def test_somebody_elses_headers_stay(tmp_path: Path) -> None:
    workspace = copy_workspace(tmp_path)
    workspace.site.mkdir()
    (workspace.site / HEADERS_FILE).write_text("/*\n  X-Mine: 1\n", "utf-8")
    for _ in range(2):
        build(workspace, KEY, ["kaltenbrunn-dispatch"], today=TODAY)
        assert (workspace.site / HEADERS_FILE).read_text("utf-8") == "/*\n  X-Mine: 1\n"
