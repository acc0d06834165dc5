"""Where a workspace begins, and the names of what lies in it: all that a start needs that has nothing to do."""

from __future__ import annotations

import os
from pathlib import Path

from dealroom.errors import Problem

SETTINGS_FILE = "dealroom.yml"

# Folders of people, and of dealroom.
PLANS, THEMES, TEXTS = "plans", "themes", "texts"
SITE, STATE = "site", ".dealroom"

# In the folder of dealroom's own state; both are secret.
KEY_FILE, PASSPHRASES_FILE = "key", "passphrases.yml"
# All of the latter may be in the environment instead.
PASSPHRASES_VARIABLE = "DEALROOM_PASSPHRASES"


def find_root(start: Path) -> Path:
    """The folder of the workspace that `start` lies in: the nearest one upward with a `dealroom.yml`, in full.

    Raises:
        Problem: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        # A link that leads nowhere is this workspace's broken settings, not the reason to look further up.
        if os.path.lexists(folder / SETTINGS_FILE):
            return folder
    for folder in (start, *start.parents):
        if (folder / "dealroom.yaml").exists():
            raise Problem(f"{folder} has a dealroom.yaml, but the name is {SETTINGS_FILE}", "rename the file")
    raise Problem(
        f"there is no {SETTINGS_FILE} in {start} or above it",
        "start a workspace with `dealroom init DIR`, or name one with `dealroom -C DIR …`",
    )
