"""The generator's plans as sources for other site generators: one page a room, with everything that the plan says."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.generate import SEED, page_text, plan_text

PAGES = ("business-case", "rollout")

HUGO_LAYOUT = """\
<!doctype html><html><head><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1><p>{{ .Params.outcome }}</p>
<ul>{{ range .Params.stakeholders }}<li>{{ .name }}, {{ .title }} ({{ .side }})</li>{{ end }}</ul>
<table>{{ range .Params.milestones }}<tr><td>{{ .phase }}</td><td>{{ .title }}</td><td>{{ .owners.buyer }}</td>
<td>{{ .owners.seller }}</td><td>{{ .takes }}</td><td>{{ range .done_when }}{{ . }}; {{ end }}</td></tr>{{ end }}
</table><ul>{{ range .Params.success_criteria }}<li>{{ .statement }}: {{ .baseline }}, {{ .current }}, {{ .target }}
</li>{{ end }}</ul>{{ .Content }}</body></html>
"""
ELEVENTY_LAYOUT = """\
<!doctype html><html><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><p>{{ outcome }}</p>
<ul>{% for one in stakeholders %}<li>{{ one.name }}, {{ one.title }} ({{ one.side }})</li>{% endfor %}</ul>
<table>{% for one in milestones %}<tr><td>{{ one.phase }}</td><td>{{ one.title }}</td><td>{{ one.owners.buyer }}</td>
<td>{{ one.owners.seller }}</td><td>{{ one.takes }}</td><td>{% for each in one.done_when %}{{ each }}; {% endfor %}</td>
</tr>{% endfor %}</table>
<ul>{% for one in success_criteria %}<li>{{ one.statement }}: {{ one.baseline }}, {{ one.current }},
{{ one.target }}</li>{% endfor %}</ul>{{ content | safe }}</body></html>
"""
MKDOCS = """\
site_name: Rooms
theme: {name: mkdocs}
plugins:
  - encryptcontent: {cache_file: keys.cache, search_index: clear, selfhost: true, selfhost_download: false}
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, sane_lists]
"""
PELICAN = """\
SITENAME = "Rooms"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_DATE = (2026, 11, 22)
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = None
"""


def plans(rooms: int) -> Iterator[tuple[str, dict[str, object], str]]:
    """Name, plan and Markdown of each room, the same that `generate` writes."""
    for number in range(rooms):
        rng = random.Random(f"{SEED} {number}")
        plan = yaml.load(plan_text(rng, number), Loader=yaml.CSafeLoader)
        text = "\n".join(page_text(rng, name) for name in PAGES)
        del plan["pages"]
        yield f"deal-{number:05}", json.loads(json.dumps(plan, default=str)), text


def write_hugo(folder: Path, rooms: int) -> None:
    """A Hugo site."""
    _write(
        folder / "hugo.toml",
        'baseURL = "https://rooms.example/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n',
    )
    _write(folder / "layouts/_default/single.html", HUGO_LAYOUT)
    _write(folder / "layouts/index.html", "<!doctype html><title>Rooms</title>")
    for name, plan, text in plans(rooms):
        _write(folder / f"content/{name}/index.md", f"{json.dumps(plan, indent=1)}\n\n{text}")


def write_eleventy(folder: Path, rooms: int) -> None:
    """An Eleventy site."""
    _write(folder / "_includes/room.njk", ELEVENTY_LAYOUT)
    for name, plan, text in plans(rooms):
        _write(folder / f"{name}/index.md", f"---json\n{json.dumps({**plan, 'layout': 'room.njk'})}\n---\n{text}")


def write_mkdocs(folder: Path, rooms: int) -> None:
    """A MkDocs site, each page with a password of its own. The plan is in the Markdown, for a page has one template."""
    _write(folder / "mkdocs.yml", MKDOCS)
    _write(folder / "docs/index.md", "# Rooms\n")
    for number, (name, plan, text) in enumerate(plans(rooms)):
        _write(
            folder / f"docs/{name}/index.md",
            f"---\npassword: password of room {number}\n---\n{_as_markdown(plan)}\n{text}",
        )


def write_pelican(folder: Path, rooms: int) -> None:
    """A Pelican site, which seals nothing."""
    _write(folder / "pelicanconf.py", PELICAN)
    for name, plan, text in plans(rooms):
        head = f"Title: {plan['title']}\nSlug: {name}\nDate: 2026-11-22\n"
        _write(folder / f"content/{name}.md", f"{head}\n{_as_markdown(plan)}\n{text}")


def _as_markdown(plan: dict[str, object]) -> str:
    milestones, people, criteria = (_rows(plan[key]) for key in ("milestones", "stakeholders", "success_criteria"))
    lines = [f"# {plan['title']}", "", str(plan["outcome"]), ""]
    lines += [f"- {one['name']}, {one['title']} ({one['side']})" for one in people]
    lines += ["", "| Phase | Step | Buyer | Seller | Takes | Done when |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one['phase']} | {one['title']} | {one['owners']['buyer']} | {one['owners']['seller']} | {one['takes']} | "
        f"{'; '.join(one['done_when'])} |"
        for one in milestones
    ]
    lines += [
        "",
        *(f"- {one['statement']}: {one['baseline']}, {one['current']}, {one['target']}" for one in criteria),
        "",
    ]
    return "\n".join(lines)


def _rows(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
