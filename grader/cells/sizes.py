"""How large what is handed in may be, in bytes, unless `course.toml` says otherwise."""

from __future__ import annotations

MODULE_BYTES = 200_000
NOTEBOOK_BYTES = 20_000_000
ARCHIVE_BYTES = 20_000_000
