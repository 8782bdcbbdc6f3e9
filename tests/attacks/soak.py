"""`make soak`: the whole corpus at every level that this machine offers, as root and as an ordinary user.

Then the long forms of other tests: 200 kills at random moments, and 100,000 frames. Prints what stopped each attack, as
the attack itself or the grading told it, and what it cost, and writes all of that with its date to soak.md, which
git ignores. Its summary goes into docs/security.md by hand.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

from tests.attacks import verdict
from tests.attacks.attack import FUNCTIONS, LESSONS, ROOT, Attack, Lesson, attacks
from tests.attacks.batch import Batch, run_batch
from tests.attacks.packages import Package, packages
from tests.attacks.person import Person, ordinary, root

LEVELS = {level: ["--sandbox", level] for level in ("full", "kernel", "none")}
_PAGE = ROOT / "soak.md"
# What is left to the soak, and the long forms of tests that have one: what is printed of them, the tests, and what
# makes them long.
_LONG: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("marked soak", "-m soak", {"CLUSTER_KILLS": "50", "CLASS_SIZE": "40"}),
    ("kills", "tests/faults/test_kills.py", {"FAULT_KILLS": "200"}),
    ("frames", "tests/wire", {"WIRE_FRAMES": "100000"}),
    ("choking", "tests/attacks/test_choking.py", {"CHOKING": "*"}),
)
# Of what they print, the lines that tell what was done.
_TELLS = re.compile(r"\d+ (batches, killed|frames in|passed|failed)|hidden checks: seed")


def main() -> int:
    """The exit code: 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="a pattern of attacks, such as 'see-*'; default: all")
    parser.add_argument("--level", action="append", choices=[*LEVELS], help="default: full and kernel")
    parser.add_argument("--person", action="append", choices=["root", "ordinary"], help="default: both")
    parser.add_argument(
        "--page", type=Path, help=f"where the table goes (default: {_PAGE.relative_to(ROOT)}; with --only: nowhere)"
    )
    given = parser.parse_args()
    only = given.only or ["*"]
    chosen = [each for each in attacks() if any(fnmatch(each.student, pattern) for pattern in only)]
    packed = [each for each in packages() if any(fnmatch(each.student, pattern) for pattern in only)]
    people = [root() if name == "root" else ordinary() for name in given.person or ["root", "ordinary"]]
    batches: list[Batch] = []
    skipped: list[str] = []
    broken: list[str] = []
    for person in people:
        for level in given.level or ["full", "kernel"]:
            if person.why_not:
                skipped.append(f"{level}, as {person.name}: {person.why_not}")
            else:
                soaked = (_soaked(each, chosen, packed, person, level, broken) for each in LESSONS)
                batches += [batch for batch in soaked if batch]
    page = given.page or (None if given.only or given.level or given.person else _PAGE)
    wrong = [f"{_title(batch)}: {each}" for batch in batches for each in _wrong(batch)] + broken
    if page:
        with ThreadPoolExecutor() as together:
            long = list(together.map(_long_form, *zip(*_LONG, strict=True)))
        wrong += [f"{what}: {told}" for what, told, well in long if not well]
        page.write_text(_page(batches, skipped + broken, long), encoding="utf-8")
    print("\n".join(["", *(f"skipped: {each}" for each in skipped), *wrong, f"{len(wrong)} problems"]))
    return bool(wrong)


def _soaked(
    lesson: Lesson, every: list[Attack], packed: list[Package], person: Person, level: str, broken: list[str]
) -> Batch | None:
    """One batch, of the attacks on one lesson, and its table on the screen."""
    chosen = [each for each in every if each.lesson is lesson]
    packed = packed if lesson is FUNCTIONS else []
    if not chosen and not packed:
        return None
    try:
        batch = run_batch(chosen, packed, person, LEVELS[level], lesson)
    except Exception as error:  # an attack that gets so far has won, and is to be told with the others
        broken.append(f"{level}, as {person.name}: {type(error).__name__}: {error}")
        return None
    print(f"\n{_title(batch)}: {len(chosen) + len(packed)} attacks in {batch.seconds:.0f} s")
    for attack in chosen:
        cost = batch.took[attack.student]
        print(f"  {attack.student:40} {cost:5.1f} s  {verdict.what_stopped(batch, attack)}")
    for package in packed:
        took = batch.took.get(package.student, 0)
        print(f"  {package.student:40} {took:5.1f} s  {verdict.what_became(batch, package)[:160]}")
    return batch


def _title(batch: Batch) -> str:
    return f"{batch.lesson.name}: {batch.level}, as {batch.person.name}"


def _wrong(batch: Batch) -> list[str]:
    found = [f"{attack.student}: {each}" for attack in batch.attacks for each in verdict.problems(batch, attack)]
    found += [f"{each.student}: {told}" for each in batch.packages if (told := verdict.misjudged(batch, each))]
    scores = {name: batch.records[name]["score"] for name in batch.honest}
    found += [f"{name} has {score} points" for name, score in scores.items() if score != batch.lesson.points]
    found += [f"it ended with {batch.code}: {batch.text[-2000:]}"] if batch.code else []
    found += [f"changed: {path}" for paths in batch.changed.values() for path in paths]
    found += [f"left: {name}: {what}" for name, what in batch.left.items()]
    found += [f"still runs: {process}" for process in batch.processes]
    found += [f"reached: {each}" for each in batch.reached]
    found += [f"a bystander became {batch.bystander[1]}"] if batch.bystander[0] != batch.bystander[1] else []
    allowed = verdict.allowed_seconds(batch)
    found += [f"it took {batch.seconds:.1f} s, not {allowed:.1f} s"] if batch.seconds > allowed else []
    return found


def _page(
    batches: list[Batch],
    skipped: list[str],
    long: list[tuple[str, str, bool]],
) -> str:
    when = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    lines = [
        "# What the attacks came to",
        "",
        f"Written by `make soak` on {when}, on Linux {platform.release().split('-')[0]} with Python "
        f"{platform.python_version()} and {os.cpu_count()} cores. Each attack is a file in `tests/attacks/corpus`, or is "
        "built by `tests/attacks/packages.py`, and was handed in to the real `grade` between honest submissions. What "
        "stopped it is what the attack itself found (errors by their names, with how many attempts ended so), or else "
        "what its feedback says. The seconds are those of the whole submission, its honest exercises among them.",
        "",
        "What the levels are, and what is known not to be stopped: [the security model](docs/security.md).",
        "",
    ]
    for each in skipped:
        lines.append(f"Not run: {_cell(each)}")
        lines.append("")
    lines += ["## Kills and frames", ""]
    for what, told, well in long:
        lines += [f"- {what}: {'all as it should be' if well else 'NOT as it should be'}. {_cell(told)}"]
    lines.append("")
    for batch in batches:
        wrong = _wrong(batch)
        lines += [f"## {_title(batch).capitalize()}", ""]
        lines += [
            f"{len(batch.students)} attacks and {len(batch.honest)} honest submissions in {batch.seconds:.0f} s. "
            + ("All as it should be." if not wrong else f"Not as it should be: {_cell('; '.join(wrong))}"),
            "",
            "| attack | what stopped it | s |",
            "|---|---|--:|",
        ]
        for attack in batch.attacks:
            stopped = _cell(verdict.what_stopped(batch, attack))
            lines.append(f"| {attack.student} | {stopped} | {batch.took[attack.student]:.1f} |")
        for package in batch.packages:
            told = _cell(verdict.what_became(batch, package))
            lines.append(f"| {_cell(package.student)} | {told} | {batch.took.get(package.student, 0):.1f} |")
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text for a table: no line ends, no marks that Markdown would read, and no folders of this machine."""
    plain = " ".join(text.split())[:300].replace(str(ROOT), "")
    return "".join(f"\\{char}" if char in "|<>[]*_`" else char for char in plain)


def _long_form(what: str, test: str, more: dict[str, str]) -> tuple[str, str, bool]:
    """The long form of a test: what it is, the lines that it prints of itself, and whether it passed."""
    seed = str(random.SystemRandom().getrandbits(16))
    environment = {**os.environ, **more, "FAULT_SEED": seed, "WIRE_SEED": seed}
    command = [sys.executable, "-m", "pytest", "-q", "-s", *test.split(maxsplit=1)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    print(done.stdout)
    told = [line.strip(".") for line in done.stdout.splitlines() if _TELLS.search(line)]
    return what, "; ".join([f"seed {seed}", *told]), done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
