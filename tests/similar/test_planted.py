"""Twenty copies in ten disguises, in a class of 200 who worked by themselves: how many are found, and how many by a
library that compares texts alone."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from tests.conftest import ROOT
from tests.similar.planted import DISGUISES, Copy, made_class

pytestmark = pytest.mark.slow

LEARNERS, COPIES, SEED = 200, 20, 2026
PAIRS = (LEARNERS + COPIES) * (LEARNERS + COPIES - 1) // 2
MOST_OTHERS = (PAIRS - COPIES) // 100  # 1 % of the other pairs


@dataclass(frozen=True)
class Planted:
    folder: Path
    copies: list[Copy]

    def texts(self) -> dict[str, str]:
        """All code of each learner, as handed in."""
        return {path.stem: _text(path) for path in sorted(self.folder.iterdir())}

    def found(self, ranked: list[frozenset[str]], most_others: int) -> list[str]:
        """The disguises of the copies that stand above a line, over which there are `most_others` other pairs."""
        wanted = {frozenset((each.original, each.by)): each.disguise for each in self.copies}
        found, others = [], 0
        for pair in ranked:
            if pair in wanted:
                found.append(wanted[pair])
            elif (others := others + 1) > most_others:
                break
        return found


def _text(path: Path) -> str:
    if path.is_dir():
        return "\n".join(file.read_text(encoding="utf-8") for file in sorted(path.glob("*.py")))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("planted")
    assignment = load_course(ROOT).assignments["linear_regression"]
    return Planted(folder, made_class(folder, assignment, SEED, LEARNERS, COPIES))


def test_the_class_has_every_disguise_twice_and_no_two_alike(planted: Planted) -> None:
    assert sorted(each.disguise for each in planted.copies) == sorted(2 * list(DISGUISES))
    assert len({each.original for each in planted.copies}) == COPIES
    texts = planted.texts()
    assert len(texts) == LEARNERS + COPIES
    assert len(set(texts.values())) > 0.99 * len(texts)
    assert [each for each in planted.copies if texts[each.original] == texts[each.by]] == []


def test_at_least_18_of_20_copies_are_above_a_line_with_1_percent_of_the_other_pairs(
    planted: Planted, kit: Callable[..., Any], tmp_path: Path
) -> None:
    run = kit("similar", planted.folder, "--pairs", MOST_OTHERS + COPIES, out=tmp_path / "out")
    assert run.code == 0, run.text
    assert f"{LEARNERS + COPIES} submissions, {PAIRS:,} pairs compared." in run.stdout
    with (run.out / "similar.csv").open(encoding="utf-8", newline="") as file:
        ranked = [frozenset((row["student"], row["other"])) for row in csv.DictReader(file)]
    found = planted.found(ranked, MOST_OTHERS)
    assert len(found) >= 18, set(DISGUISES) - set(found)
    nearer = planted.found(ranked, MOST_OTHERS // 10)
    print(f"similar: {len(found)} of {COPIES} with 1 % of the other pairs, {len(nearer)} with 0.1 %")
    assert len(nearer) >= 18, set(DISGUISES) - set(nearer)


@pytest.mark.filterwarnings("ignore")  # the library's own
def test_the_library_alone_finds_fewer(planted: Planted) -> None:
    """By copydetect's own fingerprints and similarity, of the same code; stubs and reference are its boilerplate.

    Of the other pairs, every eighth is measured: they only draw the line. The library isn't among those that the tests
    install: tqdm comes with it, and learners' code must not find that where it is tested what a missing library does.
    """
    copydetect = pytest.importorskip("copydetect", reason="python -m pip install copydetect==0.5.0 brings it")

    def fingerprint(text: str, boilerplate: Any = None) -> Any:
        return copydetect.CodeFingerprint("work.py", 25, 1, boilerplate, fp=io.StringIO(text), language="python")

    given = [*(ROOT / "exercises/linear_regression").glob("*.py"), *(ROOT / "solutions/linear_regression").glob("*.py")]
    known = sorted(set().union(*(fingerprint(path.read_text(encoding="utf-8")).hashes for path in given)))
    prints = {name: fingerprint(text, known) for name, text in planted.texts().items()}
    wanted = {frozenset((each.original, each.by)) for each in planted.copies}
    others = [pair for pair in map(frozenset, combinations(prints, 2)) if pair not in wanted]
    measured = random.Random(SEED).sample(others, len(others) // 8)

    def similarity(pair: frozenset[str]) -> float:
        one, two = sorted(pair)
        return float(max(copydetect.compare_files(prints[one], prints[two])[1]))

    ranked = sorted([*wanted, *measured], key=similarity, reverse=True)
    found, nearer = (planted.found(ranked, len(measured) // part) for part in (100, 1000))
    print(f"copydetect: {len(found)} of {COPIES} with 1 % of the other pairs, {len(nearer)} with 0.1 %")
    assert 10 <= len(nearer) <= len(found) < COPIES, set(DISGUISES) - set(found)
