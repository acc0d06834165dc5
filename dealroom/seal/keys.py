"""The workspace key: the one secret a seller keeps, from which every other is derived.

It is kept in `.dealroom/key` (readable by its owner alone, never tracked by git) or in the environment
variable `DEALROOM_KEY`, as one line of text:

    DEALROOM-KEY-1- + base32(32 secret bytes ‖ first 3 bytes of SHA-256 of them)

so that a secret scanner can know it and a slip of the pen is noticed.
"""

import base64
import binascii
import hashlib
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from dealroom.seal.encoding import FORMAT, fields, hkdf
from dealroom.seal.errors import KeyProblem

ENVIRONMENT_VARIABLE = "DEALROOM_KEY"

_PREFIX = "DEALROOM-KEY-1-"
_SECRET_SIZE = 32
# Three bytes make 35 with the secret: exactly 56 letters of base32, and one slip in 16 million is missed.
_CHECKSUM_SIZE = 3
_LETTERS = 56
_FILE_HEAD = (
    "# The workspace key of dealroom. Whoever has it can open every room of this workspace.\n"
    "# Keep a copy in your password manager; never commit it, never send it.\n"
)


class WorkspaceKey:
    """32 secret bytes. Shown nowhere: `repr` gives only the fingerprint."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _SECRET_SIZE:
            raise ValueError(f"a workspace key has {_SECRET_SIZE} bytes, not {len(secret)}")
        self._secret = secret

    def derive(self, purpose: str, *parts: str | bytes | int, size: int = 32) -> bytes:
        """`size` bytes (at most 8,160) for one purpose: HKDF-SHA256 over `fields(FORMAT, purpose, *parts)`.

        docs/format.md lists the purposes and their parts.
        """
        return hkdf(self._secret, fields(FORMAT, purpose, *parts), size)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that tell this key from another without telling anything of it."""
        return self.derive("fingerprint", size=8).hex()

    def text(self) -> str:
        """The key as one line, as it stands in the key file. Secret."""
        return _PREFIX + base64.b32encode(self._secret + _checksum(self._secret)).decode("ascii")

    def __repr__(self) -> str:
        return f"WorkspaceKey(fingerprint={self.fingerprint!r})"


def create_key(path: Path, random: Callable[[int], bytes] = os.urandom) -> WorkspaceKey:
    """Write a new key to `path`, readable by its owner alone.

    Raises:
        KeyProblem: there is a key already (it is never overwritten), or the file cannot be written.
    """
    key = WorkspaceKey(random(_SECRET_SIZE))
    write_key(path, key)
    return key


def write_key(path: Path, key: WorkspaceKey) -> None:
    """Write a key to `path`, where there is no file yet, readable by its owner alone.

    Raises:
        KeyProblem: there is a file already, or it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL: two runs at once cannot both believe that theirs is the key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyProblem(
            f"there is a workspace key in {path} already", "keep it: every passphrase and link in use depends on it"
        ) from None
    except OSError as error:
        raise KeyProblem(
            f"cannot write the workspace key to {path}: {error.strerror}", "check the folder's permissions"
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{_FILE_HEAD}{key.text()}\n")
        file.flush()
        os.fsync(file.fileno())


def replace_key(path: Path, random: Callable[[int], bytes] = os.urandom) -> tuple[WorkspaceKey, Path]:
    """Put a new key in the place of the one at `path`, and give it with the path where the old one is kept.

    Raises:
        KeyProblem: the old key cannot be used, or a file cannot be written; the old key is then still in its place.
    """
    old = load_key(path, {})
    kept = path.with_name(f"{path.name}.{old.fingerprint}")
    if not kept.exists():
        write_key(kept, old)
    new = path.with_name(f"{path.name}.new")
    # What an earlier run left when it was interrupted: nothing was ever sealed with it.
    new.unlink(missing_ok=True)
    key = create_key(new, random)
    new.replace(path)
    return key, kept


def load_key(path: Path, environ: Mapping[str, str]) -> WorkspaceKey:
    """The key in `environ` (`DEALROOM_KEY`), else the one in the file at `path`.

    Raises:
        KeyProblem: missing, not a key, mistyped, readable by others, or tracked by git.
    """
    if written := environ.get(ENVIRONMENT_VARIABLE, "").strip():
        return parse_key(written, f"the environment variable {ENVIRONMENT_VARIABLE}")
    if not path.exists():
        raise _missing(path)
    refuse_exposed(path, environ, "the workspace key")
    try:
        written = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(
            f"cannot read the workspace key in {path}", "check that the file is yours, or restore it from your copy"
        ) from error
    return parse_key(written, str(path))


def parse_key(written: str, place: str) -> WorkspaceKey:
    """The key in a text; lines that start with `#` are left out, as are white space and letter case.

    Raises:
        KeyProblem: not a key, or mistyped. `place` says where it was read.
    """
    lines = [line for line in written.splitlines() if not line.lstrip().startswith("#")]
    text = re.sub(r"\s", "", "".join(lines)).upper()
    if not text.startswith(_PREFIX):
        raise KeyProblem(
            f"there is no workspace key in {place}", f"a key is a line that starts with {_PREFIX}; restore your copy"
        )
    letters = text.removeprefix(_PREFIX)
    try:
        data = base64.b32decode(letters)
    except binascii.Error:
        data = b""
    secret, checksum = data[:_SECRET_SIZE], data[_SECRET_SIZE:]
    if len(letters) != _LETTERS or checksum != _checksum(secret):
        raise KeyProblem(
            f"the workspace key in {place} has a typing error or is cut off",
            f"copy it again in one piece: {_PREFIX} and {_LETTERS} letters and digits",
        )
    return WorkspaceKey(secret)


def _checksum(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()[:_CHECKSUM_SIZE]


def _missing(path: Path) -> KeyProblem:
    return KeyProblem(
        f"there is no workspace key in {path}",
        f"restore your copy of it there, or set {ENVIRONMENT_VARIABLE}; "
        "a new workspace gets its key from `dealroom init`",
    )


def refuse_exposed(path: Path, environ: Mapping[str, str], what: str) -> None:
    """Refuse a file of secrets that is not its owner's alone. `what` is what is in it, for the message.

    Raises:
        KeyProblem: not a file, readable by others, or tracked by git.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise KeyProblem(f"cannot read {what} in {path}", "check the folder's permissions") from error
    if not stat.S_ISREG(status.st_mode):
        raise KeyProblem(f"{path} is not a file", f"restore your copy of {what} there")
    # Windows has no such bits: st_mode says 0o666 for every file.
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyProblem(f"others on this machine can read {what} in {path}", f"run: chmod 600 {path}")
    _refuse_tracked_by_git(path, environ, what)


def _refuse_tracked_by_git(path: Path, environ: Mapping[str, str], what: str) -> None:
    """Raise when git tracks the file. Asks git only below a repository: a start of it costs some milliseconds."""
    folder = path.resolve().parent
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return
    # Loading what starts programs takes longer than asking git.
    import shutil
    import subprocess

    git = shutil.which("git")
    if git is None:
        return
    # A hook of another repository tells git by these variables to look there.
    clean = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    command = [git, "ls-files", "--error-unmatch", "--", path.name]
    answer = subprocess.run(command, cwd=folder, env=clean, capture_output=True, check=False)
    if answer.returncode == 0:
        raise KeyProblem(
            f"git tracks {what} in {path}: whoever has the repository can open every room",
            f"run: git rm --cached {path}, then replace what is in it, since it stays in the history "
            "(`dealroom key rotate` makes a new key)",
        )
