"""No link of what is handed out leads to nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.authoring.learner_archive import dead_links, targets

pytestmark = pytest.mark.slow

NOTEBOOK = json.dumps({"cells": [{"cell_type": "markdown", "source": ["![a](figures/", "a.svg) [x](gone.md)"]}]})


@pytest.mark.parametrize("kind", ["learners", "nbgrader"])
def test_the_archives_have_none(dist: Any, kind: str) -> None:
    files = dist.files(kind)
    assert len(list(targets(files))) > 10
    assert dead_links(files) == []


def test_each_lessons_readme_leads_to_the_self_check(dist: Any) -> None:
    files = dist.files("learners")
    for lesson in ("linear_regression", "digits"):
        folder = f"exercises/{lesson}"
        found = {target for file, _, target in targets(files) if file == f"{folder}/README.md"}
        assert "docs/self-check.md" in found
        assert found <= set(files) | {f"{folder}/checks"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a/x.md", "[x](gone.md)"),
        ("a/x.md", "[x](../../outside.md)"),
        ("a/x.md", "[x]\n\n[x]: gone.md\n"),
        ("a/x.md", '<img src="gone.svg">'),
        ("a/x.html", '<a href="gone.md#there">x</a>'),
        ("a/x.html", '<source srcset="y.svg 1x, gone.svg 2x">'),
        ("a/x.ipynb", NOTEBOOK),
    ],
)
def test_a_link_to_nothing_is_told(file: str, text: str) -> None:
    there = {"a/y.svg": b"", "a/figures/a.svg": b"", "b/z.md": b""}
    (told,) = dead_links({file: text.encode(), **there})
    assert told.startswith(f"{file}: the link to ")
    assert "leads to nothing that is released" in told


@pytest.mark.parametrize(
    "text",
    [
        "[x](y.svg) [f](figures/) [up](../b/z.md?a#b) [here](#part) [top](..)",
        "[x](https://example.org/gone) [x](mailto:somebody) <https://example.org>",
        "`[x](gone.md)`\n\n    [x](gone.md)\n",
        "[x](with%20blank.md)",
    ],
)
def test_other_links_are_fine(text: str) -> None:
    there = {"a/y.svg": b"", "a/figures/a.svg": b"", "b/z.md": b"", "a/with blank.md": b""}
    assert dead_links({"a/x.md": text.encode(), **there}) == []
