"""The tables, from the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.isolation import ISOLATED, PLAIN
from benchmarks.measuring import MORE, Bench
from benchmarks.nbgrader_peer import Nbgrader
from benchmarks.otter_peer import Otter
from benchmarks.ours import Ours
from benchmarks.pytest_peer import PytestEach
from benchmarks.rounds import Rounds
from benchmarks.selfcheck import IMPORT_TORCH, SOLVED, STUBS
from benchmarks.table import Section

FITS, NBGRADER, OTTER, MEMORY, ISOLATION_MS, SELFCHECK = 1.0, 30.0, 80.0, 1.05, 5.0, 1.3  # what is promised
UNKNOWN = "–"


class Figures:
    """Seconds for one more submission by tool, and the other figures that the tables and promises need."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.rounds: Rounds = bench.rounds
        self.count = bench.wanted.count

    def one_more(self, tool: str) -> float | None:
        """What one more submission costs a tool, start-up left out where it has one that submissions share."""
        n = self.count
        if tool == Ours.name:
            return self._slope(tool, n, n * MORE)
        if tool == Nbgrader.name and n > 1:
            return self._slope(tool, 1, n)
        whole = self.median(f"{tool}, {n}")
        return None if whole is None else whole / n

    def whole(self, tool: str) -> float | None:
        """Seconds a submission of a whole run, start-up included."""
        seconds = self.median(f"{tool}, {self.count}")
        return None if seconds is None else seconds / self.count

    def median(self, name: str) -> float | None:
        """A figure, where it was measured."""
        return self.rounds.median(name) if self.rounds.has(name) else None

    def _slope(self, tool: str, few: int, many: int) -> float | None:
        short, long = self.median(f"{tool}, {few}"), self.median(f"{tool}, {many}")
        return None if short is None or long is None else (long - short) / (many - few)


def sections(bench: Bench) -> list[Section]:
    """Every table for which something was measured."""
    figures = Figures(bench)
    made = [_claims(figures), _batch(figures), _yardsticks(figures), _memory(bench), _selfcheck(figures), _parts(bench)]
    return [section for section in made if section.rows]


def _claims(figures: Figures) -> Section:
    warm, memory = figures.median("warm"), figures.bench.memory
    few, many = min(memory, default=0), max(memory, default=0)
    base = figures.median(IMPORT_TORCH)
    slower = max((value for value in (warm, figures.one_more(Ours.name)) if value is not None), default=None)
    table: list[tuple[str, float | None, str, float]] = [
        ("one more right submission (warm process) / three fits", _over(warm, figures.median("fits")), "at most", FITS),
        (
            "one more right submission (whole runs' slope) / three fits",
            _over(figures.one_more(Ours.name), figures.median("fits")),
            "at most",
            FITS,
        ),
        ("nbgrader / ours, one more submission", _over(figures.one_more(Nbgrader.name), slower), "at least", NBGRADER),
        ("otter / ours, one more submission", _over(figures.one_more(Otter.name), slower), "at least", OTTER),
        (
            f"peak memory of {many} submissions / of {few}",
            _over(memory.get(many), memory.get(few)) if memory else None,
            "at most",
            MEMORY,
        ),
        ("a child with all layers, ms more than a plain fork", _isolation_ms(figures), "at most", ISOLATION_MS),
        ("self-check of stubs / import torch", _over(figures.median(STUBS), base), "at most", SELFCHECK),
        ("self-check of solutions / import torch", _over(figures.median(SOLVED), base), "at most", SELFCHECK),
    ]
    rows = []
    for text, ratio, word, limit in table:
        if ratio is not None:
            kept = ratio <= limit if word == "at most" else ratio >= limit
            rows.append([text, f"{ratio:.2f}", f"{word} {limit:g}", "yes" if kept else "NO"])
    notes = ["The peers are compared with the slower of our two figures for one more submission."] if slower else []
    return Section("Promises", ["Figure, a ratio unless it says ms", "Measured", "Promised", "Kept"], rows, notes)


def _isolation_ms(figures: Figures) -> float | None:
    plain, isolated = figures.median(PLAIN), figures.median(ISOLATED)
    return None if plain is None or isolated is None else 1e3 * (isolated - plain)


def _batch(figures: Figures) -> Section:
    rounds, count = figures.rounds, figures.count
    columns = ["Tool, one job", "One more, ms", "× ours", "Whole run, ms each", "× ours", "Each second", "Peak, MB"]
    rows = []
    warm, floor = figures.median("warm"), figures.median("floor")
    ours = figures.whole(Ours.name)
    if floor is not None:
        rows.append(["the checks alone, warm (the floor)", _ms(floor), _times(floor, warm), *[UNKNOWN] * 4])
    if warm is not None:
        rows.append(["grade: one warm process", _ms(warm), "1", UNKNOWN, UNKNOWN, f"{1 / warm:.1f}", UNKNOWN])
    notes = []
    for tool in (Ours.name, PytestEach.name, Nbgrader.name, Otter.name):
        if tool in rounds.missing:
            rows.append([f"{tool}: not measured", *[UNKNOWN] * 6])
            notes.append(f"{tool} was not measured: {rounds.missing[tool]}.")
            continue
        whole, more, peak = figures.whole(tool), figures.one_more(tool), figures.median(f"{tool}, {count}, MB")
        if whole is None or peak is None:
            continue
        cells = [_ms(more), _times(more, warm), _ms(whole), _times(whole, ours), f"{1 / whole:.2f}", f"{peak:.0f}"]
        rows.append([f"{tool}: whole runs" if tool == Ours.name else tool, *cells])
    if "warm" in rounds.missing:
        notes.append(f"The warm process was not measured: {rounds.missing['warm']}.")
    notes.append(
        f"Whole runs are of {count} right submissions, start-up included; medians of {figures.bench.wanted.rounds} "
        "interleaved rounds. One more: the slope between runs of few and of many, or the whole process where there is "
        "one for each submission."
    )
    return Section("Batch grading: the same submissions and checks", columns, rows, notes if rows else [])


def _yardsticks(figures: Figures) -> Section:
    rows = []
    for name, text in {
        "fits": "three fits of 100 epochs and three batches, plain torch",
        "floor": "the hidden checks alone, in a warm process",
        "floor, learner's part": "of these, the calls of the learner's functions",
        PLAIN: "a child: forked, asked once, ended; without the layers of the sandbox",
        ISOLATED: "the same with all layers that this machine has",
    }.items():
        value = figures.median(name)
        if value is not None:
            rows.append([text, _ms(value), f"{1e3 * min(figures.rounds.values[name]):.1f}"])
    return Section("Yardsticks", ["", "Median, ms", "Least, ms"], rows, [])


def _memory(bench: Bench) -> Section:
    rows = [[f"{count} submissions", f"{peak:.0f}"] for count, peak in sorted(bench.memory.items())]
    notes = ["Peak of the proportional set sizes of the whole process tree, two jobs, looked at 20 times a second."]
    if "memory" in bench.rounds.missing:
        notes = [f"Memory was not measured: {bench.rounds.missing['memory']}."]
        rows = [["not measured", UNKNOWN]]
    return Section("Memory of a batch", ["grade, two jobs", "Peak, MB"], rows, notes)


def _selfcheck(figures: Figures) -> Section:
    base, rows = figures.median(IMPORT_TORCH), []
    for label in (IMPORT_TORCH, STUBS, SOLVED):
        value = figures.median(label)
        if value is not None and base is not None:
            rows.append([label, f"{value:.2f}", f"{value / base:.2f}", figures.rounds.spread(label)])
    notes = [f"{label}: {said}" for label, said in figures.bench.selfcheck.items() if label != IMPORT_TORCH]
    return Section("Self-check, each in a new process", ["", "Seconds", "× import", "Range"], rows, notes)


def _parts(bench: Bench) -> Section:
    columns = [
        "Exercise, ms",
        "In all",
        "Child's answers",
        "Fork and reap",
        "Grader",
        "Calls",
        "Floor",
        "of it learner's",
    ]
    rows = list(_part_rows(bench))
    if rows:
        sums = [f"{sum(float(row[number]) for row in rows):.1f}" for number in range(1, 5)]
        floors = [f"{sum(float(row[number]) for row in rows):.1f}" for number in (6, 7)]
        rows.append(["together", *sums, str(sum(int(row[5]) for row in rows)), *floors])
    note = "Medians of one right submission after another in one warm process, with a stopwatch around each station."
    return Section("Where the time of one grading goes", columns, rows, [note])


def _part_rows(bench: Bench) -> Iterator[list[str]]:
    for part in bench.breakdown:
        grader = part["total"] - part["child"] - part["spawn"]
        times = [part["total"], part["child"], part["spawn"], grader]
        floors = [part["floor"], part["floor_learner"]]
        yield [part["exercise"], *(f"{t:.1f}" for t in times), str(part["calls"]), *(f"{t:.1f}" for t in floors)]


def _over(value: float | None, by: float | None) -> float | None:
    return value / by if value is not None and by else None


def _times(value: float | None, by: float | None) -> str:
    ratio = _over(value, by)
    return UNKNOWN if ratio is None else f"{ratio:.3g}"


def _ms(seconds: float | None) -> str:
    return UNKNOWN if seconds is None else f"{1e3 * seconds:.3g}" if seconds < 1 else f"{1e3 * seconds:.0f}"
