"""The tables, from the numbers: on the terminal, and as Markdown and JSON in files."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import start
from benchmarks.selfcheck import IMPORT_TORCH, SOLVED, STUBS
from benchmarks.tools import Nbgrader, Otter, Ours, PytestEach
from benchmarks.watch import COLD, VERDICT

MORE = 4  # a long run of `grade` has so many times the submissions of a short one
_UNKNOWN = "–"


@dataclass
class Numbers:
    """What was measured: seconds (or MB) by name, over `rounds` interleaved rounds of `count` submissions."""

    count: int
    rounds: int
    seconds: dict[str, list[float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    memory_mb: dict[int, float] = field(default_factory=dict)
    breakdown_ms: list[list[Any]] = field(default_factory=list)
    selfcheck: dict[str, str] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        """A figure, where it was measured."""
        return median(self.seconds[name]) if self.seconds.get(name) else None

    def whole(self, tool: str) -> float | None:
        """Seconds a submission of a whole run, start-up included."""
        return _over(self.median(f"{tool}, {self.count}"), self.count)

    def one_more(self, tool: str) -> float | None:
        """What one more submission costs a tool, start-up left out where it has one that submissions share."""
        runs = {Ours.name: (self.count, self.count * MORE), Nbgrader.name: (1, self.count)}.get(tool)
        if not runs or runs[0] == runs[1]:
            return self.whole(tool)
        short, long = (self.median(f"{tool}, {count}") for count in runs)
        return None if short is None or long is None else (long - short) / (runs[1] - runs[0])


@dataclass(frozen=True)
class Section:
    """A table with its title and what must be known to read it. The first column holds names, the others numbers."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]


def sections(numbers: Numbers) -> list[Section]:
    """Every table for which something was measured."""
    made = [each(numbers) for each in (_promises, _batch, _yardsticks, _start, _memory, _selfcheck, _watch, _breakdown)]
    return [section for section in made if section.rows]


def _promises(numbers: Numbers) -> Section:
    get, more, memory = numbers.median, numbers.one_more, numbers.memory_mb
    warm, fits, base = get("warm"), get("fits"), get(IMPORT_TORCH)
    slower = max((value for value in (warm, more(Ours.name)) if value is not None), default=None)
    plain, layers = get("child, plain fork"), get("child, all layers")
    few, many = min(memory, default=0), max(memory, default=0)
    promised: list[tuple[str, float | None, str, float]] = [
        ("one more right submission (warm process) / three fits", _over(warm, fits), "at most", 1),
        ("one more right submission (whole runs' slope) / three fits", _over(more(Ours.name), fits), "at most", 1),
        (
            "one more that imports matplotlib.pyplot / one that doesn't (warm process)",
            _over(get("warm, plots"), warm),
            "at most",
            1.3,
        ),
        ("nbgrader / ours, one more submission", _over(more(Nbgrader.name), slower), "at least", 30),
        ("otter / ours, one more submission", _over(more(Otter.name), slower), "at least", 80),
        (f"peak memory of {many} submissions / of {few}", _over(memory.get(many), memory.get(few)), "at most", 1.05),
        (
            "a child with all layers, ms more than a plain fork",
            None if plain is None or layers is None else 1e3 * (layers - plain),
            "at most",
            5,
        ),
        ("grade of one submission / import torch, CPU time", _over(get(start.ONE), get(start.IMPORT)), "at most", 2.3),
        ("each further job / import torch, CPU time", _over(_further_job(numbers), get(start.IMPORT)), "at most", 0.3),
        ("self-check of stubs / import torch", _over(get(STUBS), base), "at most", 1.3),
        ("self-check of solutions / import torch", _over(get(SOLVED), base), "at most", 1.3),
    ]
    rows = [
        [text, f"{value:.2f}", f"{word} {limit:g}", "yes" if (value <= limit) == (word == "at most") else "NO"]
        for text, value, word, limit in promised
        if value is not None
    ]
    notes = ["The peers are compared with the slower of our two figures for one more submission."] if slower else []
    return Section("Promises", ["Figure, a ratio unless it says ms", "Measured", "Promised", "Kept"], rows, notes)


def _further_job(numbers: Numbers) -> float | None:
    one, two = numbers.median(start.FEW), numbers.median(start.FEW_BY_TWO)
    return None if one is None or two is None else two - one


def _start(numbers: Numbers) -> Section:
    base = numbers.median(start.IMPORT)
    names = {
        start.IMPORT: "python -c 'import torch'",
        start.ONE: "grade of one submission, one job",
        start.FEW: "grade of eight, one job",
        start.FEW_BY_TWO: "grade of eight, two jobs",
    }
    found = {text: value for name, text in names.items() if (value := numbers.median(name)) is not None}
    rows = [[text, f"{value:.2f}", _times(value, base)] for text, value in found.items()]
    note = "User and system time of a command and of all processes that come of it."
    return Section("Start", ["CPU time", "Seconds", "× import"], rows, [note])


def _batch(numbers: Numbers) -> Section:
    columns = ["Tool, one job", "One more, ms", "× ours", "Whole run, ms each", "× ours", "Each second", "Peak, MB"]
    rows, notes = [], [f"{name} was not measured: {why}." for name, why in numbers.missing.items()]
    warm, floor, ours = numbers.median("warm"), numbers.median("floor"), numbers.whole(Ours.name)
    if floor is not None:
        rows.append(["the checks alone, warm (the floor)", _ms(floor), _times(floor, warm), *[_UNKNOWN] * 4])
    if warm is not None:
        rows.append(["grade: one warm process", _ms(warm), "1", _UNKNOWN, _UNKNOWN, f"{1 / warm:.1f}", _UNKNOWN])
    for tool in (Ours.name, PytestEach.name, Nbgrader.name, Otter.name):
        whole, more = numbers.whole(tool), numbers.one_more(tool)
        peak = numbers.median(f"{tool}, {numbers.count}, MB")
        if tool in numbers.missing:
            rows.append([f"{tool}: not measured", *[_UNKNOWN] * 6])
        elif whole is not None and peak is not None:
            cells = [_ms(more), _times(more, warm), _ms(whole), _times(whole, ours), f"{1 / whole:.2f}", f"{peak:.0f}"]
            rows.append([f"{tool}: whole runs" if tool == Ours.name else tool, *cells])
    notes.append(
        f"Whole runs are of {numbers.count} right submissions, start-up included; medians of {numbers.rounds} "
        "interleaved rounds. One more: the slope between runs of few and of many, or the whole process where there is "
        "one for each submission."
    )
    return Section("Batch grading: the same submissions and checks", columns, rows, notes)


def _yardsticks(numbers: Numbers) -> Section:
    texts = {
        "fits": "three fits of 100 epochs and three batches, plain torch",
        "floor": "the hidden checks alone, in a warm process",
        "floor, learner's part": "of these, the calls of the learner's functions",
        "child, plain fork": "a child: forked, asked once, ended; without the layers of the sandbox",
        "child, all layers": "the same with all layers that this machine has",
    }
    found = {text: numbers.seconds[name] for name, text in texts.items() if numbers.seconds.get(name)}
    rows = [[text, _ms(median(values)), f"{1e3 * min(values):.1f}"] for text, values in found.items()]
    return Section("Yardsticks", ["", "Median, ms", "Least, ms"], rows, [])


def _memory(numbers: Numbers) -> Section:
    rows = [[f"{count} submissions", f"{peak:.0f}"] for count, peak in sorted(numbers.memory_mb.items())]
    note = "Peak of the proportional set sizes of the whole process tree, two jobs, looked at 20 times a second."
    return Section("Memory of a batch", ["grade, two jobs", "Peak, MB"], rows, [note])


def _selfcheck(numbers: Numbers) -> Section:
    base, found = numbers.median(IMPORT_TORCH), numbers.seconds
    rows = [
        [
            label,
            f"{median(found[label]):.2f}",
            _times(median(found[label]), base),
            f"{min(found[label]):.3g} to {max(found[label]):.3g}",
        ]
        for label in (IMPORT_TORCH, STUBS, SOLVED)
        if label in found
    ]
    notes = [f"{label}: {ended}" for label, ended in numbers.selfcheck.items() if label != IMPORT_TORCH]
    return Section("Self-check, each in a new process", ["", "Seconds", "× import", "Range"], rows, notes)


def _watch(numbers: Numbers) -> Section:
    rows = []
    for name, values in numbers.seconds.items():
        what, _, lesson = name.rpartition(", ")
        if what == VERDICT:
            most = sorted(values)[math.ceil(0.95 * len(values)) - 1]
            cold = numbers.median(f"{COLD}, {lesson}")
            rows.append(
                [lesson, str(len(values)), _ms(median(values)), _ms(most), _ms(cold), _times(cold, median(values))]
            )
    columns = ["Lesson", "Saves", "Median, ms", "95th percentile, ms", "A cold run, ms", "× the median"]
    note = "From a save to the verdict's last line on a terminal; half of the saves are wrong, half are right again."
    return Section("A save while pytest exercises --watch runs", columns, rows, [note])


def _breakdown(numbers: Numbers) -> Section:
    columns = ["In all", "Child's answers", "Fork and reap", "Grader", "Calls", "Floor", "of it learner's"]
    found = [
        [total, child, spawn, total - child - spawn, calls, *floors]
        for _, total, child, spawn, calls, *floors in numbers.breakdown_ms
    ]
    found += [[sum(column) for column in zip(*found, strict=True)]] if found else []
    names = [*(row[0] for row in numbers.breakdown_ms), "together"]
    rows = [
        [
            name,
            *(
                f"{value:.0f}" if column == "Calls" else f"{value:.1f}"
                for column, value in zip(columns, row, strict=True)
            ),
        ]
        for name, row in zip(names, found, strict=False)
    ]
    note = "Medians of one right submission after another in one warm process, with a stopwatch around each station."
    return Section("Where the time of one grading goes", ["Exercise, ms", *columns], rows, [note])


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


def write_results(folder: Path, machine: str, made: list[Section], numbers: Numbers) -> None:
    """Write results.md and results.json."""
    folder.mkdir(parents=True, exist_ok=True)
    text = [
        "# Measured",
        "Written by `make bench`; `docs/benchmarks.md` says how it was measured.",
        f"Machine: {machine}.",
    ]
    for section in made:
        lines = [section.columns, ["---", *["---:"] * (len(section.columns) - 1)], *section.rows]
        table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        text += [f"## {section.title}", table, *section.notes]
    (folder / "results.md").write_text("\n\n".join(text) + "\n", "utf-8")
    record = {"machine": machine, "sections": [asdict(section) for section in made], "numbers": asdict(numbers)}
    (folder / "results.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _over(value: float | None, by: float | None) -> float | None:
    return value / by if value is not None and by else None


def _times(value: float | None, by: float | None) -> str:
    ratio = _over(value, by)
    return _UNKNOWN if ratio is None else f"{ratio:.3g}"


def _ms(seconds: float | None) -> str:
    return _UNKNOWN if seconds is None else f"{1e3 * seconds:.3g}" if seconds < 1 else f"{1e3 * seconds:.0f}"
