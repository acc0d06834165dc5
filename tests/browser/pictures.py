"""Compares what a room looks like with what it looked like: reference pictures, and what may differ from them.

Machines draw letters a little differently: their libraries put the same outline on other pixels. So pictures are
softened first, and then compared by tiles, each of which may lie a pixel aside. What remains a person would see.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parent / "pictures"

# About a line of small text, so that one other word is one or two tiles. In pixels.
TILE = 16
# Takes the edges off letters, and leaves their weight. In pixels.
SOFTNESS = 1.2
# How far a tile may lie aside, in pixels: as rounding does it to what follows a line of text.
ASIDE = 1
# The mean difference of a tile's pixels, of 255, from which on it counts as changed. The same letters smoothed in
# another way were measured at up to 6.4, one other figure in a line at 16.
CHANGED = 8.0

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Difference:
    """How a picture differs from its reference: in so many tiles, and by how much in the worst one (of 255)."""

    tiles: int
    worst: float
    # The reference, what was taken, and what of that changed, beside each other.
    picture: Image.Image

    @property
    def is_seen(self) -> bool:
        return self.tiles > 0


def compare(reference: Image.Image, taken: Image.Image) -> Difference:
    """What a person would see of the difference. A picture of another size is another picture."""
    reference, taken = reference.convert("RGB"), taken.convert("RGB")
    if reference.size != taken.size:
        return Difference(1, 255.0, _beside(reference, taken, taken))
    tiles = tile_differences(reference, taken)
    changed = tiles > CHANGED
    return Difference(int(changed.sum()), float(tiles.max()), _beside(reference, taken, _marked(taken, changed)))


def tile_differences(reference: Image.Image, taken: Image.Image) -> Pixels:
    """The mean difference of each tile from the place nearby in the reference that is most like it; rows by columns."""
    before, after = _soft(reference), _soft(taken)
    nearest = _tile_means(before, after)
    for shift in product(range(-ASIDE, ASIDE + 1), repeat=2):
        if nearest.max() <= CHANGED:
            break
        nearest = np.minimum(nearest, _tile_means(np.roll(before, shift, axis=(0, 1)), after))
    return nearest


def _soft(picture: Image.Image) -> Pixels:
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(SOFTNESS)), dtype=np.float32)


def _tile_means(before: Pixels, after: Pixels) -> Pixels:
    """How much tiles differ; the last ones of a row or column are filled up with what does not."""
    # The channel that differs most: the eye sees a change of colour alone, too.
    values = np.abs(before - after).max(axis=2)
    height, width = values.shape
    filled = np.pad(values, ((0, -height % TILE), (0, -width % TILE)))
    tiles = filled.reshape(filled.shape[0] // TILE, TILE, filled.shape[1] // TILE, TILE)
    means: Pixels = tiles.mean(axis=(1, 3))
    return means


def _marked(taken: Image.Image, changed: NDArray[np.bool_]) -> Image.Image:
    """What was taken, pale, and in full colour where it changed."""
    pale = Image.blend(taken, Image.new("RGB", taken.size, "white"), 0.75)
    mask = Image.fromarray((changed * 255).astype(np.uint8)).resize(
        (changed.shape[1] * TILE, changed.shape[0] * TILE), Image.Resampling.NEAREST
    )
    mask = mask.crop((0, 0, *taken.size))
    frame = ImageChops.subtract(mask.filter(ImageFilter.MaxFilter(5)), mask)
    marked = Image.composite(taken, pale, mask)
    marked.paste((220, 0, 60), mask=frame)
    return marked


def _beside(*pictures: Image.Image) -> Image.Image:
    gap = TILE
    width = sum(one.width for one in pictures) + gap * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, max(one.height for one in pictures)), "grey")
    left = 0
    for one in pictures:
        sheet.paste(one, (left, 0))
        left += one.width + gap
    return sheet


def save(picture: Image.Image, to: Path) -> None:
    """Write a picture small and without loss, as WebP."""
    to.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(to, "WEBP", lossless=True, quality=100, method=3)
