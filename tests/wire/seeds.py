"""How much fire, and which: `make test` repeats itself, a soak is another each time.

`WIRE_FRAMES` says how many frames (5,000 unless given). With it the seed is a fresh one, unless `WIRE_SEED` gives one.
"""

from __future__ import annotations

import os
import random

_SOAK = "WIRE_FRAMES" in os.environ
FRAMES = int(os.environ.get("WIRE_FRAMES", "5000"))
SEED = int(os.environ.get("WIRE_SEED") or (random.SystemRandom().getrandbits(32) if _SOAK else 1))
