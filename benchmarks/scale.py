"""`python -m benchmarks.scale --size 10000`: a large class through the real command, killed once on the way.

Grades a tenth of the class, and then all of it, and writes `docs/scale.md`: memory and rate over time, time and memory
of each report, sizes of files, and what all that is for ten times the class. Ends with status 1 when a result is
missing, doubled or wrong, or memory or rate isn't level.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import mean

from benchmarks.large_class import LOOP_IN, write_class
from benchmarks.running import Tree, describe_machine
from benchmarks.subject import ASSIGNMENT, ROOT, SEED
from benchmarks.tables import Section, markdown

_EVERY = 2.0  # seconds
_KILLED_AT = 5  # after one of so many parts: the rest is one run, long enough to show a leak
_JUDGED_FROM = 1000  # with fewer, chance has a larger part in rate and memory than what is measured
_LEVEL_MEMORY, _LEVEL_RATE = 1.15, 0.8
_GRADED = re.compile(rb"^\d+/\d+ ", re.MULTILINE)
_KEPT = re.compile(r"(\d+) of \d+ submissions have a result already")
_FILES = ("results.db", "results.jsonl", "grades.csv", "class.html", "feedback_index.csv", "feedback", "source")
_EXPORTS = ("canvas", "csv", "junit", "moodle", "gradescope", "github-classroom", "gradebook")


@dataclass(frozen=True)
class Sample:
    """A moment of a grading: seconds since its start, how many it has graded, and MB by kind of process."""

    seconds: float
    graded: int
    mb: dict[str, float]


@dataclass(frozen=True)
class Cost:
    """What a command took: wall time, CPU time of all its processes, and the most memory that one of them had."""

    seconds: float
    cpu: float
    mb: float


@dataclass
class Graded:
    """A class and all that was measured of it."""

    size: int
    samples: list[Sample] = field(default_factory=list)
    costs: dict[str, Cost] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    killed: str = ""
    problems: list[str] = field(default_factory=list)

    def quarters(self) -> list[list[Sample]]:
        """The samples of the last run up to its last result, in four parts with as many results each."""
        count = self.samples[-1].graded
        ended = next(place for place, each in enumerate(self.samples) if each.graded == count)
        begun = [each for each in self.samples[: ended + 1] if each.graded]
        return [[each for each in begun if min(3, 4 * (each.graded - 1) // count) == part] for part in range(4)]


def measure(folder: Path, size: int, *, killed: bool) -> Graded:
    """Write, grade and report a class in a folder."""
    _say(f"{size} submissions: writing them")
    found, entries, out = Graded(size), folder / "class", folder / "out"
    kinds = write_class(entries, size)
    found.kinds = Counter(kinds.values())
    arguments = ["grade", str(entries), "--out", str(out), "--assignment", ASSIGNMENT]
    grade = [*arguments, "--jobs", "2", "--seed", str(SEED)]
    _say(f"{size} submissions: grading them")
    if killed:
        before = _graded(grade, folder / "killed.log", found, stop_at=max(1, size // _KILLED_AT))
        grade.append("--resume")
    found.samples = _graded(grade, folder / "grade.log", found)
    if killed:
        said = _KEPT.search((folder / "grade.log").read_text("utf-8"))
        kept, after = int(said[1]) if said else 0, found.samples[-1].graded
        found.killed = (
            f"Killed with SIGKILL after {before[-1].graded} results had been told; {kept} were kept, and `--resume` "
            f"graded the other {after}."
        )
        if kept < before[-1].graded or kept + after != size:
            found.problems.append(f"The kill lost or doubled results: {found.killed}")
    found.problems += wrong_results(out / "results.jsonl", kinds)
    for label, command in _commands(entries, out, folder, min(kinds)):
        _say(f"{size} submissions: {label}")
        found.costs[label] = _cost([*_grader(), *command], label, found)
    found.sizes = {name: _bytes(out / name) for name in _FILES}
    return found


def _grader() -> list[str]:
    return [sys.executable, "-m", "grader", "--course", str(ROOT)]


def _graded(grade: list[str], log: Path, found: Graded, stop_at: int | None = None) -> list[Sample]:
    """Run a grading to its end, or kill its main process after so many results."""
    samples: list[Sample] = []
    with log.open("wb") as said:
        started = time.perf_counter()
        process = subprocess.Popen([*_grader(), *grade], cwd=ROOT, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        tree = Tree(process.pid)
        while process.poll() is None:
            mb = tree.mb_by_kind()
            graded = len(_GRADED.findall(log.read_bytes()))
            samples.append(Sample(time.perf_counter() - started, graded, mb))
            if stop_at is not None and graded >= stop_at:
                process.send_signal(signal.SIGKILL)
                process.wait()
                if left := tree.still_there(30):
                    found.problems.append(f"30 s after the kill {left} processes of the grading were still there.")
                break
            time.sleep(_EVERY if stop_at is None or found.size > 500 else 0.2)
    if process.returncode and stop_at is None:
        last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        found.problems.append(f"`grade` ended with status {process.returncode}: {' '.join(last)[:300]}")
    graded = len(_GRADED.findall(log.read_bytes()))
    return [*samples, Sample(time.perf_counter() - started, graded, {})]


def wrong_results(results: Path, kinds: dict[str, str]) -> list[str]:
    """Sentences for what is not as it must be."""
    times: Counter[str] = Counter()
    full: set[str] = set()
    not_graded: set[str] = set()
    with results.open("rb") if results.exists() else io.BytesIO() as lines:
        for line in lines:  # one at a time: what this process holds is the least that its children seem to
            record = json.loads(line)
            times[record["student"]] += 1
            full |= {record["student"]} if record["score"] == record["max_score"] else set()
            not_graded |= {record["student"]} if record["status"] != "graded" else set()
    told = {
        "have no result": kinds.keys() - times.keys(),
        "have more than one result": {name for name, count in times.items() if count > 1},
        "have a result and were not handed in": times.keys() - kinds.keys(),
        "are right and don't have every point": {name for name in times if kinds.get(name) == "right"} - full,
        "are wrong and have every point": {name for name in full if kinds.get(name) != "right"},
        "were not graded": not_graded,
    }
    return [f"{len(names)} {what}: {', '.join(sorted(names)[:5])}." for what, names in told.items() if names]


def _commands(entries: Path, out: Path, folder: Path, someone: str) -> Iterator[tuple[str, list[str]]]:
    results = ["--results", str(out)]
    again = ["grade", str(entries), "--out", str(out), "--assignment", ASSIGNMENT, "--jobs", "2", "--resume"]
    yield "grade --resume, nothing changed", again
    yield "groups", ["groups", *results]
    yield "diff", ["diff", str(out), str(out)]
    yield "override list", ["override", "list", *results]
    yield "comment list", ["comment", "list", *results]
    yield "feedback", ["feedback", *results, "--out", str(folder / "pages.zip")]
    yield "export class-page", ["export", "class-page", *results, "--out", str(folder / "page.html")]
    anonymous = ["export", "class-page", "--anonymous", *results, "--out", str(folder / "all.html")]
    yield "export class-page --anonymous", anonymous
    for name in _EXPORTS:
        yield f"export {name}", ["export", name, *results, "--out", str(folder / f"export-{name}")]
    similar = ["similar", str(entries), *results, "--assignment", ASSIGNMENT, "--out", str(folder / "similar")]
    yield "similar", similar
    first = ["override", "set", someone, "mse", "1", "--reason", "measured", *results]
    yield "override set", first


def _cost(command: list[str], label: str, found: Graded) -> Cost:
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            found.problems.append(f"`{label}` ended with status {process.returncode}: {' '.join(last)[:300]}")
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _bytes(path: Path) -> int:
    return sum(map(_bytes, path.iterdir())) if path.is_dir() else path.stat().st_size if path.exists() else 0


def judge(found: Graded) -> list[str]:
    """Sentences for what isn't level over the last run: its last quarter against its second."""
    rates, memory = [_rate(each) for each in found.quarters()], [_memory(each) for each in found.quarters()]
    problems = []
    for kind in memory[1]:
        second, last = memory[1][kind], memory[3].get(kind, 0)
        if last > second * _LEVEL_MEMORY:
            problems.append(f"Memory of {kind} grew from {second:.0f} MB in the second quarter to {last:.0f} MB.")
    if rates[3] < rates[1] * _LEVEL_RATE:
        problems.append(f"The rate fell from {rates[1]:.2f} a second in the second quarter to {rates[3]:.2f}.")
    return problems


def _rate(quarter: list[Sample]) -> float:
    first, last = quarter[0], quarter[-1]
    return (last.graded - first.graded) / (last.seconds - first.seconds) if last.seconds > first.seconds else 0.0


def _memory(quarter: list[Sample]) -> dict[str, float]:
    seen = [each.mb for each in quarter if each.mb]
    kinds = dict.fromkeys(kind for mb in seen for kind in mb)
    means = {kind: mean(mb.get(kind, 0.0) for mb in seen) for kind in kinds}
    return {**means, "all together": sum(means.values())} if means else {}


def page(small: Graded, large: Graded, problems: list[str], figure: str) -> str:
    """The page, as Markdown."""
    sections = [_grading(large), _reports(small, large), _files(small, large)]
    right, wrong, loops = (large.kinds[kind] for kind in ("right", "wrong", "loop"))
    checked = "every submission has one result, right ones have all points and wrong ones do not"
    judged = f"{checked}, and memory and rate are level" if large.size >= _JUDGED_FROM else checked
    text = [
        f"# A class of {large.size:,}",
        f"Written by `python -m benchmarks.scale --size {large.size}`. Machine: {describe_machine()}.",
        f"No two of the {large.size:,} submissions have the same text. {right:,} are right, {wrong:,} have mistakes of "
        f"the lesson's bank or lack a module, and in {loops:,}, one in {LOOP_IN:,}, a function never ends. They are "
        f"folders, archives and notebooks. `grade` ran with two jobs. {large.killed}",
        f"Not as it should be: {' '.join(problems)}" if problems else f"As it should be: {judged}.",
        *([f"![Rate and memory while a class of {large.size:,} is graded]({figure})"] if figure else []),
        *map(markdown, sections),
    ]
    return "\n\n".join(text) + "\n"


def _grading(found: Graded) -> Section:
    quarters = found.quarters()
    memory = [_memory(each) for each in quarters]
    rows = [["submissions a second", *(f"{_rate(each):.2f}" for each in quarters)]]
    rows += [[f"MB, {kind}", *(f"{each.get(kind, 0):.0f}" for each in memory)] for kind in memory[1]]
    ended = [each.mb.get("main process", 0) for each in found.samples if each.mb]
    note = (
        f"Means of each quarter of the run after the kill, looked at every {_EVERY:g} s: proportional set sizes, in "
        "which a page that several processes share counts once. The main process had "
        f"{max(ended, default=0):.0f} MB at most, reports included."
    )
    return Section("Rate and memory", ["", "1st", "2nd", "3rd", "4th"], rows, [note])


def _reports(small: Graded, large: Graded) -> Section:
    rows = [
        [
            *(f"`{label}`", f"{few.cpu:.1f}", f"{many.cpu:.1f}", f"{many.cpu / few.cpu:.1f}"),
            *(f"{many.seconds:.1f}", f"{few.mb:.0f}", f"{many.mb:.0f}"),
        ]
        for label, many in large.costs.items()
        if (few := small.costs.get(label))
    ]
    columns = ["", f"CPU s, {small.size:,}", f"CPU s, {large.size:,}", "×", f"s, {large.size:,}"]
    columns += [f"MB, {small.size:,}", f"MB, {large.size:,}"]
    note = (
        "CPU time with start-up, of a command and of what it waits for: not that of what a sandbox ends, as `similar` "
        "does with those who read. MB are the most that one process had; fewer than this program has aren't seen."
    )
    return Section("Reports and exports", columns, rows, [note])


def _files(small: Graded, large: Graded) -> Section:
    rows = [
        [f"`{name}`", f"{small.sizes[name] / 1e6:.2f}", f"{size / 1e6:.2f}", f"{size / large.size / 1e3:.3g}"]
        for name, size in large.sizes.items()
    ]
    return Section("Files", ["", f"MB, {small.size:,}", f"MB, {large.size:,}", "KB a learner"], rows, [])


def draw(path: Path, found: Graded) -> None:
    """Rate and memory over the run after the kill."""
    import matplotlib as mpl  # when all is measured
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {"svg.hashsalt": "scale", "svg.fonttype": "none", "axes.spines.top": False, "axes.spines.right": False}
    ):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        FigureCanvasSVG(figure)
        rate, memory = figure.subplots(2, 1, sharex=True)
        step = max(1, len(found.samples) // 40)
        marks = found.samples[::step]
        pairs = [pair for pair in pairwise(marks) if pair[1].seconds > pair[0].seconds]
        minutes = [(one.seconds + other.seconds) / 120 for one, other in pairs]
        rate.plot(minutes, [_rate([*pair]) for pair in pairs], color="#1d5fb8")
        rate.set(ylabel="submissions a second", ylim=(0, None))
        seen = [each for each in found.samples if each.mb][:: max(1, len(found.samples) // 200)]
        for kind in dict.fromkeys(kind for each in seen for kind in each.mb):
            memory.plot([each.seconds / 60 for each in seen], [each.mb.get(kind, 0) for each in seen], label=kind)
        memory.set(xlabel="minutes", ylabel="MB", ylim=(0, None))
        figure.legend(loc="outside lower center", fontsize="small", ncols=5)
        figure.savefig(path, format="svg", metadata={"Date": None})


def main() -> int:
    """Measure, write the page, and say what isn't as it should be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="submissions  [default: 10000]")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where scale.md goes  [default: docs]")
    parser.add_argument("--work", type=Path, help="a new folder for class and results, which is kept")
    given = parser.parse_args()
    if given.size < 20:
        parser.error("--size is at least 20")
    if given.work and given.work.exists():
        parser.error(f"{given.work} is there already: give a folder that isn't")
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        work = given.work or Path(temporary)
        small = measure(work / "tenth", given.size // 10, killed=False)
        large = measure(work / "whole", given.size, killed=True)
    problems = [f"Of {each.size}: {problem}" for each in (small, large) for problem in each.problems]
    problems += judge(large) if given.size >= _JUDGED_FROM else []
    given.out.mkdir(parents=True, exist_ok=True)
    draw(given.out / "scale.svg", large)
    (given.out / "scale.md").write_text(page(small, large, problems, "scale.svg"), "utf-8")
    _say(f"Written: {given.out / 'scale.md'}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
