"""The tables, from the numbers: on the terminal, and as Markdown and JSON in files."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.selfcheck import IMPORT_TORCH, SOLVED, STUBS
from benchmarks.start import FEW, IMPORT, ONE, TWO_JOBS
from benchmarks.subject import LONGEST
from benchmarks.tools import Container, ForkServer, Nbgrader, Otter, Ours, PytestEach, Tool
from benchmarks.watch import COLD, VERDICT

MORE = 4  # a long run has so many times the submissions of a short one
_UNKNOWN = "–"
_TOOLS: tuple[type[Tool], ...] = (Ours, ForkServer, Container, PytestEach, Nbgrader, Otter)


@dataclass
class Numbers:
    """What was measured: seconds (or MB) by name, over `rounds` interleaved rounds of `count` submissions."""

    count: int
    rounds: int
    seconds: dict[str, list[float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    selfcheck: dict[str, str] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        """A figure, where it was measured."""
        return median(self.seconds[name]) if self.seconds.get(name) else None

    def of_kind(self, tool: type[Tool], kind: str) -> int:
        """How many submissions of a kind a tool grades: two of those that never end; and fewer where each costs a whole
        process, so that more of them say nothing more."""
        few = max(2, self.count // 4) if issubclass(tool, PytestEach | Otter) else self.count
        return {"loop": 2, "right": self.count}.get(kind, few)

    def whole(self, tool: str) -> float | None:
        """Seconds a submission of a whole run, start-up included."""
        return _over(self.median(f"{tool}, {self.count}"), self.count)

    def runs(self, tool: str) -> list[int]:
        """How many right submissions its runs have: two runs, where what it starts with is shared by all."""
        long = (self.count, self.count * MORE)
        runs = {Ours.name: long, ForkServer.name: long, Nbgrader.name: (1, self.count)}.get(tool, (self.count,))
        return list(dict.fromkeys(runs))

    def one_more(self, tool: str) -> float | None:
        """What one more submission costs a tool, start-up left out where it has one that submissions share."""
        runs = self.runs(tool)
        if len(runs) == 1:
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
    made = [each(numbers) for each in (_promises, _batch, _kinds, _yardsticks, _selfcheck, _watch)]
    return [section for section in made if section.rows]


def _promises(numbers: Numbers) -> Section:
    get, more = numbers.median, numbers.one_more
    warm, fits, base = get("warm"), get("fits"), get(IMPORT_TORCH)
    slower = max((value for value in (warm, more(Ours.name)) if value is not None), default=None)
    few, two_jobs = get(FEW), get(TWO_JOBS)
    job = two_jobs - few if few is not None and two_jobs is not None else None
    promised: list[tuple[str, float | None, str, float]] = [
        ("a whole run with one submission / import torch, in CPU time", _over(get(ONE), get(IMPORT)), "at most", 2.3),
        ("one more job / import torch, in CPU time", _over(job, get(IMPORT)), "at most", 0.3),
        ("one more right submission (warm process) / three fits", _over(warm, fits), "at most", 1),
        ("one more right submission (whole runs' slope) / three fits", _over(more(Ours.name), fits), "at most", 1),
        ("nbgrader / ours, one more submission", _over(more(Nbgrader.name), slower), "at least", 30),
        ("otter / ours, one more submission", _over(more(Otter.name), slower), "at least", 80),
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


def _batch(numbers: Numbers) -> Section:
    columns = ["Tool, one job", "One more, ms", "× ours", "Whole run, ms each", "× ours", "Each second", "Peak, MB"]
    rows, notes = [], [f"{name} was not measured: {why}." for name, why in numbers.missing.items()]
    warm, floor, ours = numbers.median("warm"), numbers.median("floor"), numbers.whole(Ours.name)
    if floor is not None:
        rows.append(["the checks alone, warm (the floor)", _ms(floor), _times(floor, warm), *[_UNKNOWN] * 4])
    if warm is not None:
        rows.append(["grade: one warm process", _ms(warm), "1", _UNKNOWN, _UNKNOWN, f"{1 / warm:.1f}", _UNKNOWN])
    for tool in (each.name for each in _TOOLS):
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


def _kinds(numbers: Numbers) -> Section:
    """Whole runs of other submissions than right folders with one job."""
    columns = {"right": "Right", "two jobs": "Two jobs", "wrong": "Wrong", "loop": "Endless", "notebook": "Notebooks"}
    rows = []
    for tool in _TOOLS:
        cells = []
        for kind in columns:
            # What nbgrader and Otter are given is a notebook in any case.
            done = "right" if kind == "notebook" and kind not in tool.kinds else kind
            name = tool.name if done == "right" else f"{tool.name}, {done}"
            count = numbers.of_kind(tool, done)
            cells.append(_ms(_over(numbers.median(f"{name}, {count}"), count)))
        rows += [[tool.name, *cells]] if set(cells[1:]) != {_UNKNOWN} else []
    note = (
        "Whole runs, start-up included; one job, but for the second column. Wrong: each with a mistake of the bank. "
        "Endless: two submissions in which one function loops; processes are ended after "
        f"{LONGEST} s, nbgrader ends a cell after 5 s, and `otter run` has no limit."
    )
    return Section("Batch grading: other submissions", ["ms a submission", *columns.values()], rows, [note])


def _yardsticks(numbers: Numbers) -> Section:
    texts = {
        "fits": "three fits of 100 epochs and three batches, plain torch",
        "floor": "the hidden checks alone, in a warm process",
    }
    found = {text: numbers.seconds[name] for name, text in texts.items() if numbers.seconds.get(name)}
    rows = [[text, _ms(median(values)), f"{1e3 * min(values):.1f}"] for text, values in found.items()]
    return Section("Yardsticks", ["", "Median, ms", "Least, ms"], rows, [])


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


def markdown(section: Section) -> str:
    """A section as Markdown."""
    lines = [section.columns, ["---", *["---:"] * (len(section.columns) - 1)], *section.rows]
    table = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
    return "\n\n".join([f"## {section.title}", table, *section.notes])


def write_results(folder: Path, machine: str, made: list[Section], numbers: Numbers) -> None:
    """Write results.md and results.json."""
    folder.mkdir(parents=True, exist_ok=True)
    text = [
        "# Measured",
        "Written by `make bench`; `docs/benchmarks.md` says how it was measured.",
        f"Machine: {machine}.",
    ]
    text += map(markdown, made)
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
