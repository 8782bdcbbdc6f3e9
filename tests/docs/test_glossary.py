"""The docs, the text for learners and the kit's messages use the words of `docs/glossary.md`, and none of those that it
has others for."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_links import ROOT, markdown_files

GLOSSARY = "docs/glossary.md"
PAGES = [name for name in markdown_files() if name not in (GLOSSARY, "soak.md")]  # `make soak` quotes what was told


def rows() -> list[list[str]]:
    """The cells of every row of the glossary's tables, without their headings."""
    lines = [line for line in (ROOT / GLOSSARY).read_text(encoding="utf-8").split("\n") if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if set(row[0]) != {"-"} and "not" not in row]


def banned() -> list[str]:
    """The words that stand in the last column."""
    return [word.strip() for row in rows() for word in row[-1].split(",") if word.strip()]


BANNED = re.compile(rf"\b(?:{'|'.join(map(re.escape, banned()))})\b".replace(r"\ ", r"\s+"), re.IGNORECASE)


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module that aren't docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
    docs = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and id(node) not in docs
        ):
            yield node.lineno, node.value


def found(text: str) -> list[str]:
    return [" ".join(word.split()) for word in BANNED.findall(text)]


def test_the_glossary_has_words_to_look_for_and_each_word_once() -> None:
    words = [word for row in rows() for word in re.findall(r"\*\*([^*]+)\*\*", row[0])]
    assert len(words) > 50
    assert sorted(words) == sorted(set(words)), "a word has two rows"
    assert {"mend", "known mistake", "hidden test"} <= set(banned())
    assert not set(words) & set(banned()), "a word is one of ours, and banned"
    assert found("Mend this, which is  looked\nat by a teacher.") == ["Mend", "is looked at", "teacher"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_uses_our_words(name: str, page: Callable[[str], Any]) -> None:
    prose = re.sub(r"`[^`\n]*`", "", page(name).prose)
    assert found(prose) == [], f"{name}: see {GLOSSARY}"


def test_the_kits_messages_use_our_words() -> None:
    said = [
        f"{path.relative_to(ROOT)}, line {line}: {', '.join(found(text))}"
        for path in sorted((ROOT / "grader").rglob("*.py"))
        for line, text in messages(path)
        if found(text)
    ]
    assert not said, "\n".join(said)


def test_templates_hints_and_misconceptions_use_our_words() -> None:
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in [
            *(path for ending in ("*.j2", "*.html") for path in (ROOT / "grader").rglob(ending)),
            *(ROOT / "exercises").rglob("checks/*.py"),
            ROOT / "course.toml",
        ]
    }
    for path in (ROOT / "solutions").rglob("mistakes/**/*.py"):
        texts[path] = path.read_text(encoding="utf-8").partition("\nSays:")[2].partition("\nLesson:")[0]
    said = [f"{path.relative_to(ROOT)}: {', '.join(found(text))}" for path, text in texts.items() if found(text)]
    assert not said, "\n".join(said)
