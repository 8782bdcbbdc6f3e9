"""`pytest exercises --watch`, run as a learner would, with keys from a pipe or from a real terminal."""

from __future__ import annotations

import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.selfcheck.conftest import MODULES, ROOT, Course, solution, surroundings

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("WATCH_EDITS", "4"))
END = "q quit"
CLEAR = "\x1b[2J\x1b[H"
PATIENCE = 240  # seconds for a busy machine; it is not waited for
PATIENT = 10.0  # seconds for a search of a line, so that a busy machine finds what a quiet one does
WRONG = {
    "mse": ["def mse(t1, t2):\n    return (t1 - t2).mean()", "def mse(t1, t2):\n    raise ValueError('no')"],
    "model": ["def model(x, w, b):\n    return x @ w + b", "def model(x, w, b):\n    return x @ w.t()"],
    "predict": ["def predict(model, region):\n    return model(region)"],
}


class Watched:
    """A watch at work, of which everything that it prints is kept."""

    def __init__(self, course, *arguments, terminal=False, columns=80):
        # What it reads is written to `_writes`, and what it prints is read from `_reads`.
        reads, self._writes = pty.openpty()[::-1] if terminal else os.pipe()
        self._reads, prints = (self._writes, reads) if terminal else os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "exercises", "--watch", *arguments],
            cwd=course.folder,
            env=surroundings(
                PYTHONPATH=os.pathsep.join([str(ROOT), str(course.folder)]), TERM="xterm", COLUMNS=str(columns)
            ),
            stdin=reads,
            stdout=prints,
            stderr=subprocess.STDOUT,
            start_new_session=terminal,
        )
        for theirs in {reads, prints}:
            os.close(theirs)
        self._text = ""

    def said(self, end=END):
        """All that it printed since the last time, up to these words."""
        until = time.monotonic() + PATIENCE
        while end not in self._text:
            assert select.select([self._reads], [], [], max(0, until - time.monotonic()))[0], self._text
            got = os.read(self._reads, 65536)
            assert got, f"the watch ended, {self.process.wait()}: {self._text}"
            self._text += got.decode("utf-8").replace("\r\n", "\n")
        said, _, self._text = self._text.partition(end)
        return said

    def children(self):
        """The numbers of its processes."""
        pid = self.process.pid
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def wait_until_prepared(self):
        """The number of the process in which the next run is prepared, when it has come to where it waits."""
        until = time.monotonic() + PATIENCE
        idle = 0
        before: list[tuple[str, ...]] = []
        while idle < 5:  # it sleeps, and so is in no queue for a processor, and has used no more of one
            assert time.monotonic() < until
            time.sleep(0.1)
            stats = [Path(f"/proc/{each}/stat").read_text().split() for each in self.children()]
            now = [(stat[0], *stat[13:15]) for stat in stats if stat[2] == "S"]
            idle = idle + 1 if now and now == before else 0
            before = now
        ((waiting, *_),) = before
        return int(waiting)

    def rest(self):
        """What it printed before it ended."""
        return self._text + os.read(self._reads, 65536).decode("utf-8")

    def press(self, key):
        os.write(self._writes, key.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for ours in {self._reads, self._writes}:
            os.close(ours)


def replace_in(path, text, other):
    """Change one place of a file."""
    before = path.read_text("utf-8")
    assert text in before
    path.write_text(before.replace(text, other, 1), "utf-8")


@pytest.fixture
def watched(course):
    """Starts a watch of the course."""
    begun = []

    def _watched(*arguments, of=course, **how):
        (of.folder / "patience.py").write_text(
            f"from grader.selfcheck import line_search\n\nline_search.SECONDS = {PATIENT}\n"
        )
        begun.append(Watched(of, *arguments, **how))
        return begun[-1]

    yield _watched
    for each in begun:
        each.close()


def verdict(text):
    """The points, and the next thing: what a report says whether or not it lists all exercises. Where the next command
    stands, a watch says something else."""
    ways = r"  (Try again with: |More hints: |Save the file|Press h)|Watching: |Go on with: "
    lines = [line for line in text.splitlines() if not re.match(ways, line)]
    points = next(line for line in lines if " points" in line or line.startswith("Checked "))
    end = next(i for i, line in enumerate(lines) if line.startswith(("Next: ", "All visible checks pass")))
    return [points.strip(), *(line for line in lines[end:] if line.strip() and "submit" not in line)]


def test_a_save_shows_the_verdict_of_a_single_run_and_moves_on_with_praise(course, watched):
    watch = watched()
    assert "Next: to_tensors" in watch.said()
    for done, then in [("to_tensors", "model"), ("model", "mse")]:
        course.change(**{done: function(done)})
        said = watch.said()
        assert f"{done} is done." in said
        assert f"Next: {then}" in said
    course.change(model=WRONG["model"][0])
    said = watch.said()
    assert "is done" not in said
    assert "Next: model" in said
    course.solve()
    said = watch.said()
    assert "model, mse, gradient_step, train, make_loader, fit and predict are done." in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80
    assert "All visible checks pass." in said
    watch.press("q")
    assert watch.process.wait() == 0


@pytest.mark.parametrize("lesson", ["linear_regression", "digits"])
def test_random_edits_get_the_verdicts_of_cold_runs(tmp_path, watched, lesson):
    chance = random.Random(EDITS)
    course = Course(tmp_path / "both", "digits").other(lesson).solve()
    watch = watched("-p", "patience", of=course)
    watch.said()
    for number in range(EDITS):
        module = chance.choice(MODULES)
        text = edited(solution(module, lesson), chance)
        course.write(module, f"{text}\n# {number}\n")
        assert verdict(watch.said()) == verdict(course.run(search_seconds=PATIENT).out), text


def test_a_wrong_result_is_told_at_once_and_the_line_behind_it_a_moment_later(course, watched):
    course.solve()
    watch = watched("-p", "patience", terminal=True)
    watch.said()
    course.change(mse="def mse(t1, t2):\n    d = t1 - t2\n    return (d * d).sum() / (d.numel() - 1)")
    at_once, _, later = re.sub(r"\x1b\[\d*m", "", watch.said()).rpartition(CLEAR)
    assert "Next: mse" in at_once
    assert "Hint: Read the name" in at_once
    assert "look at" not in at_once
    assert "Next: mse" in later
    assert "look at" in later
    assert "Hint:" not in later


def test_a_narrow_terminal_keeps_nothing_of_what_was_being_tried(course, watched):
    watch = watched(terminal=True, columns=40)
    said = watch.said()
    trying = re.findall(r"Trying [^\r]*", said)
    assert trying
    assert max(map(len, trying)) < 40
    report = re.sub(r"Trying [^\r]*\r *\r", "", said)
    assert "Trying" not in report


def test_however_an_editor_saves_the_verdict_is_that_of_what_stands_there(course, watched):
    course.solve()
    watch = watched()
    watch.said()
    right, path = solution("from_scratch"), course.lesson / "from_scratch.py"
    new = course.lesson / "from_scratch.py.swp"
    new.write_text(right.replace("/ 2", "/ 3").replace("return x @ w.t() + b", "return x @ w.t()"), "utf-8")
    new.replace(path)
    assert "Next: model" in watch.said()
    path.unlink()
    assert "from_scratch.py is missing" in watch.said()
    path.write_text(right[: len(right) // 3], "utf-8")  # half-way
    time.sleep(0.05)
    path.write_text(right, "utf-8")
    said = watch.said()
    while "All visible checks pass." not in said:  # the half may have had its verdict before
        said = watch.said()


def test_a_file_that_is_no_python_any_more_is_told_and_forgotten_when_it_is_again(course, watched):
    course.solve()
    watch = watched()
    watch.said()
    right = solution("from_scratch")
    course.write("from_scratch", right.replace("def mse(", "def mse(("))
    assert "can't be used" in watch.said()
    course.write("from_scratch", right)
    assert "All visible checks pass." in watch.said()


def test_a_save_ends_a_run_that_is_at_work(course, watched):
    course.solve()
    watch = watched("-o", "selfcheck_seconds=0")
    watch.said()
    course.change(mse="def mse(t1, t2):\n    while True:\n        pass")
    time.sleep(1)
    course.change(mse=function("mse"))
    assert "All visible checks pass." in watch.said()
    assert len(watch.children()) <= 1  # the next run, which waits for a save
    watch.press("q")
    assert watch.process.wait() == 0


def test_a_prepared_run_is_of_no_use_when_what_it_has_read_is_another(course, watched):
    course.solve().change(mse=WRONG["mse"][0])
    watch = watched()
    watch.said()
    for path, before, after in (
        (course.folder / "course.toml", "Linear regression with PyTorch", "Another title"),
        (course.lesson / "checks" / "test_mse.py", "averages the squared", "does otherwise"),
    ):
        watch.wait_until_prepared()
        replace_in(path, before, after)
        said = watch.said()
        assert after in said
        assert verdict(said) == verdict(course.run().out)


def test_the_run_that_was_prepared_is_the_one_that_tells_of_the_next_save(course, watched):
    watch = watched()
    watch.said()
    for _ in range(2):
        waiting = watch.wait_until_prepared()
        course.change(to_tensors="def to_tensors(a, b):\n    import os\n    raise ValueError(f'number {os.getpid()}.')")
        assert f"number {waiting}." in watch.said()
        waiting = watch.wait_until_prepared()
        watch.press("a")
        said = watch.said()
        assert f"number {waiting}." in said
        assert "One step of gradient descent" in said


def test_a_prepared_run_goes_with_its_watch_and_the_next_save_needs_none(course, watched):
    watch = watched()
    watch.said()
    for name, then in (("to_tensors", "model"), ("model", "mse"), ("mse", "gradient_step")):
        os.kill(watch.wait_until_prepared(), signal.SIGKILL)
        course.change(**{name: function(name)})
        assert f"Next: {then}" in watch.said()
    waiting = watch.wait_until_prepared()
    watch.process.kill()
    watch.process.wait()
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{waiting}").exists() and "Z" not in Path(f"/proc/{waiting}/stat").read_text().split()[2]:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_keys_of_a_terminal_give_a_hint_all_exercises_and_an_end_and_the_terminal_is_as_before(course, watched):
    watch = watched(terminal=True)
    first = watch.said()
    assert "✓" not in first
    assert "One step of gradient descent" not in first
    watch.press("h")
    assert "Hint 1 of 3 for to_tensors" in watch.said()  # and the keys once more
    watch.press("a")
    said = watch.said()
    assert "One step of gradient descent" in said
    assert "Save the file to try again." in said
    assert "pytest exercises" not in said
    watch.press("q")
    assert watch.process.wait() == 0
    assert course.run().code == 0


def test_where_processes_are_not_copied_each_run_is_a_new_one(course, watched):
    (course.folder / "nocopy.py").write_text(
        "from grader.selfcheck import time_limits\n\ntime_limits._COPIES_WORK_ON = 'nowhere'\n"
    )
    watch = watched("-p", "nocopy")
    assert "Next: to_tensors" in watch.said()
    course.change(to_tensors=function("to_tensors"))
    said = watch.said()
    assert "to_tensors is done." in said
    assert "Next: model" in said
    watch.press("q")
    assert watch.process.wait() == 0


def test_ctrl_c_ends_it_without_a_traceback(watched):
    watch = watched()
    watch.said()
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait() == 0
    assert "Traceback" not in watch.rest()


@pytest.mark.parametrize("other", [["--submit", "ada"], ["--hint", "mse"], ["--pdb"]])
def test_what_makes_no_sense_with_a_watch_is_refused(course, other):
    ran = course.run("exercises", "--watch", *other)
    assert ran.code == 4
    assert f"--watch and {other[0]} don't go together" in ran.err


def edited(text, chance):
    """A module of which nothing, a line within a definition, or all code of a definition is changed."""
    lines = text.splitlines()
    inner = [number for number, line in enumerate(lines) if re.match(r" +\w", line)]
    for number in chance.sample(inner, chance.choice([0, 1, 1, 1, 2])):
        line, indent = lines[number], len(lines[number]) - len(lines[number].lstrip())
        other = chance.choice([chance.choice(inner), number])
        lines[number] = chance.choice(
            [
                " " * indent + "pass",
                " " * indent + "return None",
                " " * indent + "raise NotImplementedError",
                " " * indent + lines[other].strip(),
                re.sub(r"\b[a-z]\b", chance.choice(["x", "y", "0", "w.t()"]), line, count=1),
                re.sub(r" [-+*/] ", chance.choice([" - ", " * ", " / "]), line, count=1),
            ]
        )
    return "\n".join(lines)


def function(name):
    """The reference solution of one exercise."""
    module = next(m for m in ("from_scratch", "with_torch") if f"def {name}(" in solution(m))
    found = re.search(rf"^def {name}\(.*?(?=^\S|\Z)", solution(module), re.MULTILINE | re.DOTALL)
    assert found
    return found[0]
