"""The `publish:` section of `dealroom.yml`: the places that `dealroom publish` brings the rooms to.

Each is a folder, an address that fsspec knows (`s3://…`, `gs://…`, `az://…`, `sftp://…` and others), or a branch of a
git repository. A text alone says which by its form.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from dealroom.fields import OrText, Text, WebUrl, Written

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
# `git@host:owner/name`, an address that ends in `.git`, or one that says git.
_GIT = re.compile(r"[\w.-]+@[\w.-]+:\S+|git(?:\+\w+)?://\S+|\S+\.git")
_GIT_PREFIX = re.compile(r"^git\+(?=\w+://)")
_HINT = "name a folder, an address like s3://bucket/rooms, or a repository: `{git: origin, branch: gh-pages}`"


_PASSWORD = re.compile(r"(://[^/@\s:]*):[^/@\s]*@")


def without_password(text: str) -> str:
    """The text with the passwords of addresses in it left out, for messages and logs."""
    return _PASSWORD.sub(r"\1@", text)


def _target(value: Any) -> Any:
    """A text alone, as keys and values."""
    if not isinstance(value, str):
        return value
    if _GIT.fullmatch(value):
        return {"git": value}
    scheme = _SCHEME.match(value)
    if scheme and scheme[1].lower() == "file":
        return {"folder": value[scheme.end() :]}
    return {"url": value} if scheme else {"folder": value}


def _address(value: object) -> object:
    scheme = _SCHEME.match(value) if isinstance(value, str) else None
    if isinstance(value, str) and (scheme is None or scheme[1].lower() in {"http", "https"}):
        raise PydanticCustomError(
            "unknown-target", "{text} cannot be published to", {"text": f"`{value}`", "hint": _HINT}
        )
    return value


class PublishTarget(Written):
    """One place: exactly one of `folder`, `url` and `git`."""

    name: Text | None = None
    """What `dealroom publish NAME` calls it; by default what it is."""
    folder: Text | None = None
    """A folder, relative to the workspace or absolute."""
    url: Annotated[Text, BeforeValidator(_address)] | None = None
    """An address that fsspec knows: `s3://bucket/rooms`, `gs://…`, `az://…`, `sftp://host/path`. Credentials come from
    where its driver looks for them."""
    endpoint: WebUrl | None = None
    """With an `s3:` address: the service, where it is not Amazon's."""
    git: Text | None = None
    """A repository: an address, or the name of a remote of the workspace's own, like `origin`."""
    branch: Text | None = None
    """With `git`: the branch that holds the site, by default `gh-pages`."""
    history: bool = False
    """With `git`: keep every published version in the branch. By default it holds the last one only."""

    @model_validator(mode="after")
    def _one_place(self) -> PublishTarget:
        places = [name for name in ("folder", "url", "git") if getattr(self, name) is not None]
        if len(places) != 1:
            wrong = f"a place has one of them, not `{places[0]}` and `{places[1]}`" if places else "a place is missing"
            raise PydanticCustomError("unknown-target", "{wrong}", {"wrong": wrong, "hint": _HINT})
        for name, belongs in (("endpoint", "url"), ("branch", "git"), ("history", "git")):
            if getattr(self, name) and places != [belongs]:
                raise PydanticCustomError(
                    "conflicting-fields", "`{name}` goes with `{belongs}`", {"name": name, "belongs": belongs}
                )
        return self

    @property
    def place(self) -> str:
        """Where it is, as people say it."""
        if self.git is not None:
            return f"{without_password(_GIT_PREFIX.sub('', self.git))}#{self.branch or DEFAULT_BRANCH}"
        return self.folder or without_password(self.url or "")


# Where GitHub Pages and its like look by custom.
DEFAULT_BRANCH = "gh-pages"


def _one_target_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


PublishTargets = Annotated[
    tuple[Annotated[PublishTarget, BeforeValidator(_target), OrText()], ...],
    BeforeValidator(_one_target_or_more),
    OrText(),
]
