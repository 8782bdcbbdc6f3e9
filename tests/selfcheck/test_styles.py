"""Every right style passes the visible checks, and mistakes don't.

Each style is a lesson of its own in one course, so that one run looks at all of them.
"""

import shutil
import xml.etree.ElementTree as ElementTree

import pytest

from tests.one_lesson import one_lesson
from tests.selfcheck.conftest import LESSON, MODULES, ROOT, Course, solution

pytestmark = pytest.mark.soak

BANK = ROOT / "solutions" / LESSON
# Mistakes that only other numbers or other parts show; the hidden checks have those.
NOT_SEEN_HERE = {
    # Only an optimizer that remembers, such as SGD with momentum, is missed when it is bypassed.
    "mistakes__fit__optimizer_bypassed",
    "mistakes__fit__optimizer_bypassed__by_hand",
    # Only more epochs than here, or a loss that settles or rises.
    "mistakes__fit__fit_epochs_capped",
    "mistakes__fit__fit_epochs_capped__thirty",
    "mistakes__fit__fit_stops_when_settled",
    "mistakes__fit__prints_smallest_loss",
    "mistakes__train__best_weights_kept",
    "mistakes__train__smallest_loss_so_far",
    "mistakes__train__stops_when_settled",
    "mistakes__train__stops_when_settled__after_the_step",
    "mistakes__train__stops_when_settled__patience",
    # Only small numbers, and more looks at the order than that it is new.
    "mistakes__make_loader__rows_turned",
    "mistakes__predict__prediction_rounded_to_decimals",
    "mistakes__predict__prediction_rounded_to_decimals__by_python",
}


def test_right_styles_pass_and_mistakes_fail(tmp_path):
    course = Course(tmp_path / "course")
    shutil.rmtree(course.lesson)
    text = one_lesson()
    at = text.index(f"[assignments.{LESSON}]")
    tables, lessons = [text[:at]], []
    for path in sorted([*BANK.glob("right/*/*.py"), *BANK.glob("mistakes/*/*.py")]):
        kind, exercise, name = path.parts[-3:]
        lesson = f"{kind}__{exercise}__{name.removesuffix('.py')}"
        lessons.append(lesson)
        tables.append(text[at:].replace(f"assignments.{LESSON}", f"assignments.{lesson}"))
        folder = course.folder / "exercises" / lesson
        (folder / "checks").mkdir(parents=True)
        shutil.copy(ROOT / "exercises" / LESSON / "checks" / f"test_{exercise}.py", folder / "checks")
        for module in MODULES:
            code = solution(module)
            if f"def {exercise}(" in code:
                code += "\n\n" + path.read_text(encoding="utf-8")
            (folder / f"{module}.py").write_text(code, encoding="utf-8")
    (course.folder / "course.toml").write_text("\n".join(tables), encoding="utf-8")
    ran = course.run("exercises", search_seconds=None)

    failed = set()
    for case in ElementTree.parse(ran.junit).getroot().iter("testcase"):
        if len(case):
            failed.add(str(case.get("classname")).split(".")[0])
    assert len(lessons) > 500
    assert [name for name in lessons if name.startswith("right") and name in failed] == []
    unseen = {name for name in lessons if name.startswith("mistakes") and name not in failed}
    assert unseen == NOT_SEEN_HERE
