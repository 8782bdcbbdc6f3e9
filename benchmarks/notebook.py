"""Notebook files, as plain JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def cell(kind: str, id: str, source: str, metadata: dict[str, Any] | None = None) -> Cell:
    """A cell: `kind` is code, markdown or raw."""
    code: Cell = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": id[:64], "metadata": metadata or {}, "source": source, **code}


def save(path: Path, cells: list[Cell], more: dict[str, Any] | None = None) -> None:
    """Write a Python notebook. `more` is added to the notebook's own metadata."""
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, **(more or {})}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": metadata}), "utf-8")


def load(path: Path) -> tuple[list[Cell], dict[str, Any]]:
    """The cells of a notebook, and its own metadata."""
    read = json.loads(path.read_text("utf-8"))
    return read["cells"], read["metadata"]
