"""The size of an image, so that a page keeps its place before the image is there."""

from __future__ import annotations

from pathlib import Path

# Wider or higher than this is no picture for a page, but a header that lies.
_LARGEST = 100_000


def image_size(file: Path) -> tuple[int, int] | None:
    """Width and height in pixels as the file's header tells them; `None` where it does not."""
    import imagesize

    try:
        width, height = imagesize.get(file)
    except (OSError, ValueError):
        return None
    return (round(width), round(height)) if 1 <= width <= _LARGEST and 1 <= height <= _LARGEST else None
