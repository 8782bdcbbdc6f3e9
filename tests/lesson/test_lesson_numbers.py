"""The numbers in the lesson's prose and tables, worked out again: in float64, from the data and the oracle."""

from __future__ import annotations

import re

import numpy as np
import pytest

from solutions.linear_regression import oracle
from solutions.linear_regression.figures.numbers import (
    ALL_INPUTS,
    ALL_TARGETS,
    INPUTS,
    LR,
    REGIONS,
    START,
    TARGETS,
    batch_losses,
    curvature,
    held_out,
    losses,
    slope,
    standardised,
)
from tests.lesson.lesson_text import Lesson, read_lesson

BEST = oracle.least_squares(INPUTS, TARGETS)
VALUES, VECTORS = np.linalg.eigh(curvature(INPUTS, TARGETS))
AFTER = oracle.descend(START, INPUTS, TARGETS, LR, 101)
SCALED = standardised(INPUTS, INPUTS)
NEARLY = 2e-4  # the contract's numbers are rounded


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return read_lesson()


@pytest.fixture(scope="module")
def words(lesson: Lesson) -> str:
    return " ".join(lesson.prose.split())


def said(words: str, *sentences: str) -> None:
    """Each of these, with its numbers, is in the lesson."""
    for sentence in sentences:
        assert sentence.replace("-", "−") in words.replace("-", "−"), f"the lesson doesn't say: {sentence}"


def loss_at(theta: np.ndarray) -> float:
    return oracle.loss(theta, INPUTS, TARGETS)


def miss(columns: list[int]) -> float:
    """The typical error for apples of the best weighted sum of these inputs."""
    best = oracle.least_squares(INPUTS[:, columns], TARGETS)
    return float(np.sqrt(np.mean(((oracle.with_ones(INPUTS[:, columns]) @ best - TARGETS)[:, 0]) ** 2)))


def test_the_table_holds_the_data(lesson: Lesson) -> None:
    rows = lesson.table("region")
    assert [row[0] for row in rows] == list(REGIONS)
    assert np.array([row[1:] for row in rows], dtype=float).tolist() == np.hstack([INPUTS, TARGETS]).tolist()


def test_the_code_holds_the_data(lesson: Lesson) -> None:
    code = "\n".join(each.code for each in lesson.demonstrations)
    for name, wanted in [
        ("inputs_array", INPUTS), ("targets_array", TARGETS),
        ("more_inputs", ALL_INPUTS[5:]), ("more_targets", ALL_TARGETS[5:]),
    ]:  # fmt: skip
        found = re.search(rf"^{name} = np\.array\((.*?)\)$", code, re.DOTALL | re.MULTILINE)
        assert found, name
        assert [int(number) for number in re.findall(r"\d+", found[1])] == wanted.ravel().astype(int).tolist()


def test_what_the_plots_of_the_data_are_said_to_show(words: str) -> None:
    across = [abs(np.corrcoef(INPUTS[:, column], TARGETS[:, 0])[0, 1]) for column in range(3)]
    assert across[1] > across[2] > across[0]
    assert INPUTS[:, 0].argmax() == TARGETS[:, 0].argmin() == TARGETS[:, 1].argmin()
    assert (TARGETS[:, 1] > TARGETS[:, 0]).all()
    said(words, f"by about {miss([1]):.0f} tonnes, the best one over humidity by about {miss([2]):.0f}")
    said(words, f"over temperature by about {miss([0]):.0f}. With all three together it will be less than 1.")
    assert miss([0, 1, 2]) < 1


def test_the_first_loss_and_what_it_is_compared_with(words: str) -> None:
    first, average = loss_at(START), float(TARGETS.var(axis=0).mean())
    assert first == pytest.approx(7601.41, rel=NEARLY)
    said(words, f"Is {first:.2f} much?", f"some {first**0.5:.0f} tonnes, where the harvests lie between 22 and 133")
    said(
        words,
        f"the average harvest ({TARGETS[:, 0].mean():.1f} tonnes of apples, {TARGETS[:, 1].mean():.0f} of oranges)",
    )
    said(words, f"a loss of {average:.2f}, and so is off by {average**0.5:.1f} tonnes")
    assert (oracle.with_ones(INPUTS) @ START > TARGETS).all()  # "all ten are too high"


def test_the_slopes_and_what_a_step_gains(words: str) -> None:
    slopes = slope(START, INPUTS, TARGETS)
    assert (slopes > 0).all()
    said(words, f"our number, {slopes[0, 0]:.1f}", f"the loss goes up by about {slopes[0, 0] / 1000:.1f}")
    nudged = START.copy()
    nudged[0, 0] += 0.01
    said(words, f"The ratio, {(loss_at(nudged) - loss_at(START)) / 0.01:.0f}, is")
    foretold, fell = LR * (slopes**2).sum(), losses(START, INPUTS, TARGETS, LR, 1)
    said(words, f"that is {foretold:.0f}. It really fell by {fell[0] - fell[1]:.0f}.")
    said(words, f"From {fell[0]:.2f} to {fell[1]:.2f}, in a single step.")
    assert fell[1] == pytest.approx(5181.05, rel=NEARLY)


def test_the_pictures_of_the_tangents(words: str) -> None:
    weight = START[0, 0] - slope(START, INPUTS, TARGETS)[0, 0] / curvature(INPUTS, TARGETS)[0, 0]
    other = START.copy()
    other[0, 0] = -1.05
    said(words, f"lowest near {weight:.1f}", f"with a gradient of {slope(START, INPUTS, TARGETS)[0, 0]:.0f}")
    said(words, f"at a weight of {other[0, 0]}", f"with a gradient of {slope(other, INPUTS, TARGETS)[0, 0]:.0f}")


def test_the_table_of_learning_rates(lesson: Lesson, words: str) -> None:
    for rate, *told in lesson.table("learning rate"):
        found = losses(START, INPUTS, TARGETS, float(rate), 100)
        assert told == [f"{found[n]:.2f}" if found[n] < 1e6 else f"{found[n]:.1e}" for n in (1, 10, 100)], rate
    said(words, f"the exact limit is {2 / VALUES[-1]:.7f}", f"above 2 / 17 909 = {2 / VALUES[-1]:.7f}")


def test_the_loss_that_the_training_reaches(words: str) -> None:
    found = losses(START, INPUTS, TARGETS, LR, 101)
    assert found[-1] == pytest.approx(83.249, rel=NEARLY)
    said(words, f"{found[-1]:.2f}, which makes {found[-1] ** 0.5:.1f} tonnes", f"down from {found[0] ** 0.5:.1f}")
    said(words, "creeps down almost level to 84", f"Its root is {found[-1] ** 0.5:.1f}")
    assert round(found[100]) == 84
    assert 150 < found[16] < 250  # "about 200 in the first 15 epochs"
    predicted = oracle.with_ones(INPUTS) @ AFTER
    order = predicted.argsort(axis=0) == TARGETS.argsort(axis=0)
    assert order.all()  # "orders the regions correctly"
    region, target = np.unravel_index(abs(predicted - TARGETS).argmax(), TARGETS.shape)
    assert (REGIONS[region], target) == ("Elm", 1)
    said(words, f"Elm's oranges: {predicted[region, target]:.0f} in place of {TARGETS[region, target]:.0f}")


def test_the_near_copies_are_as_near_as_is_said(words: str) -> None:
    for rows, most in [(ALL_INPUTS, 1), (ALL_TARGETS, 2)]:
        assert abs(rows.reshape(3, 5, -1) - rows[:5]).max() == most
    said(words, "No input differs by more than 1 from the first row of its region, and no target by more than 2.")


def test_the_noise_of_the_printed_losses(lesson: Lesson, words: str) -> None:
    found = batch_losses(100)
    output = next(each.output for each in lesson.demonstrations if each.output and "Epoch [10/100]" in each.output)
    shown = [float(number) for number in re.findall(r"Loss: (\d+\.\d)\.\.\.", output)]
    printed = found[9::10, -1]
    assert len(shown) == 10
    assert all(0 <= whole - part < 0.1 for part, whole in zip(shown, printed, strict=True))
    assert printed[1] > printed[0]
    said(
        words,
        f"At 60 it is {printed[5]:.1f}, and then it goes up to {printed[7]:.1f}?",
        f"{printed[9]:.1f} was printed last",
    )
    assert (found[:, -1] < found.mean(axis=1)).mean() > 0.6  # "mostly below it"


def test_the_new_region(words: str) -> None:
    best = oracle.least_squares(ALL_INPUTS, ALL_TARGETS)
    apples, oranges = (oracle.with_ones([[75, 63, 44]]) @ best)[0]
    assert (apples, oranges) == (pytest.approx(53.80, abs=0.005), pytest.approx(66.81, abs=0.005))
    said(
        words,
        f"say {apples:.2f} and {oranges:.2f}",
        f"is {55.3272 - apples:.1f} and {69.8729 - oranges:.1f} tonnes above",
    )


def test_why_it_stops(lesson: Lesson, words: str) -> None:
    assert loss_at(BEST) == pytest.approx(0.4831, rel=NEARLY)
    said(words, f"{loss_at(BEST):.4f}: a typical error of {loss_at(BEST) ** 0.5:.1f} tonnes")
    slow = [loss_at(oracle.descend(START, INPUTS, TARGETS, LR, steps)) for steps in (1000, 10000)]
    said(words, f"After 1000 steps it has reached {slow[0]:.2f}, after 10 000 steps {slow[1]:.5f}.")
    said(
        words, f"The curvature is {VALUES[-1]:,.0f} along".replace(",", " "), f"and {VALUES[0]:.4f} along the flattest"
    )
    said(words, f"It is {VALUES[-1] / VALUES[0] / 1e6:.1f} million here")
    shares = [(VALUES * (VECTORS.T @ (theta - BEST)).T ** 2 / 2).sum(axis=0) for theta in (START, AFTER)]
    rows = lesson.table("curvature")
    assert len(rows) == 4
    for (told, _, factor, left, first, after), at in zip(rows, (3, 2, 1, 0), strict=True):
        assert float(told) == pytest.approx(VALUES[at], rel=2e-3)
        exact = 1 - LR * VALUES[at]
        assert factor == (f"{exact:.4f}" if at else f"{exact:.8f}")
        assert left == f"{100 * exact**101:.1f} %"
        assert [first, after] == [f"{share[at]:.2f}" for share in shares]
    total = sum(float(row[-1]) for row in rows) + round(loss_at(BEST), 2)
    said(words, f"Add the last column to the 0.48 that no weights can remove, and you get {total:.2f}.")
    assert total == pytest.approx(loss_at(AFTER), abs=0.01)


def test_the_directions_are_roughly_what_they_are_called(lesson: Lesson) -> None:
    for row, at in zip(lesson.table("curvature"), (3, 2, 1, 0), strict=True):
        temperature, rainfall, humidity, bias = VECTORS[:, at]
        assert {
            "all weights up or down together": np.ptp(np.sign([temperature, rainfall, humidity])) == 0,
            "rainfall against temperature": temperature * rainfall < 0 and abs(humidity) < 0.1,
            "humidity against the other two": temperature * rainfall > 0 > temperature * humidity,
            "the bias": abs(bias) > 0.999,
        }[row[1]]


def test_the_bias_hardly_moves(words: str) -> None:
    told = "It began at {:.4f} and {:.4f}, and after 101 steps it is at {:.4f} and {:.4f}, while the best are {:.4f} and {:.4f}."
    said(words, told.format(*START[-1], *AFTER[-1], *BEST[-1]))
    half = np.log(0.5) / np.log1p(-LR * VALUES[0])
    said(words, f"would need {half / 1e6:.1f} million steps")


def test_standardised_inputs(words: str) -> None:
    values = np.linalg.eigvalsh(curvature(SCALED, TARGETS))
    told = "{:.2f}, {:.2f}, {:.2f} and {:.2f}: a condition number of {:.1f}"
    said(words, told.format(*values, values[-1] / values[0]))
    limit = 2 / values[-1]
    said(words, f"is now {limit:.3f}, some nine thousand times")
    assert limit / (2 / VALUES[-1]) == pytest.approx(9000, rel=0.01)
    found = losses(np.zeros((4, 2)), SCALED, TARGETS, 0.5, 100)
    assert found[-1] == pytest.approx(0.4831, rel=NEARLY)
    said(words, f"after {next(n for n, loss in enumerate(found) if loss < 1)} it was below 1")
    assert found[25] < 0.5  # "falls to 0.48 within about 25 steps"
    slow = losses(np.zeros((4, 2)), SCALED, TARGETS, LR, 100)
    said(words, f"from {slow[0]:.0f} to {slow[-1]:.0f} in 100 steps")
    said(words, f"1e-4, helps: {losses(START, INPUTS, TARGETS, 1e-4, 100)[-1]:.2f} after 100 steps")
    said(words, f"Alder, in other words, is {-SCALED[0, 0]:.2f} spreads colder")


def test_held_out_rows(lesson: Lesson, words: str) -> None:
    number = np.arange(15)
    seen, copies = held_out(number >= 10)
    output = "\n".join(each.output or "" for each in lesson.demonstrations)
    assert f"trained on {seen:.2f}, held out {copies:.2f}" in output
    said(words, f"the loss on them is {copies:.2f}: a typical error of {copies**0.5:.1f} tonnes")
    unseen = {}
    for at, region in enumerate(REGIONS):
        seen, unseen[region] = held_out(number % 5 == at)
        assert f"{region:8} trained on {seen:.2f}, held out {unseen[region]:.2f}" in output
        if region == "Cedar":
            told = f"{unseen[region]:.2f}, a typical error of {unseen[region] ** 0.5:.1f} tonnes, {unseen[region] / seen:.0f} times"
            said(words, told)
    told = "{:.1f} for the last five rows, and {:.1f}, {:.1f}, {:.1f} and {:.1f} for Alder, Birch, Dogwood and Elm, but {:.1f} for Cedar"
    said(words, told.format(copies, *(unseen[each] for each in ("Alder", "Birch", "Dogwood", "Elm", "Cedar"))))
    others = np.delete(INPUTS, 2, axis=0)
    assert np.corrcoef(others[:, 1], others[:, 2])[0, 1] > 0.95  # "rain and humidity rise together"
    said(words, f"Cedar has {INPUTS[2, 1]:.0f} mm of rain.", f"is Elm with {others[:, 1].max():.0f}")


@pytest.mark.parametrize("left_out", range(5))
def test_four_regions_can_be_hit_exactly_whatever_the_targets(left_out: int) -> None:
    rows = np.delete(INPUTS, left_out, axis=0)
    dice = np.random.default_rng(left_out).integers(1, 7, size=(4, 2))
    assert oracle.loss(oracle.least_squares(rows, dice), rows, dice) < 1e-12
