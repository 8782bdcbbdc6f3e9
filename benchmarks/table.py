"""Tables of what was measured: on the terminal, and as Markdown and JSON in files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Section:
    """A table with its title and what must be known to read it. The first column holds names, the others numbers."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]


def print_section(console: Console, section: Section) -> None:
    """Show a section on the terminal."""
    table = Table(title=section.title, title_justify="left", title_style="bold")
    for number, column in enumerate(section.columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in section.rows:
        table.add_row(*row)
    console.print(table)
    for note in section.notes:
        console.print(note, markup=False)
    console.print()


def write_results(folder: Path, machine: dict[str, str], sections: list[Section], numbers: dict[str, object]) -> None:
    """Write results.md and results.json."""
    folder.mkdir(parents=True, exist_ok=True)
    said = ", ".join(f"{name} {value}" for name, value in machine.items())
    text = [
        "# Measured",
        f"Written by `make bench`; `docs/benchmarks.md` says how it was measured.\n\nMachine: {said}.",
    ]
    text += [_markdown(section) for section in sections]
    (folder / "results.md").write_text("\n\n".join(text) + "\n", "utf-8")
    record = {"machine": machine, "sections": [asdict(section) for section in sections], "numbers": numbers}
    (folder / "results.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _markdown(section: Section) -> str:
    lines = [section.columns, ["---", *["---:"] * (len(section.columns) - 1)], *section.rows]
    table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
    return "\n\n".join([f"## {section.title}", table, *section.notes])
