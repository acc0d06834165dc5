"""The key of a workspace: the right one, or a clear error before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dealroom.root import KEY_FILE, SETTINGS_FILE
from dealroom.seal.errors import KeyProblem
from dealroom.seal.keys import ENVIRONMENT_VARIABLE, WorkspaceKey, load_key, replace_key
from dealroom.workspace import Workspace


def key_file(workspace: Workspace) -> Path:
    """Where the key is, unless it is in the environment."""
    return workspace.state / KEY_FILE


def workspace_key(workspace: Workspace, environ: Mapping[str, str]) -> WorkspaceKey:
    """The key in `environ`, else the one in the workspace's file.

    Raises:
        KeyProblem: missing, not a key, readable by others, tracked by git, or not the key that the settings name.
    """
    key = load_key(key_file(workspace), environ)
    wanted = workspace.settings.key_fingerprint
    if wanted is not None and key.fingerprint != wanted:
        raise KeyProblem(
            f"this is the key {key.fingerprint}, and {SETTINGS_FILE} names {wanted}: with another key every link and "
            "passphrase would change",
            f"restore the right key; after a change of keys that was meant, write `key_fingerprint: {key.fingerprint}`",
        )
    return key


def rotate_key(workspace: Workspace, environ: Mapping[str, str]) -> tuple[WorkspaceKey, Path]:
    """Give the workspace a new key, in its settings too where they name one; and where the old key is kept.

    Raises:
        KeyProblem: the old key cannot be used or is in the environment; nothing was changed then.
    """
    if environ.get(ENVIRONMENT_VARIABLE, "").strip():
        raise KeyProblem(
            f"the key in use is in the environment variable {ENVIRONMENT_VARIABLE}",
            f"put it into {key_file(workspace)}, unset the variable and rotate; "
            "then set it to what `dealroom key backup` prints",
        )
    old = workspace_key(workspace, environ)
    key, kept = replace_key(key_file(workspace))
    if workspace.settings.key_fingerprint is not None:
        settings = workspace.root / SETTINGS_FILE
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace(old.fingerprint, key.fingerprint), encoding="utf-8", newline="")
    return key, kept
