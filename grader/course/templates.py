"""Templates as they are written everywhere here: escaped where they make HTML, and strict about names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def template(package: str, file: str, **filters: Callable[..., Any]) -> Template:
    """A template in a package's folder `templates`, and the filters that it needs."""
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
    """A style sheet that lies beside them."""
    return (files(package) / "templates" / file).read_text(encoding="utf-8")


def _makes_html(file: str | None) -> bool:
    return file is None or file.removesuffix(".j2").endswith(".html")
