"""How long a milestone may really take: the distribution of its working time, in whole days, and samples from it.

A range is a PERT distribution (Malcolm et al., "Application of a Technique for Research and Development Program
Evaluation", Operations Research 7, 1959): a beta distribution from the shortest to the longest time, with its mode at
the likeliest and λ = 4 for how much the mode weighs, so that its mean is (shortest + 4 · likeliest + longest) / 6.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dealroom.fields import Duration

# The weight of the mode in PERT's mean.
LAMBDA = 4

# What a single time is taken to mean: the rough order of magnitude of the PMBOK Guide, -25 % to +75 %. Work overruns
# more than it falls short.
SHORTEST, LONGEST = 0.75, 1.75

# Samples are drawn by 16 random bits through a table of quantiles. Its step is a 200th of what chance alone moves a
# probability by, at 20,000 samples.
QUANTILES = 1 << 16

# Points at which the density is summed up: ten for each day of a range of two years, after which days no longer matter.
GRID = 5_001

# Distinct working times of a large workspace; a table is 512 KB.
KEPT_TABLES = 128


def three_points(duration: Duration, spread: bool) -> tuple[float, float, float]:
    """The shortest, likeliest and longest working days; with `spread`, of a single time too."""
    if duration.is_range or not spread:
        return duration.min, duration.likely, duration.max
    return max(1, SHORTEST * duration.min), duration.min, LONGEST * duration.min


def longest(duration: Duration, spread: bool) -> int:
    """The longest time that is ever drawn, in whole days."""
    return int(np.rint(three_points(duration, spread)[2]))


@lru_cache(maxsize=KEPT_TABLES)
def quantiles(shortest: float, likeliest: float, longest: float) -> NDArray[np.intp]:
    """Whole days by their probability: entry *i* is the `(i + ½) / QUANTILES` quantile. Shape `(QUANTILES,)`."""
    if shortest == longest:
        return np.full(QUANTILES, round(shortest), dtype=np.intp)
    first, last = int(np.rint(shortest)), int(np.rint(longest))
    alpha = 1 + LAMBDA * (likeliest - shortest) / (longest - shortest)
    beta = 1 + LAMBDA * (longest - likeliest) / (longest - shortest)
    x = np.linspace(0, 1, GRID)
    density = x ** (alpha - 1) * (1 - x) ** (beta - 1)
    below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    below /= below[-1]
    # A day stands for the half day on either side of it.
    ends = (np.arange(first, last) + 0.5 - shortest) / (longest - shortest)
    at_most = np.interp(ends, x, below)
    wanted = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return (first + np.searchsorted(at_most, wanted)).astype(np.intp)
