"""Learners' text in Markdown: shown as it is, whatever is in it."""

from __future__ import annotations

import re

import pytest
from nbconvert.filters import markdown2html

from grader.results.nbgrader.gradebook import verbatim

pytestmark = pytest.mark.slow

NASTY = [
    "<script>alert(1)</script>",
    "$$\n<script>alert(1)</script>\n$$",
    "text\n\n</code></pre><script>alert(1)</script>\n\n- a list",
    "```\n</code><img src=x onerror=alert(1)>\n```\n<b>",
    "~~~\n<b>bold</b>\n~~~",
    "<!-- a comment\n\n--> <b>after</b>",
    "\\begin{equation}<b>x</b>\\end{equation}",
    "[a]: javascript:alert(1)\n\n[a]",
    "\n\n\n<b>late</b>",
    "\t<b>tab</b>\r\n<b>windows</b>\x0b<b>vertical</b>\u2028<b>line</b>",
    "1. <b>a</b>\n\n        <b>b</b>",
    "",
]


@pytest.mark.parametrize("text", NASTY)
def test_text_is_one_block_of_code_in_which_nothing_works(text: str) -> None:
    html = markdown2html(verbatim(text))
    assert set(re.findall(r"<[^>]*>", html)) <= {"<pre>", "<code>", "</code>", "</pre>"}
    assert html.count("<pre>") == (1 if text else 0)
    assert re.sub(r"<[^>]*>", "", html).strip().count("&lt;b&gt;") == text.count("<b>")
