"""The signed list of what a room needs, as a file of the site: what `dealroom verify` compares a host with."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from dealroom.publish.client import load_client
from dealroom.publish.output import ASSETS, OutputFile, file_of_bytes
from dealroom.room.theme import Theme
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.release import DIGEST_SIZE, RELEASE, SITE, ListedFile, Release, sign_release
from dealroom.seal.unseal import OBJECTS

# Stands for a digest where only the size of the list is wanted, which does not depend on it.
_ANY_DIGEST = bytes(DIGEST_SIZE)


class Releases:
    """Makes the releases of a workspace's rooms, and knows the digests of what they share."""

    def __init__(self, key: WorkspaceKey) -> None:
        self._key = key
        self._shared: dict[str, bytes] = {}

    def of_room(self, room: str, at: str, files: Sequence[OutputFile], shared: Collection[OutputFile]) -> OutputFile:
        """The release of the room with this id in the folder `at`: of all its files, and of those it loads from
        outside the folder."""
        shared_digests = self._digests(shared)

        def made(digests: Mapping[str, bytes]) -> OutputFile:
            known = {file.path: digests.get(file.path) or _digest(file) for file in files}
            return _file(path, sign_release(self._key, _release(room, at, [*files, *shared], known | shared_digests)))

        path = f"{at}/{RELEASE}"
        size = len(sign_release(self._key, _release(room, at, [*files, *shared], {})))
        return OutputFile(path, size, lambda: made({}).chunks(), is_page=True, of_digests=made)

    def of_site(self, files: Collection[OutputFile]) -> OutputFile:
        """The release of what is of no room: the front page, and what it loads."""
        return _file(RELEASE, sign_release(self._key, _release(SITE, "", files, self._digests(files))))

    def _digests(self, files: Collection[OutputFile]) -> dict[str, bytes]:
        """By path; each once where the name follows from the content."""
        for file in files:
            if file.immutable and file.path not in self._shared:
                self._shared[file.path] = _digest(file)
        return {file.path: self._shared.get(file.path) or _digest(file) for file in files}


def loaded_by(theme: Theme) -> tuple[OutputFile, ...]:
    """What the pages of a theme may load beside the room: the client, and the theme's own files."""
    assets = (file_of_bytes(f"{ASSETS}/{name}", content, immutable=True) for name, content in theme.assets())
    return (*load_client().files, *assets)


def _file(path: str, content: bytes) -> OutputFile:
    # Together with the page, which it lists: nobody who verifies meanwhile is to see one without the other.
    return file_of_bytes(path, content, is_page=True)


def _release(room: str, at: str, files: Collection[OutputFile], digests: Mapping[str, bytes]) -> Release:
    start = f"{at}/" if at else ""
    up = "../" * len(PurePosixPath(at).parts)
    listed = [
        ListedFile(
            file.path.removeprefix(start) if file.path.startswith(start) else f"{up}{file.path}",
            file.size,
            digests.get(file.path, _ANY_DIGEST),
        )
        for file in files
    ]
    objects = f"{OBJECTS}/"
    return Release(
        room,
        at,
        tuple(one for one in listed if not one.path.startswith(objects)),
        tuple(one for one in listed if one.path.startswith(objects)),
    )


def _digest(file: OutputFile) -> bytes:
    if file.digest is not None:
        return file.digest
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.digest()
