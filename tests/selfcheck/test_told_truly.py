"""What the self-check says of a mistake is true, of `train` and of what `fit` prints above all.

Each program is a lesson of its own in one course, so that one run looks at all of them.
"""

import re
import shutil

import pytest

from tests.one_lesson import one_lesson
from tests.selfcheck.conftest import LESSON, MODULES, Course, solution, with_function
from tests.styles.test_told_truly import LOSS, NO_BACKWARD, PROGRAMS, STEP, fit, train

pytestmark = pytest.mark.slow

NONE = r"gradient_step stopped with an error when it was called here\. Something in gradient_step is None"
# The exercise, its code, what must be in the report on it, and what must not.
CASES = {
    "no_backward": PROGRAMS["no backward"],
    "backward_not_called": PROGRAMS["backward not called"],
    "step_before_backward": PROGRAMS["step before backward"],
    "loss_detached": PROGRAMS["loss detached"],
    "gradient_of_copies": (*PROGRAMS["gradient of copies"][:2], NONE, NO_BACKWARD + r"|cut off from"),
    "other_words": (
        "fit", fit(shown='f"Epoch {epoch}: {loss.item():.4f}"'), r"no line reads like.*printed Epoch 10:", r"printed nothing"
    ),
    "silent": ("fit", fit().partition("        if epoch")[0], r"prints nothing|nothing is printed", r"another form"),
    "tenth_too_late": (
        "fit", fit(shown='f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}"'), r"wrong epoch|epoch", r"nothing"
    ),
    "other_order": (*PROGRAMS["other order"][:2], PROGRAMS["other order"].says, r"parentheses|Hint"),
    "region_first": (*PROGRAMS["region first"][:2], PROGRAMS["region first"].says, r"parentheses|Hint"),
    "model_of_x": (*PROGRAMS["model of x"][:2], r"exercise model\(x, w, b\)", r"parentheses|Hint"),
    "sum": ("mse", "def mse(a, b):\n    return ((a - b) ** 2).sum()", r"expected +tensor\(7601\.56\)", r"7601\.41"),
    "copied": (*PROGRAMS["copy, tensor"][:2], r"is cut off|it is a copy", r"Something on the way loses it"),
    "other_lesson": (*PROGRAMS["other lesson"][:2], PROGRAMS["other lesson"].says, r"parentheses"),
    "shadowed": (*PROGRAMS["result named like the loss"][:2], r"hides the \w+ outside", r"Give it a value"),
    "float64": ("mse", "def mse(a, b):\n    return ((a.double() - b) ** 2).mean()", r"These checks pass", "Next"),
    "rounded": (
        "train", train(LOSS.replace("loss.item()", "round(loss.item(), 4)") + "loss.backward()\n" + STEP),
        r"These checks pass", "Next",
    ),
    "rounded_too_far": (
        "train", train(LOSS.replace("loss.item()", "round(loss.item(), 2)") + "loss.backward()\n" + STEP),
        r"The \w+ item of the list of losses should be", "These checks pass",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The report on each program, its lines joined."""
    course = Course(tmp_path_factory.mktemp("told") / "course")
    text = one_lesson()
    at = text.index(f"[assignments.{LESSON}]")
    tables = [text[:at]]
    for name, (exercise, code, _, _) in CASES.items():
        tables.append(text[at:].replace(f"assignments.{LESSON}", f"assignments.{name}"))
        folder = course.folder / "exercises" / name
        (folder / "checks").mkdir(parents=True)
        shutil.copy(course.lesson / "checks" / f"test_{exercise}.py", folder / "checks")
        shutil.copy(course.lesson / ".mistakes.json", folder)
        for module in MODULES:
            source = solution(module)
            if f"def {exercise}(" in source:
                source = with_function(source, exercise, code)
            (folder / f"{module}.py").write_text(source, encoding="utf-8")
    shutil.rmtree(course.lesson)
    (course.folder / "course.toml").write_text("\n".join(tables), encoding="utf-8")
    pages = re.split(r"^Linear regression with PyTorch ", course.run("exercises").out, flags=re.MULTILINE)[1:]
    return dict(zip(CASES, (" ".join(page.split()) for page in pages), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_self_check_tells_the_truth(reports, name):
    _, _, says, never = CASES[name]
    assert re.search(says, reports[name]), reports[name]
    assert not re.search(never, reports[name]), reports[name]


@pytest.mark.parametrize("name", ["no_backward", "backward_not_called", "step_before_backward", "loss_detached"])
def test_no_line_of_a_right_gradient_step_is_pointed_at(reports, name):
    assert "w -= lr * w.grad" not in reports[name]
    assert re.search(r"where from_scratch\.py, line \d+: gradient_step\(w, b, lr\)", reports[name])
