"""Notebooks and modules whose exercises are looked at and called one by one, each by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.reading.module_builder import alone_sources, build_modules, grade_ids
from grader.reading.module_text import ModuleSource
from grader.reading.notebook_cells import read_cells
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Raised
from tests.collect.conftest import lesson

LESSON = lesson()


class Apart:
    """The exercises of some sources, each by itself, to be looked at and called."""

    def __init__(self, whole: Mapping[str, ModuleSource], alone: Mapping[str, Mapping[str, ModuleSource]]) -> None:
        self.whole = whole
        self.alone = alone

    def text(self, exercise: str) -> str:
        return self.alone[exercise][LESSON.exercises[exercise].module].text

    def call(self, exercise: str, *arguments: object) -> Any:
        """What the exercise's function gives; what is raised is raised here, as the `Raised` that the grader sees."""
        return _called({name: source.text for name, source in self.alone[exercise].items()}, exercise, arguments)

    def call_whole(self, exercise: str, *arguments: object) -> Any:
        return _called({name: source.text for name, source in self.whole.items()}, exercise, arguments)


class Failed(Exception):
    """What the grader would be told."""


def _called(texts: Mapping[str, str], exercise: str, arguments: tuple[object, ...]) -> Any:
    modules = LearnerModules(texts)
    try:
        function = modules.function(LESSON.exercises[exercise].module, exercise, (Exception, SystemExit))
        if isinstance(function, Raised):
            raise Failed(f"{function.stage}: {function.type_name}: {function.message}")
        return function(*arguments)
    finally:
        modules.forget()


def noted(*cells: str | tuple[str, str]) -> Apart:
    """A notebook of these cells: a str is a code cell, ("text", …) a markdown cell, (tag, …) a tagged code cell."""
    made = []
    for cell in cells:
        kind, text = ("", cell) if isinstance(cell, str) else cell
        metadata = {"nbgrader": {"grade_id": kind}} if kind and kind != "text" else {}
        made.append({"cell_type": "markdown" if kind == "text" else "code", "source": text, "metadata": metadata})
    read = read_cells(json.dumps({"cells": made}).encode(), "ada.ipynb", 200_000, frozenset(grade_ids(LESSON)))
    whole, _, alone = build_modules(read, LESSON)
    for parts in alone.values():
        for name, part in parts.items():
            lines = whole[name].text.split("\n")
            assert len(part.lines) == part.text.count("\n")
            assert part.lines == whole[name].lines[: len(part.lines)]
            for line, of_whole in zip(part.text.split("\n"), lines, strict=False):
                assert line in ("", of_whole) or "import" in line
    return Apart(whole, alone)


def filed(from_scratch: str, with_torch: str = "") -> Apart:
    """Two modules as files."""
    texts = {"from_scratch": from_scratch, "with_torch": with_torch}
    whole = {name: ModuleSource(name, text) for name, text in texts.items()}
    alone = alone_sources(whole, LESSON)
    for parts in alone.values():
        for name, part in parts.items():
            assert part.locate(1) == f"{name}.py, line 1"
            assert part.text.count("\n") <= whole[name].text.count("\n") + 1
    return Apart(whole, alone)
