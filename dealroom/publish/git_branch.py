"""A target that is a branch of a git repository, as GitHub Pages and its like show one.

The commit is made by git's plumbing in a bare repository of dealroom's own, so that no work tree, index or branch of
anybody is touched. Files of the branch that dealroom did not put there stay: a list in the branch says which it did.

By default the branch holds one commit, the last. A reader whose access was taken away still has a key to old versions,
and whoever can read the repository could give them those.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.git_plumbing import Git
from dealroom.publish.lock import alone
from dealroom.publish.output import NotAsBuilt, OutputFile, read_built
from dealroom.publish.records import SHARED
from dealroom.publish.sent import Sent, SentFile, lock_of, open_sent
from dealroom.publish.targets import CompiledSite, Sending, no_progress
from dealroom.publish.write import WriteReport
from dealroom.seal.errors import ReleaseProblem
from dealroom.seal.release import RELEASE, signer_of

# In the branch: the paths that dealroom put there, one a line, after the fingerprint of the workspace that did.
LIST = ".dealroom-files"
_BY = "# published by "
# Tells GitHub Pages to show the files as they are; its own generator would leave some out.
NO_JEKYLL = ".nojekyll"
# Files that one command takes in, between two signs of progress.
_AT_ONCE = 500
# Someone else may publish between fetching and pushing.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class GitTarget:
    """A branch of `repository`: an address, or the name of a remote of the repository in `root`.

    `history` keeps every published version; `state` is the workspace's state folder.
    """

    name: str
    repository: str
    branch: str
    history: bool
    root: Path
    state: Path

    def publish(self, site: CompiledSite, *, dry_run: bool = False, progress: Sending = no_progress) -> WriteReport:
        """See `Target`."""
        own = self._own_repository()
        with (
            alone(own.with_suffix(".lock"), f"another dealroom is publishing to {self.name}"),
            open_sent(self.state, self._place) as sent,
        ):
            return self._publish(Git(own, self.name), sent, site, progress, dry_run=dry_run)

    def _publish(self, git: Git, sent: Sent, site: CompiledSite, progress: Sending, *, dry_run: bool) -> WriteReport:
        address = self._address()
        for attempt in range(_TRIES):
            tip = git.fetch(address, self.branch)
            there = git.tree(tip)
            ours = self._ours(there, site, git)
            # What was sent from here, where nobody else has published since.
            known = sent.files() if tip and sent.marker == tip else {}
            report, changes = _compare(there, ours, known, site)
            if dry_run:
                return report
            if not changes:
                if tip and sent.marker != tip:
                    _note(sent, known, site, tip)
                return report
            _store(git, changes, site, progress)
            extra = _own_files(site, git)
            tree = git.write_tree(tip, {**changes, **extra})
            commit = git.commit(tree, [tip] if self.history and tip else [])
            if git.push(address, self.branch, commit, tip):
                if signer := _signer(site):
                    git.signer = signer
                _note(sent, known, site, commit)
                return report
            if attempt == _TRIES - 1:
                break
        raise Problem(f"{self.name}: someone else publishes there at the same time", "try again in a moment")

    def _ours(self, there: Mapping[str, str], site: CompiledSite, git: Git) -> set[str]:
        """The files of the branch that were published from here.

        Raises:
            Problem: they were published from another workspace. To take them for this one's would take them down.
        """
        listed = git.show(there[LIST]).splitlines() if LIST in there else []
        if listed and listed[0].startswith(_BY):
            signer, by = _signer(site), listed.pop(0).removeprefix(_BY)
            # Under a new key, what was published from here under the last one is still this workspace's.
            if signer and by not in {signer, git.signer}:
                raise Problem(
                    f"{self.name}: another workspace, or this one with another key, publishes to that branch",
                    "name another `branch`; if nobody else publishes there, delete it and publish again",
                )
        return set(listed)

    def _own_repository(self) -> Path:
        return lock_of(self.state, self._place).with_suffix(".git")

    @property
    def _place(self) -> str:
        return f"{self.repository}#{self.branch}"

    def _address(self) -> str:
        """What git is told to push to. A remote's name means what it means in the workspace's repository."""
        written = self.repository.removeprefix("git+")
        if "/" in written or ":" in written:
            return written
        command = ["git", "-C", str(self.root), "remote", "get-url", "--push", written]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            raise Problem(
                f"`{written}` is no remote of the workspace's repository", "see `git remote -v`, or write an address"
            )
        return asked.stdout.strip()


# Paths to put into the tree with the digest git gives them, `None` to take out.
_Changes = Mapping[str, str | None]


def _compare(
    there: Mapping[str, str], ours: set[str], known: Mapping[str, SentFile], site: CompiledSite
) -> tuple[WriteReport, _Changes]:
    report, changes = WriteReport(), dict[str, str | None]()
    wanted: set[str] = set()
    for room, files in site.by_room():
        for file in files:
            wanted.add(file.path)
            if file.path in there and file.path in known and known[file.path].digest == file.digest:
                report.of(room).unchanged += 1
                continue
            digest = _blob(file, site.folder / file.path)
            if there.get(file.path) == digest:
                report.of(room).unchanged += 1
                continue
            changes[file.path] = digest
            report.written.append(file.path)
            report.of(room).written += 1
            report.of(room).bytes += file.size
    for path in sorted((ours - wanted) & there.keys()):
        changes[path] = None
        report.removed.append(path)
        report.of(SHARED).removed += 1
    return report, changes


def _note(sent: Sent, known: Mapping[str, SentFile], site: CompiledSite, commit: str) -> None:
    """Note what the branch holds from this commit on, so that the next run need not read all of it."""
    files = {
        file.path: SentFile(file.path, file.size, file.digest or b"") for _, each in site.by_room() for file in each
    }
    # Until all is noted, none of it is relied on.
    sent.marker = ""
    sent.drop((known or sent.files()).keys() - files.keys())
    sent.add(one for path, one in files.items() if known.get(path) != one)
    sent.marker = commit


def _store(git: Git, changes: _Changes, site: CompiledSite, progress: Sending) -> None:
    """Take the contents of the changed files in, some at a time."""
    paths = [path for path, digest in changes.items() if digest]
    known = {file.path: file.size for _, files in site.by_room() for file in files}
    sizes = [known[path] for path in paths]
    for start in range(0, len(paths), _AT_ONCE):
        end = min(start + _AT_ONCE, len(paths))
        files = [site.folder / path for path in paths[start:end]]
        try:
            stored = git.store_files(files)
        except Problem as problem:
            raise next((NotAsBuilt(file, is_missing=True) for file in files if not file.exists()), problem) from problem
        for path, name in zip(paths[start:end], stored, strict=True):
            if name != changes[path]:
                raise NotAsBuilt(site.folder / path)
        progress(end, len(paths), sum(sizes[:end]), sum(sizes))


def _own_files(site: CompiledSite, git: Git) -> _Changes:
    paths = sorted(file.path for _, files in site.by_room() for file in files)
    signer = _signer(site)
    listed = "".join(f"{line}\n" for line in [*([f"{_BY}{signer}"] if signer else []), *paths])
    return {LIST: git.store_text(listed), NO_JEKYLL: git.store_text("")}


def _signer(site: CompiledSite) -> str | None:
    """The fingerprint of the workspace that built a site, where it says so."""
    try:
        return signer_of((site.folder / RELEASE).read_bytes())
    except (OSError, ReleaseProblem):
        return None


def _blob(file: OutputFile, path: Path) -> str:
    """The name git gives the content of a file at `path`. Raises NotAsBuilt."""
    name = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    digest = hashlib.sha256()
    for chunk in read_built(path):
        name.update(chunk)
        digest.update(chunk)
    if digest.digest() != file.digest:
        raise NotAsBuilt(path)
    return name.hexdigest()
