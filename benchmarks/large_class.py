"""A class of any size in which no two submissions have the same text: right and wrong ones, drawn from the reference
solutions and the lesson's bank, in folders, archives and notebooks. The same number gives the same class."""

from __future__ import annotations

import ast
import io
import random
import zipfile
from pathlib import Path

from benchmarks.subject import bank, defined, functions, modules, notebook, own_part

LOOP_IN = 1000  # one submission in so many never ends
_WORDS = ("data", "out", "value", "err", "row", "tmp", "left", "new", "grad", "part", "acc", "own", "mine", "here")
_REMARKS = ("TODO check", "this works", "see the lesson", "now the result", "not sure why", "done", "shape (n, t)")
_HEAD = (
    "import torch\nimport numpy as np\nimport torch.nn.functional as F\nfrom torch import nn\n"
    "from torch.utils.data import DataLoader, TensorDataset\n"
)
_LOOP = "    while True:\n        pass\n"


def write_class(folder: Path, size: int) -> dict[str, str]:
    """Write a class; gives what each entry is: `right`, `wrong` or `loop`. Right ones get every point, others not."""
    folder.mkdir(parents=True)
    width = max(4, len(str(size - 1)))
    return {name: _write(folder, name, number, size) for number in range(size) if (name := f"learner{number:0{width}}")}


def _write(folder: Path, name: str, number: int, size: int) -> str:
    chance = random.Random(f"{name} of a large class")
    loops = number % LOOP_IN == min(size, LOOP_IN) // 2
    kind = "loop" if loops else chance.choice(("right", "wrong"))
    exercises = list(functions())
    wrong = set() if kind == "right" else set(chance.sample(exercises, 1 if loops else chance.choice((1, 1, 1, 2, 3))))
    packing = chance.choice(("folder", "folder", "zip", "notebook", "single" if kind == "wrong" else "folder"))
    texts = {}
    taken: set[str] = {*exercises}
    bodies: dict[str, list[ast.stmt]] = {module: ast.parse(_HEAD).body for module, _ in functions().values()}
    for exercise, (module, _) in functions().items():
        if exercise in wrong and loops:
            body = ast.parse(f"def {exercise}(*given, **named):\n{_LOOP}").body
        else:
            body = _answer(exercise, "mistakes" if exercise in wrong else "right", taken, chance)
        bodies[module] += body
    for module, body in bodies.items():
        texts[module] = _in_own_words(body, name, chance)
    if packing == "single":  # one of the two modules is missing
        del texts[chance.choice(list(texts))]
    _pack(folder / name, texts, packing)
    return kind


def _answer(exercise: str, kind: str, taken: set[str], chance: random.Random) -> list[ast.stmt]:
    """One of the bank, without names that another answer has defined; a right one is often the reference."""
    answers = [*bank(kind, exercise)]
    chance.shuffle(answers)
    for text in answers if kind == "mistakes" or chance.random() < 0.7 else ():
        body = own_part(text, exercise)
        names = {name for node in body for name in defined(node)} - {exercise}
        if not names & taken and not _calls_by_keyword(body):
            taken |= names
            return body
    return own_part(modules("")[functions()[exercise][0]], exercise)


def _calls_by_keyword(body: list[ast.stmt]) -> bool:
    """Whether it calls another exercise by the names of its parameters, which are others in another answer."""
    calls = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Call) and node.keywords]
    return any(isinstance(call.func, ast.Name) and call.func.id in functions() for call in calls)


def _in_own_words(body: list[ast.stmt], name: str, chance: random.Random) -> str:
    """The text, with the learner's own names, remarks, empty lines, and no two alike."""
    suffix = chance.choice(_WORDS) + str(chance.randrange(1000))
    for node in body:
        if isinstance(node, ast.FunctionDef):
            _rename(node, suffix, chance)
    lines = [f"# {name}: {chance.choice(_REMARKS)}"]
    for line in ast.unparse(ast.Module(body, [])).splitlines():
        is_head = line.endswith(":") and not line.startswith(("@", '"'))
        lines += [line, f"{' ' * (len(line) - len(line.lstrip()) + 4)}# {chance.choice(_REMARKS)}"][: 1 + is_head]
        lines += [""] if line.startswith("import") and chance.random() < 0.2 else []
    return "\n".join(lines) + "\n"


def _rename(function: ast.FunctionDef, suffix: str, chance: random.Random) -> None:
    """Give some of a function's variables other names, where nothing else goes by these."""
    nodes = list(ast.walk(function))
    if any(isinstance(node, ast.ClassDef | ast.Global | ast.Nonlocal) for node in nodes):
        return
    kept = {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} - kept
    changed = {old: f"{old}_{suffix}" for old in sorted(stored) if chance.random() < 0.6}
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = changed.get(node.id, node.id)


def _pack(path: Path, texts: dict[str, str], packing: str) -> None:
    files = {f"{module}.py": text for module, text in texts.items()}
    if packing == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, text in files.items():
                archive.writestr(zipfile.ZipInfo(f"work/{file}"), text)
        path.with_suffix(".zip").write_bytes(packed.getvalue())
    elif packing == "notebook":
        path.with_suffix(".ipynb").write_text(notebook(list(files.values())), "utf-8")
    else:
        path.mkdir()
        for file, text in files.items():
            (path / file).write_text(text, "utf-8")
