"""Python with its words coloured for the page. Few kinds, so that the same code gives the same page for a long time."""

from __future__ import annotations

from markupsafe import Markup, escape
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Name, Number, String, Token  # type: ignore[import-untyped]

_KINDS = {Comment: "c", String: "s", Number: "n", Keyword: "k", Name.Function: "f", Name.Class: "f", Token: ""}


def highlighted(code: str) -> Markup:
    """The code as HTML, escaped, with a `<span>` around comments, strings, numbers, keywords and names defined."""
    pieces: list[tuple[str, str]] = []
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(code):
        kind = _kind(token)
        if pieces and pieces[-1][0] == kind:
            pieces[-1] = (kind, pieces[-1][1] + text)
        else:
            pieces.append((kind, text))
    return Markup("").join(
        Markup('<span class="{}">{}</span>').format(kind, text) if kind else escape(text) for kind, text in pieces
    )


def _kind(token: object) -> str:
    return next(kind for above, kind in _KINDS.items() if token in above)
