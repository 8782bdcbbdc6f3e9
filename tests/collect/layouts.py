"""Right work as it comes: in folders and archives of every depth, with the names that systems and people make."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Tree = dict[str, bytes]

FROM_SCRATCH = """\
import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).float()


def model(x, w, b):
    return x @ w.t() + b


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean()


def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= w.grad * lr
        b -= b.grad * lr
        w.grad.zero_()
        b.grad.zero_()


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
"""
WITH_TORCH = """\
import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size, shuffle=shuffle)


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            print(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")


def predict(model, region):
    return model(torch.tensor([list(region)], dtype=torch.float32)).detach()[0]
"""
MODULES = {"from_scratch": FROM_SCRATCH, "with_torch": WITH_TORCH}


def stub(text: str) -> str:
    """The module as it is handed out: every function is still to do."""
    heads = [line for line in text.split("\n") if line.startswith("def ")]
    names = [head.split("(")[0].removeprefix("def ") for head in heads]
    bodies = [f'{h}\n    raise NotImplementedError("{n} is still to do")\n' for h, n in zip(heads, names, strict=True)]
    return "import torch\n\n\n" + "\n\n".join(bodies)


def notebook(*cells: str, output: str = "") -> bytes:
    """A notebook with these code cells."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    made = [
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": outputs, "source": cell}
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}).encode()


STUBS = {f"{name}.py": stub(text).encode() for name, text in MODULES.items()}
WORK = notebook(FROM_SCRATCH, "# Linear regression with PyTorch's own parts\n" + WITH_TORCH)
UNTOUCHED = notebook(stub(FROM_SCRATCH), "# Linear regression with PyTorch's own parts\n" + stub(WITH_TORCH))


@dataclass(frozen=True)
class Layout:
    """Something handed in, as files by their paths. `archive`: it comes as a .zip."""

    name: str
    files: Mapping[str, bytes]
    archive: bool = False

    def write(self, folder: Path, learner: str) -> Path:
        """Hand it in, as the learner's entry in a folder."""
        if self.archive:
            path = folder / f"{learner}.zip"
            path.write_bytes(zipped(self.files))
            return path
        path = folder / learner
        path.mkdir(parents=True)
        for name, data in self.files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        return path


def zipped(files: Mapping[str, bytes], separator: str = "/", prefix: str = "") -> bytes:
    """An archive of files by their paths."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo("x")
            info.filename = prefix + name.replace("/", separator)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return room.getvalue()


NAMINGS: dict[str, Callable[[str], str]] = {
    "exact": lambda m: f"{m}.py",
    "browser": lambda m: f"{m} (1).py",
    "canvas": lambda m: f"{m}-1.py",
    "canvas of a class": lambda m: f"lovelaceada_123_456_{m}-1.py",
    "moodle": lambda m: f"Ada Lovelace_812_assignsubmission_file_{m}.py",
    "numbered": lambda m: f"{m}_12345_submission.py",
    "copy of": lambda m: f"Copy of {m}.py",
    "copy": lambda m: f"{m} - Copy (2).py",
    "kopie": lambda m: f"{m} - Kopie.py",
    "upper": lambda m: f"{m}.PY",
    "title": lambda m: f"{m.title()}.py",
    "camel": lambda m: m.title().replace("_", "") + ".py",
    "hyphens": lambda m: m.replace("_", "-") + ".py",
    "spaces": lambda m: m.replace("_", " ") + ".py",
    "spaces around": lambda m: f" {m}.py ",
    "windows": lambda m: f"{m}.py.txt",
    "twice": lambda m: f"{m}.py.py",
    "address": lambda m: f"{m}%20(1).py",
    "plus": lambda m: f"{m}+(1).py",
    "full width": lambda m: m.replace("_", "\uff3f") + ".py",
    "final": lambda m: f"{m}_final_version.py",
    "a name with accents": lambda m: f"Jose\u0301_{m}.py",
    "invisible": lambda m: f"\u200b{m}.py",
}
PLACES = {
    "a folder": "hw/",
    "two folders": "hw/lesson 1/",
    "many folders": "a/b/c/d/e/f/g/h/i/j/",
    "an accent": "de\u0301po\u0302t/",
    "the course": "course-main/exercises/linear_regression/",
}
NOISE: dict[str, Tree] = {
    "data": {"data/x.csv": b"1,2\n", "notes.txt": b"hello\n"},
    "a report": {"report.pdf": b"%PDF-1.4", "figures/loss.png": b"\x89PNG", "README.md": b"# My work\n"},
    "what a Mac adds": {"__MACOSX/._from_scratch.py": b"\0\5\x16\7", ".DS_Store": b"\0", "__MACOSX/hw/._with_torch.py": b"\0"},
    "git": {f".git/objects/{n:02x}/{n}": b"x" for n in range(250)} | {".git/from_scratch.py": b"x = 1\n"},
    "packages": {f"venv/lib/python3.12/site-packages/p{n}/from_scratch.py": b"" for n in range(2_100)},
    "another environment": {"myenv/pyvenv.cfg": b"home = /usr\n"}
    | {f"myenv/lib/p{n}/with_torch.py": b"x = 1\n" for n in range(2_100)},
    "node": {f"node_modules/m{n}/index.js": b"" for n in range(2_100)},
    "an editor": {".idea/workspace.xml": b"<x/>", ".vscode/settings.json": b"{}", "__pycache__/from_scratch.cpython-312.pyc": b"\0"},
    "checkpoints": {".ipynb_checkpoints/lesson-checkpoint.ipynb": UNTOUCHED, ".ipynb_checkpoints/from_scratch.py": b"x"},
    "checks": {"checks/test_from_scratch.py": b"import from_scratch\n", "conftest.py": b"", "pytest.ini": b"[pytest]\n"},
    "the course": {"grader/__init__.py": b"", "course.toml": b"[course]\n", **{f"grader/m{n}.py": b"" for n in range(400)}},
    "untouched stubs elsewhere": {f"handout/{name}": data for name, data in STUBS.items()},
    "copies elsewhere": {f"copy/{name}.py": text.replace("\n", "\r\n").encode() for name, text in MODULES.items()},
    "an untouched notebook": {"lesson.ipynb": UNTOUCHED},
    "an archive of what was handed out": {"handout.zip": zipped(STUBS)},
    "a broken archive": {"old.zip": b"PK\3\4 cut off"},
    "another archive": {"data.tar.gz": b"\x1f\x8b"},
    "the references": {
        "course/exercises/README.md": b"",
        **{f"course/solutions/linear_regression/{name}.py": text.encode() + b"#\n" for name, text in MODULES.items()},
    },
}  # fmt: skip


def files(naming: str = "exact", place: str = "") -> Tree:
    """Both modules, right."""
    return {place + NAMINGS[naming](name): text.encode() for name, text in MODULES.items()}


def layouts() -> Iterator[Layout]:
    """All of them: every one has one right answer for each module."""
    for archive in (False, True):
        kind = "archive" if archive else "folder"
        for name in NAMINGS:
            yield Layout(f"{kind}, named: {name}", files(name), archive)
            yield Layout(f"{kind}, deep, named: {name}", files(name, "hw/lesson 1/"), archive)
        for name, place in PLACES.items():
            yield Layout(f"{kind}, in {name}", files(place=place), archive)
        for name, noise in NOISE.items():
            yield Layout(f"{kind}, beside {name}", noise | files(), archive)
            yield Layout(f"{kind}, deep, beside {name}", {f"a/b/{n}": d for n, d in (noise | files()).items()}, archive)
        yield Layout(f"{kind}, one in each folder", _apart(), archive)
        yield Layout(f"{kind}, stubs on top", STUBS | files(place="hw/"), archive)
        yield Layout(f"{kind}, stubs of the exact name", STUBS | files("browser"), archive)
        yield Layout(
            f"{kind}, the near one is older", files() | {"from_scratch (1).py": b"def mse(a, b): return 0\n"}, archive
        )
        yield Layout(f"{kind}, notebook and stubs", {"lesson.ipynb": WORK, **STUBS}, archive)
        yield Layout(f"{kind}, cloned, worked in the notebook", _course({"lesson.ipynb": WORK, **STUBS}), archive)
        yield Layout(f"{kind}, cloned, worked in the modules", _course({"lesson.ipynb": UNTOUCHED, **files()}), archive)
        for name in ("lesson.ipynb", "Lesson (1).IPYNB", "lesson.ipynb.txt", "lesson.ipynb.json", "my work.ipynb"):
            yield Layout(f"{kind}, notebook {name}", {name: WORK}, archive)
            yield Layout(f"{kind}, deep, notebook {name}", {f"a/b c/{name}": WORK}, archive)
        yield Layout(f"{kind}, notebook and its copy", {"lesson.ipynb": WORK, "copy/lesson (1).ipynb": WORK}, archive)
        yield Layout(f"{kind}, an untouched copy", {"lesson.ipynb": UNTOUCHED, "lesson (1).ipynb": WORK}, archive)
        yield Layout(
            f"{kind}, two notebooks", {"one.ipynb": notebook(FROM_SCRATCH), "two.ipynb": notebook(WITH_TORCH)}, archive
        )
        yield Layout(
            f"{kind}, one of each",
            {"from_scratch.py": FROM_SCRATCH.encode(), "two.ipynb": notebook(WITH_TORCH)},
            archive,
        )
        yield Layout(f"{kind}, archive", {"hw.zip": zipped(files())}, archive)
        yield Layout(
            f"{kind}, archive in an archive", {"a/b.zip": zipped({"c/d.zip": zipped(files(place="e/"))})}, archive
        )
        yield Layout(f"{kind}, archive beside stubs", {**STUBS, "hw.ZIP": zipped(files("canvas", "x/"))}, archive)
        yield Layout(f"{kind}, archive with backslashes", {"hw.zip": zipped(files(place="a/b/"), "\\")}, archive)
        yield Layout(f"{kind}, archive with dots", {"hw.zip": zipped(files(place="a/"), prefix="./")}, archive)
        yield Layout(f"{kind}, notebook in an archive", {"hw.zip": zipped({"n/lesson.ipynb": WORK})}, archive)
        yield Layout(f"{kind}, UTF-16", {"lesson.ipynb": WORK.decode().encode("utf-16")}, archive)
        yield Layout(f"{kind}, outputs that repeat", {"lesson.ipynb": notebook(FROM_SCRATCH, WITH_TORCH, output="Loss: 1\n" * 500_000)}, archive)  # fmt: skip


def _apart() -> Tree:
    return {f"{name}/{name}.py": text.encode() for name, text in MODULES.items()}


def _course(lesson: Mapping[str, bytes]) -> Tree:
    return {
        "course/course.toml": b"",
        "course/README.md": b"",
        "course/grader/__init__.py": b"",
        "course/exercises/conftest.py": b"",
        "course/exercises/linear_regression/checks/test_mse.py": b"def test_mse(student): ...\n",
        **{f"course/exercises/linear_regression/{name}": data for name, data in lesson.items()},
    }


def several() -> Iterator[Layout]:
    """What holds more than one answer that counts, or none: nobody can say what to grade."""
    other = {name: data + b"\n\ndef helper():\n    return 1\n" for name, data in files().items()}
    yield Layout(
        "two versions", {**{f"v1/{n}": d for n, d in files().items()}, **{f"v2/{n}": d for n, d in other.items()}}
    )
    yield Layout(
        "a class", {f"{who}/{n}": d + b"\n" + f"who = '{who}'\n".encode() for who in "abc" for n, d in files().items()}
    )
    yield Layout("one of two near names", {**files("canvas"), "from_scratch-2.py": other["from_scratch.py"]})
    yield Layout("one of them twice", {**files(place="a/"), "b/from_scratch.py": other["from_scratch.py"]})
    yield Layout("two archives", {"a.zip": zipped(files()), "b.zip": zipped(other)})
    yield Layout(
        "two notebooks that differ",
        {
            "a.ipynb": WORK,
            "b.ipynb": notebook(FROM_SCRATCH.replace("rate", "r").replace(".mean()", ".sum()"), WITH_TORCH),
        },
    )
    yield Layout("nothing", {"notes.txt": b"hello\n"})
    yield Layout("another name", {"hw/homework1.py": FROM_SCRATCH.encode()})
    yield Layout("an empty notebook", {"a/lesson.ipynb": notebook("x = 1")})
