"""`python -m benchmarks`: measure, print the tables, and write them to benchmarks/."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from benchmarks.machine import describe_machine
from benchmarks.measuring import PARTS, Bench, Wanted
from benchmarks.sections import sections
from benchmarks.table import print_section, write_results

HERE = Path(__file__).resolve().parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--n", type=int, default=16, help="right submissions in a run  [default: 16]")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds  [default: 3]")
    parser.add_argument("--quick", action="store_true", help="a smoke test: two submissions, one round, no peers")
    parser.add_argument("--out", type=Path, help="where results go  [default: benchmarks; nowhere with --quick]")
    given = parser.parse_args()
    given.parts = [part for text in given.only or [] for part in text.split(",")] or list(PARTS)
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    if given.n < 1 or given.rounds < 1:
        parser.error("--n and --rounds are at least 1")
    return given


def main() -> None:
    """Measure what was asked for."""
    given = _arguments()
    console = Console(highlight=False, width=120)
    if given.quick:
        parts = frozenset(given.parts) - (frozenset() if given.only else {"peers"})
        wanted = Wanted(parts, 2, 1, few=2, many=6)
    else:
        wanted = Wanted(frozenset(given.parts), given.n, given.rounds)
    bench = Bench(wanted, lambda text: console.print(text, style="dim", markup=False))
    bench.measure()
    made = sections(bench)
    machine = describe_machine()
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()), markup=False)
    console.print()
    for section in made:
        print_section(console, section)
    out = given.out or (None if given.quick else HERE)
    if out:
        numbers = {"seconds": bench.rounds.values, "missing": bench.rounds.missing, "memory_mb": bench.memory}
        write_results(out, machine, made, {**numbers, "breakdown_ms": bench.breakdown})
        console.print(f"Written: {out / 'results.md'} and {out / 'results.json'}", markup=False)


if __name__ == "__main__":
    main()
