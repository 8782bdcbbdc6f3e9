"""nbformat, loaded in a fraction of the time.

It loads jsonschema, which builds parsers for internationalised web addresses where the package `rfc3987_syntax` is
installed, as it is with Jupyter: a second, or several, at every start. No notebook's schema has such an address.
"""

from __future__ import annotations

import sys
from typing import Any, cast

_UNUSED = "rfc3987_syntax"
_modules = cast(dict[str, Any], sys.modules)
_is_loaded = _UNUSED in _modules
if not _is_loaded:
    _modules[_UNUSED] = None  # what is None here can't be imported, and jsonschema does without it
try:
    import nbformat
finally:
    if not _is_loaded:
        del _modules[_UNUSED]

__all__ = ["nbformat"]
