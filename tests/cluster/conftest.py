"""A class of every kind of submission, what one machine makes of it, and clusters to grade it on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.machines import Cluster
from tests.faults.gradings import Place, files_in
from tests.grading.test_same_results import write_notebook

SEED = 23
ENTRIES = 15
# What took how long is another on each machine; nothing else of the class's page is.
TIMES = re.compile(rb'<td class="number time">.*?</td>|<article class="need time">.*?</article>', re.DOTALL)
SLOW = "\nimport time\n\ntime.sleep(0.2)\n"
FUNCTIONS = [
    {},
    {"mse": "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"},
    {"predict": "def predict(model, region):\n    import time\n\n    time.sleep(1000)\n"},
    {"model": "def model(x, w, b):\n    raise ValueError('nothing \\ud800 here')\n"},
    {"predict": "def predict(model, region):\n    import os\n    os._exit(3)\n"},
    {},
    {"mse": "def mse(t1, t2)\n    return 1\n"},
]


@pytest.fixture(scope="session")
def every_kind(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path]) -> Path:
    """`ENTRIES` of them: right, wrong, endless, crashing, and such as can't be read. Each takes a moment."""
    folder = tmp_path_factory.mktemp("class")
    for number, functions in enumerate(FUNCTIONS):
        place = submit(folder, f"s{number:02d}", **functions)
        with (place / "from_scratch.py").open("a") as module:
            module.write(SLOW)
    write_notebook(folder / "in a notebook.ipynb")
    deep = submit(folder, "Zoë 雪") / "deep" / "er"
    deep.mkdir(parents=True)
    shutil.move(folder / "Zoë 雪" / "with_torch.py", deep / "with_torch.py")
    (folder / "Zoë 雪" / "data.csv").write_bytes(bytes(range(256)))
    shutil.make_archive(str(folder / "packed"), "zip", submit(folder.parent, "packed"))
    (folder / "damaged.zip").write_bytes(b"PK no archive")
    (folder / "tared.tar.gz").write_bytes(b"no archive either")
    (folder / "link").symlink_to(folder / "s00")
    (folder / "empty").mkdir()
    linked = submit(folder, "linked")
    (linked / "with_torch.py").unlink()
    (linked / "with_torch.py").symlink_to("/etc/passwd")
    assert len(list(folder.iterdir())) == ENTRIES
    return folder


@pytest.fixture
def place(every_kind: Path, quick_course: Path, root: Path, tmp_path: Path) -> Iterator[Place]:
    """To begin gradings in; what is still there at the end is ended."""
    made = Place(every_kind, quick_course, root, tmp_path, [])
    yield made
    for grading in made.started:
        grading.dispose()


@pytest.fixture(scope="session")
def one_machine(every_kind: Path, quick_course: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a grading of the class on this machine, without a cluster."""
    made = Place(every_kind, quick_course, root, tmp_path_factory.mktemp("one"), [])
    code, text = made.run(made.top / "out", "--seed", SEED, "--jobs", 2)
    assert code == 0, text
    made.started[0].dispose()
    return made.top / "out"


@pytest.fixture
def same(one_machine: Path) -> Callable[[Path], None]:
    """Asserts that a folder holds what one machine gave, byte for byte, and nothing else; where commands in it name
    the folder, it is called OUT, and times are left out of the class's page."""

    def compare(out: Path) -> None:
        assert files_in(out) == files_in(one_machine)
        for name in files_in(one_machine):
            if name not in ("results.db", ".reports.json"):
                here, there = (
                    TIMES.sub(b"", (folder / name).read_bytes().replace(bytes(folder), b"OUT"))
                    for folder in (out, one_machine)
                )
                assert here == there, name

    return compare


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    yield made
    made.close()


@pytest.fixture(scope="module")
def four_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with at least four workers, of which any may have been ended and replaced."""
    made = Cluster(tmp_path_factory.mktemp("four"))
    for _ in range(4):
        made.add()
    yield made
    made.close()
