"""Which keys seal what: the epochs of `access.yml`, and who lost access to what when it expired."""

from __future__ import annotations

from collections.abc import Mapping

from dealroom.plan.read import LoadedPlan
from dealroom.publish.readers import Readership
from dealroom.room.render import RenderedRoom
from dealroom.seal.room import FileToSeal, ViewToSeal


def to_seal(
    rendered: Mapping[str, RenderedRoom], who: Readership, loaded: LoadedPlan, lang: str
) -> tuple[ViewToSeal, ...]:
    """The views that somebody opens, with the epochs of their keys. `rendered` has those of the lapsed too.

    A key under which some people are left out was never given to any of them: as long as a person is left out, nobody
    gets a view or a file that they had under a key that they had.
    """
    access, had = loaded.access, _files_of_the_lapsed(rendered, who)

    def files(page: RenderedRoom) -> tuple[FileToSeal, ...]:
        return tuple(
            FileToSeal(
                file.ref,
                file.name,
                file.media_type,
                file.kind,
                loaded.folder / file.path,
                access.file_epoch(file.path),
                tuple(id for id in who.lapsed if had[id] is None or file.path in (had[id] or ())),
            )
            for file in page.files
        )

    def sealed(view: str, page: RenderedRoom) -> ViewToSeal:
        return ViewToSeal(view, page.title, lang, page.html, files(page), access.epoch, who.lapsed)

    return tuple(sealed(view.id, rendered[view.id]) for view in who.views if who.is_read(view))


def _files_of_the_lapsed(rendered: Mapping[str, RenderedRoom], who: Readership) -> dict[str, frozenset[str] | None]:
    """The files that each of the lapsed could read; `None`, any of them, for who is in the plan no more."""
    views = {id: who.view_of(id) for id in who.lapsed}
    return {
        id: frozenset(file.path for file in rendered[view.id].files) if view else None for id, view in views.items()
    }
