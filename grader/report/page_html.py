"""A learner's page as one self-contained HTML file: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from grader.report.page import Page

# Texts write code between backticks. What a learner wrote may hold backticks too: each piece is escaped.
_CODE = re.compile(r"`([^`\n]+)`")


def html_page(page: Page) -> str:
    """The page; everything in it is escaped."""
    template, css, css_hash = _parts()
    return template.render(page=page, css=css, css_hash=css_hash)


@cache
def _parts() -> tuple[Template, Markup, str]:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _with_code
    loader = environment.loader
    assert loader is not None
    css = loader.get_source(environment, "feedback.css")[0]
    # The only style that the page's policy lets in is the one with this hash.
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment.get_template("feedback.html"), Markup(css), f"sha256-{digest}"


def _with_code(text: str) -> Markup:
    pieces = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )
