"""`dealroom host`: serve the compiled site, and take replies."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack
from urllib.parse import urlsplit

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from dealroom.workspace import Workspace

DIGEST_VARIABLE = "DEALROOM_FETCH_DIGEST"


class Given(TypedDict):
    """The options."""

    host: str
    port: int
    with_site: bool
    site_folder: Path | None
    place: str | None
    origins: tuple[str, ...]
    behind_proxy: bool
    a_minute: int | None
    a_minute_room: int | None
    fetch_digest: str | None
    print_fetch_digest: bool


@click.command(
    name="host",
    epilog="""\b
Examples:
  dealroom host                                          serve site/, keep replies in .dealroom/replies/
  dealroom host --host 0.0.0.0 --port 8080 --behind-proxy
  dealroom host --no-site --replies s3://deals/replies   only take replies, for rooms on another host
  dealroom host --print-fetch-digest                     what a server without the key is given
""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others reach 0.0.0.0.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free one.")
@click.option("--site/--no-site", "with_site", default=True, help="Whether to serve the compiled site, too.")
@click.option(
    "--site-folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Instead of site/."
)
@click.option("--replies", "place", metavar="PLACE", help="A folder, or a bucket's URL; default .dealroom/replies.")
@click.option(
    "--origin", "origins", multiple=True, metavar="URL", help="Another site whose rooms send here; repeatable."
)
@click.option("--behind-proxy", is_flag=True, help="Take the sender's address from X-Forwarded-For.")
@click.option("--a-minute", type=click.IntRange(1), help="Replies a minute from one address.  [default: 30]")
@click.option("--a-minute-room", type=click.IntRange(1), help="Replies a minute to one room.  [default: 60]")
@click.option("--fetch-digest", envvar=DIGEST_VARIABLE, metavar="DIGEST", help="Who may fetch; needs no key here.")
@click.option("--print-fetch-digest", is_flag=True, help="Print that digest from the workspace key, and stop.")
@click.pass_obj
def command(context: Context, **given: Unpack[Given]) -> int:
    """Serve the compiled site with the right headers, and take buyers' replies.

    A reply is answered with 202 once it is on disk. The server cannot read it: it is sealed to the workspace key, which
    the server does not need. `dealroom inbox pull` fetches what has come.
    """
    from dealroom.serve.hosting.app import make_app
    from dealroom.serve.hosting.limits import A_MINUTE_AND_ADDRESS, A_MINUTE_AND_ROOM, make_limits
    from dealroom.serve.hosting.replies import Replies
    from dealroom.serve.hosting.run import run, write_line
    from dealroom.serve.hosting.store import open_store
    from dealroom.serve.run import address_of, listen

    workspace = _workspace(context)
    if given["print_fetch_digest"]:
        click.echo(_own_digest(workspace))
        return 0
    root = workspace.root if workspace else context.start.resolve()
    site = _site(workspace, root, given["site_folder"]) if given["with_site"] else None
    store = open_store(given["place"] or ".dealroom/replies", root)
    replies = Replies(
        store,
        make_limits(given["a_minute"] or A_MINUTE_AND_ADDRESS, given["a_minute_room"] or A_MINUTE_AND_ROOM),
        frozenset(_origin(each) for each in (*given["origins"], *_rooms_origin(workspace))),
        _digest(workspace, given["fetch_digest"]),
        given["behind_proxy"],
    )
    with listen(given["host"], given["port"]) as server:
        started = {"event": "started", "address": address_of(server), "site": str(site) if site else None}
        run(make_app(site, replies, write_line), server, lambda: write_line(json.dumps(started)))
    while store.settle():
        pass
    write_line(json.dumps({"event": "stopped"}))
    return 0


def _workspace(context: Context) -> Workspace | None:
    """The workspace, where the server runs in one: it may as well be given only a site and a folder."""
    from dealroom.root import SETTINGS_FILE

    start = context.start.resolve()
    has_one = any((folder / SETTINGS_FILE).exists() for folder in (start, *start.parents))
    return context.workspace() if has_one else None


def _site(workspace: Workspace | None, root: Path, given: Path | None) -> Path:
    site = root / given if given else workspace.site if workspace else root / "site"
    if not site.is_dir():
        raise Problem(
            f"there is no site in {site}", "run `dealroom build`, name it with --site-folder, or add --no-site"
        )
    return site


def _rooms_origin(workspace: Workspace | None) -> tuple[str, ...]:
    """Where the rooms are published, which may be another host than this one."""
    return (workspace.settings.base_url,) if workspace and workspace.settings.base_url else ()


def _origin(url: str) -> str:
    if url == "null":
        # What a page in a file says it is.
        return url
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.netloc:
        raise UsageProblem(f"`{url}` is not the address of a site", "write it like https://rooms.example.com")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _digest(workspace: Workspace | None, given: str | None) -> bytes | None:
    from dealroom.serve.hosting.replies import parse_fetch_digest

    if given is None:
        has_key = workspace is not None and (workspace.state / "key").exists()
        given = _own_digest(workspace) if has_key or "DEALROOM_KEY" in os.environ else None
    if given is None:
        return None
    try:
        return parse_fetch_digest(given)
    except ValueError:
        raise UsageProblem(
            "this is not a fetch digest", "`dealroom host --print-fetch-digest` prints it where the workspace key is"
        ) from None


def _own_digest(workspace: Workspace | None) -> str:
    from dealroom.publish.keyring import workspace_key
    from dealroom.seal.token import fetch_digest

    if workspace is None:
        raise Problem("the digest comes from the workspace key, and this is no workspace", "run it in your workspace")
    return fetch_digest(workspace_key(workspace, os.environ))
