"""The lesson's text: its sections, its exercises, and demonstrations that print what they are said to print."""

from __future__ import annotations

import ast
import re
import tomllib
import warnings
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from grader.course.load import load_course
from grader.derived.leaks import find_leaks
from grader.derived.passages import learner_paths
from grader.derived.secret_phrases import HEAVY, weight
from tests.lesson.lesson_text import Lesson, printed_by, read_lesson, same

pytestmark = pytest.mark.slow

# fmt: off
ANCHORS = [
    "the-question", "the-data", "a-weighted-sum", "arrays-to-tensors", "weights-and-biases", "the-model",
    "first-predictions", "the-loss", "gradients", "why-gradients-add-up", "the-update-step", "the-learning-rate",
    "one-step", "the-training-loop", "predictions-and-targets", "own-parts", "more-rows", "datasets-and-batches",
    "the-linear-layer", "the-ready-made-loss", "the-optimizer", "fit", "the-noisy-loss", "a-new-region",
    "why-it-stops-at-83", "standardised-inputs", "a-held-out-part", "learning-or-rules",
]
# fmt: on


def sections(lesson: Lesson) -> list[str]:
    return [name for name, _ in lesson.anchors]


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return read_lesson()


@pytest.fixture(scope="module")
def printed(lesson: Lesson) -> list[str]:
    return printed_by([each.code for each in lesson.demonstrations])


def test_the_sections_have_the_anchors_that_feedback_links_to(lesson: Lesson) -> None:
    assert [name for name, _ in lesson.anchors if name in ANCHORS] == ANCHORS
    for name, heading in lesson.anchors:
        assert re.match(r"###? \S", heading), f"{name}: the next line is no heading but {heading!r}"
    headings = [line for line in lesson.prose.splitlines() if re.match(r"#{2,} ", line)]
    assert headings == [heading for _, heading in lesson.anchors]


def test_links_within_the_lesson_lead_to_a_section(lesson: Lesson) -> None:
    links = re.findall(r"\]\(#([^)]*)\)", lesson.prose)
    assert links
    assert set(links) <= set(sections(lesson))


def test_each_exercise_has_its_place_once_in_the_order_of_the_course(lesson: Lesson, root: Path) -> None:
    course = tomllib.loads((root / "course.toml").read_text(encoding="utf-8"))
    exercises = course["assignments"]["linear_regression"]["exercises"]
    assert [name for name, _ in lesson.exercises] == list(exercises)
    second_half = sections(lesson).index("own-parts")
    for name, section in lesson.exercises:
        first = exercises[name]["module"] == "from_scratch"
        assert (sections(lesson).index(section) < second_half) == first, (
            f"{name} is on the wrong side of the second half"
        )
        lines = lesson.text.splitlines()
        before = lines[: lines.index(f"<!-- exercise: {name} -->")]
        assert any(f"write `{name}`" in line for line in before[-4:]), f"a reader on the web isn't told to write {name}"


def test_the_second_half_begins_where_a_notebook_s_landmark_is(lesson: Lesson, root: Path) -> None:
    course = tomllib.loads((root / "course.toml").read_text(encoding="utf-8"))
    landmarks = course["assignments"]["linear_regression"]["modules"]["with_torch"]["notebook_landmarks"]
    found = [name for name, heading in lesson.anchors if any(landmark in heading for landmark in landmarks)]
    assert found[0] == "own-parts"
    for each in lesson.demonstrations:
        if sections(lesson).index(each.section) < sections(lesson).index("own-parts"):
            assert not any(landmark in each.code for landmark in landmarks), f"line {each.line}"


def test_no_demonstration_gives_an_exercise_s_name_to_something_else(lesson: Lesson) -> None:
    exercises = {name for name, _ in lesson.exercises}
    for each in lesson.demonstrations:
        stored = {node.id for node in ast.walk(ast.parse(each.code)) if isinstance(node, ast.Name) and not _loads(node)}
        assert not stored & exercises, f"line {each.line}"


def _loads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def test_questions_unfold_to_answers(lesson: Lesson) -> None:
    questions = re.findall(r"<details><summary>(.*?)</summary>\n\n(.*?)\n\n</details>", lesson.prose, re.DOTALL)
    assert len(questions) == lesson.prose.count("<details>") == lesson.prose.count("</details>")
    assert len(questions) >= 12
    for question, answer in questions:
        assert "?" in question
        assert len(answer.split()) > 10
    tags = set(re.findall(r"</?(\w+)", re.sub(r"`[^`]*`", "", lesson.prose)))
    assert tags == {"a", "details", "summary"}


def test_the_demonstrations_print_what_they_are_said_to_print(lesson: Lesson, printed: list[str]) -> None:
    for each, found in zip(lesson.demonstrations, printed, strict=True):
        assert same(each.output or "", found), (
            f"lesson.md, line {each.line}: said\n{each.output}\nbut it prints\n{found}"
        )


@pytest.mark.parametrize("processor", [1, 2])
def test_they_print_no_digit_that_another_processor_would_print_otherwise(lesson: Lesson, processor: int) -> None:
    shown = [each for each in lesson.demonstrations if each.section != "a-held-out-part"]  # which takes minutes
    for each, found in zip(shown, printed_by([each.code for each in shown], processor=processor), strict=True):
        pattern = ".*?".join(map(re.escape, (each.output or "").split("...")))
        assert re.fullmatch(pattern, found, re.DOTALL), f"line {each.line}: said\n{each.output}\nbut found\n{found}"


def test_a_different_number_or_word_is_not_the_same() -> None:
    assert same("loss 83.25 ...", "loss 83.24 and more")
    assert same("tensor([ 1.0000, -2.5000])", "tensor([1.0000, -2.5001])")
    assert same("tensor([ 1.5..., -2.50...])", "tensor([1.6000, -2.4999])")
    assert not same("tensor([9219.7383, 1.])", "tensor([9219.7373, 1.])")
    assert not same("loss 83.2...", "loss 83.6")
    assert not same("loss 83.25", "loss 83.29")
    assert not same("loss 83.25", "lost 83.25")
    assert not same("torch.Size([5, 2])", "torch.Size([5, 3])")
    assert not same("1.0 2.0", "1.0")


def test_the_parts_that_the_contract_names_are_printed(lesson: Lesson, printed: list[str]) -> None:
    by_section: dict[str, list[float]] = {}
    for each, text in zip(lesson.demonstrations, printed, strict=True):
        by_section.setdefault(each.section, []).extend(map(float, re.findall(r"-?\d+\.\d+", text)))
    for section, numbers in {
        "the-loss": [7601.41],
        "gradients": [4610.71, 4369.90, 2855.70, 9219.63, 9829.94, 5972.58, 53.4904, 108.4641],
        "one-step": [5181.05],
        "the-training-loop": [5181.05],
        "why-it-stops-at-83": [0.4831],
        "standardised-inputs": [0.4831],
    }.items():
        for number in numbers:
            assert any(found == pytest.approx(number, rel=1e-4) for found in by_section[section]), (section, number)
    assert by_section["the-training-loop"][-1] == pytest.approx(83.249, abs=0.005)  # printed with two digits


def test_a_learner_is_told_no_solution(root: Path) -> None:
    assignment = load_course(root).assignments["linear_regression"]
    searched = {path.name for path in learner_paths(root, assignment)}
    assert {"lesson.md", "data.svg"} <= searched
    assert find_leaks(root, assignment) == []


def test_no_demonstration_is_a_solution_with_other_names(lesson: Lesson, root: Path) -> None:
    secret = {}
    for module in ("from_scratch", "with_torch"):
        source = (root / "solutions" / "linear_regression" / f"{module}.py").read_text(encoding="utf-8")
        for function in ast.parse(source).body:
            if isinstance(function, ast.FunctionDef):
                for statement in _substantial(ast.Module(function.body[1:], [])):
                    secret[_shape(statement)] = f"{function.name}, line {statement.lineno}"
    assert len(secret) > 5
    for each in lesson.demonstrations:
        for statement in _substantial(ast.parse(each.code)):
            assert _shape(statement) not in secret, f"lesson.md, line {each.line}: {secret[_shape(statement)]}"


def _substantial(tree: ast.Module) -> list[ast.stmt]:
    """The statements that say something; to call a function with nothing but names says nothing."""
    simple = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)
    heavy = [node for node in ast.walk(tree) if isinstance(node, simple) and weight(node) >= HEAVY]
    return [node for node in heavy if not re.fullmatch(r"\w+\([\w, ]*\)", ast.unparse(_said(node)))]


def _said(statement: ast.stmt) -> ast.AST:
    """A returned, shown or assigned value counts the same; what is changed in place belongs to it."""
    value = None if isinstance(statement, ast.AugAssign) else getattr(statement, "value", None)
    return value or statement


def _shape(statement: ast.stmt) -> str:
    """What a statement does, whatever its variables are called."""
    names: dict[str, str] = {}
    return re.sub(
        r"(Name\(id=)'(\w+)'",
        lambda found: f"{found[1]}{names.setdefault(found[2], str(len(names)))}",
        ast.dump(_said(statement)),
    )


def test_what_pytorch_is_said_to_answer_is_what_it_answers(lesson: Lesson) -> None:
    """The messages that the lesson quotes, and the warning that it promises."""
    p = torch.tensor(3.0, requires_grad=True)
    square = p * p
    square.backward()
    words = " ".join(lesson.prose.split())
    for message, mistake in [
        ("expected m1 and m2 to have the same dtype", lambda: torch.tensor([[1, 2]]) @ torch.ones(2, 1)),
        ("a leaf Variable that requires grad is being used in an in-place operation", lambda: p.sub_(0.5)),
        ("Trying to backward through the graph a second time", square.backward),
    ]:
        assert f'"{message}"' in words
        with pytest.raises(RuntimeError, match=re.escape(message)):
            mistake()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        F.mse_loss(torch.ones(5, 2), torch.ones(2))
    assert any("broadcasting" in str(each.message) for each in caught)
