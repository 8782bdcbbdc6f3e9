"""Every relative link in every Markdown file leads somewhere, headings included."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
_NOT_OURS = {"node_modules", "sample_class", "results", "build", "dist"}


def markdown_files() -> list[str]:
    found = []
    for path in ROOT.rglob("*.md"):
        parts = path.relative_to(ROOT).parts
        if not any(part.startswith(".") or part in _NOT_OURS for part in parts):
            found.append("/".join(parts))
    return sorted(found)


def anchors(headings: list[str]) -> set[str]:
    """The anchors that a page's headings get on the web."""
    found: set[str] = set()
    for heading in headings:
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        number, anchor = 0, slug
        while anchor in found:
            number += 1
            anchor = f"{slug}-{number}"
        found.add(anchor)
    return found


@pytest.mark.parametrize("name", markdown_files())
def test_links_lead_somewhere(name: str, page: Callable[[str], Any]) -> None:
    here = page(name)
    for target in _LINK.findall(re.sub(r"`[^`\n]*`", "", here.prose)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        path = (here.path.parent / file).resolve() if file else here.path
        assert path.exists(), f"{name}: {target} leads nowhere"
        assert path.is_relative_to(ROOT), f"{name}: {target} leads out of the repository"
        if anchor and path.suffix == ".md":
            there = page(path.relative_to(ROOT).as_posix())
            own = re.findall(r'^<a id="([^"]+)"></a>$', path.read_text(encoding="utf-8"), re.M)  # a lesson's
            assert anchor in anchors(there.headings) | set(own), f"{name}: {target} has no such heading"


def test_pictures_are_small_enough_to_be_kept_and_each_is_shown() -> None:
    pictures = list((ROOT / "docs").rglob("*.png"))
    shown = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    for path in pictures:
        assert path.stat().st_size < 120_000, path
        assert f"({path.relative_to(ROOT / 'docs').as_posix()})" in shown, path


@pytest.mark.parametrize("name", markdown_files())
def test_a_file_of_ours_that_is_named_is_there(name: str, page: Callable[[str], Any]) -> None:
    places = (ROOT, ROOT / "grader", ROOT / "tests")
    for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", page(name).prose):
        if any((place / path.split("/")[0]).is_dir() for place in places):
            assert any((place / path).is_file() for place in places), f"{name}: {path}"


@pytest.mark.parametrize("name", markdown_files())
def test_a_module_of_ours_that_is_named_is_there(name: str, page: Callable[[str], Any]) -> None:
    for dotted in re.findall(r"`(?:grader\.)?([a-z_]+(?:\.\w+)+)`", page(name).prose):
        package, module, *inner = dotted.split(".")
        folder = ROOT / "grader" / package
        if (
            not folder.is_dir()
            or (folder / module).is_dir()
            or module in {"csv", "db", "html", "ipynb", "json", "jsonl", "md", "py", "toml"}
        ):
            continue
        file = folder / f"{module}.py"
        if not file.is_file():
            file, inner = folder / "__init__.py", [module]
        defined = file.read_text(encoding="utf-8")
        assert all(re.search(rf"\b{each}\b", defined) for each in inner), f"{name}: {dotted}"


# What learners neither have nor need to know of: commands and files of instructors, and the inside of the kit.
_NOT_FOR_LEARNERS = re.compile(
    r"python -m (?:grader|benchmarks)|\bmake [a-z]+`|\bgrader (?:stubs|grade|audit|release)\b|(?:tests|solutions)/\S*|"
    r"\bgrader[./](?!selfcheck\.notebook import check)\w+|`\w+/\w+\.py`|torch\._\w+"
)


def test_what_learners_read_tells_of_nothing_inside(page: Callable[[str], Any]) -> None:
    waiting = {path.relative_to(ROOT).as_posix() for path in (ROOT / "exercises").rglob("*.md")}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        here = page(name)
        assert _NOT_FOR_LEARNERS.findall(here.path.read_text(encoding="utf-8")) == [], name
        for target in _LINK.findall(re.sub(r"`[^`\n]*`", "", here.prose)):
            path = (here.path.parent / target.partition("#")[0]).resolve()
            if path.suffix == ".md" and path.is_relative_to(ROOT):
                waiting |= {path.relative_to(ROOT).as_posix()} - seen
    assert {"docs/self-check.md", "docs/notebook.md"} <= seen
    assert "docs/self-check-inside.md" not in seen


def test_every_page_is_in_the_index(page: Callable[[str], Any]) -> None:
    linked = {target.partition("#")[0] for target in _LINK.findall(page("docs/README.md").prose)}
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= linked
