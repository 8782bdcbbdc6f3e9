"""Templates as they are written everywhere here: escaped where they make HTML, and strict about names."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(package: str, file: str, **filters: Callable[..., Any]) -> Template:
    """A template in a package's folder `templates`, and the filters that it needs."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only who writes pages waits for it

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=_makes_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= filters
    return environment.get_template(file)


@cache
def style(package: str, file: str) -> str:
    """A style sheet, or a script, that lies beside them."""
    return (files(package) / "templates" / file).read_text(encoding="utf-8")


def hash_of_style(css: str) -> str:
    """What a page's policy calls a style or a script by: the page lets in no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}"


# Texts write code between backticks. What a learner wrote may hold backticks too: each piece is escaped.
_CODE = re.compile(r"`([^`\n]+)`")


def with_code(text: str) -> Markup:
    """A text as HTML, with what stands between backticks as code; everything in it is escaped."""
    pieces = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )


def _makes_html(file: str | None) -> bool:
    return file is None or file.removesuffix(".j2").endswith(".html")
