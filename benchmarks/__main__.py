"""`python -m benchmarks`: measure, print the tables, and write them to benchmarks/."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.running import NotMeasured, describe_machine, printed
from benchmarks.selfcheck import SelfCheck
from benchmarks.start import Start
from benchmarks.subject import ROOT
from benchmarks.tables import Numbers, print_section, sections, write_results
from benchmarks.tools import Container, ForkServer, Nbgrader, Otter, Ours, PytestEach, Tool, install_peers

PARTS = ("start", "fits", "floor", "batch", "peers", "selfcheck", "watch")
SAVES = 20  # in each lesson and round


class Bench:
    """Measures, and keeps the numbers. What can't be measured is noted as missing, and the rest goes on."""

    def __init__(self, console: Console, parts: set[str], numbers: Numbers) -> None:
        self.console, self.parts, self.numbers = console, parts, numbers

    def measure(self) -> None:
        """All that is wanted: in rounds, so that noise falls on all alike."""
        count = self.numbers.count
        lab = self.parts & {"fits", "floor"}
        lab |= {"fits", "floor", "warm"} if "batch" in self.parts else set()
        with ExitStack() as stack:
            tools = self._tools(stack)
            start = self._start(stack) if "start" in self.parts else None
            check = SelfCheck() if "selfcheck" in self.parts else None
            if check:
                stack.callback(check.close)
                check.once()  # writes the bytecode of the copies
            for number in range(1, self.numbers.rounds + 1):
                self._say(f"Round {number} of {self.numbers.rounds}")
                if start and "start" not in self.numbers.missing:
                    self._say("  whole runs, in CPU time")
                    with self._trying("start"):
                        for label, seconds in start.once().items():
                            self.numbers.seconds.setdefault(label, []).append(seconds)
                if lab:
                    self._say(f"  {', '.join(sorted(lab))}, in turns")
                    with self._trying(", ".join(sorted(lab))):
                        for name, values in printed("benchmarks.lab", str(count), *lab).items():
                            self.numbers.seconds.setdefault(name, []).extend(values)
                for tool in tools:
                    for each in self.numbers.runs(tool.name):
                        self._grade(tool, each)
                    for kind in tool.kinds[1:]:
                        self._grade(tool, self.numbers.of_kind(type(tool), kind), kind)
                for label, seconds in check.once().items() if check else ():
                    self.numbers.seconds.setdefault(label, []).append(seconds)
            if check:
                self.numbers.selfcheck = check.ended
        if "watch" in self.parts:
            self._say("Saves while pytest exercises --watch runs")
            with self._trying("watch"):
                self.numbers.seconds |= printed("benchmarks.watch", str(max(2, SAVES * self.numbers.rounds)))

    def _start(self, stack: ExitStack) -> Start | None:
        with self._trying("start"):
            start = Start()
            stack.callback(start.close)
            return start
        return None

    def _tools(self, stack: ExitStack) -> list[Tool]:
        kinds: list[type[Tool]] = [Ours] if "batch" in self.parts else []
        if "peers" in self.parts:
            kinds += [ForkServer, Container, PytestEach, Nbgrader, Otter]
            with self._trying(Nbgrader.name, Otter.name):
                install_peers()
        tools = []
        for kind in kinds:
            if kind.name not in self.numbers.missing:
                with self._trying(kind.name):
                    tools.append(stack.enter_context(_closing(kind())))
        return tools

    def _grade(self, tool: Tool, count: int, kind: str = "right") -> None:
        name = tool.name if kind == "right" else f"{tool.name}, {kind}"
        if tool.name not in self.numbers.missing and name not in self.numbers.missing:
            self._say(f"  {name}: {count} submissions")
            with self._trying(name):
                run = tool.grade(count, kind)
                self.numbers.seconds.setdefault(f"{name}, {count}", []).append(run.seconds)
                self.numbers.seconds.setdefault(f"{name}, {count}, MB", []).append(run.peak_mb)

    @contextmanager
    def _trying(self, *names: str) -> Iterator[None]:
        try:
            yield
        except (NotMeasured, OSError) as error:
            self.numbers.missing |= dict.fromkeys(names, str(error))

    def _say(self, text: str) -> None:
        self.console.print(text, style="dim", markup=False)


@contextmanager
def _closing(tool: Tool) -> Iterator[Tool]:
    try:
        yield tool
    finally:
        tool.close()


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--n", type=int, default=16, help="right submissions in a run  [default: 16]")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds  [default: 3]")
    parser.add_argument("--quick", action="store_true", help="a smoke test: two submissions, one round, no peers")
    parser.add_argument("--out", type=Path, help="where results go  [default: benchmarks; nowhere with --quick]")
    given = parser.parse_args()
    parts = {part for text in given.only or [] for part in text.split(",")}
    if unknown := parts - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    if given.n < 1 or given.rounds < 1:
        parser.error("--n and --rounds are at least 1")
    console = Console(highlight=False, width=120)
    if given.quick:
        bench = Bench(console, parts or set(PARTS) - {"peers"}, Numbers(2, 1))
    else:
        bench = Bench(console, parts or set(PARTS), Numbers(given.n, given.rounds))
    bench.measure()
    made, machine = sections(bench.numbers), describe_machine()
    console.print(machine, markup=False)
    console.print()
    for section in made:
        print_section(console, section)
    if out := given.out or (None if given.quick else ROOT / "benchmarks"):
        write_results(out, machine, made, bench.numbers)
        console.print(f"Written: {out / 'results.md'} and {out / 'results.json'}", markup=False)


if __name__ == "__main__":
    main()
