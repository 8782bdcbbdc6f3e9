"""Hidden checks of `save_and_load`.

The file is in memory, and its bytes come back. They are searched, and never loaded: they are a learner's. Whether what
was loaded came from the file can't be seen.
"""

from grader.checks import Build, check, guard
from solutions.digits.hidden.parts import linear

FILE = "torch.serialization.io.BytesIO"
FRAME = 8000  # bytes that a file of torch has besides the numbers, and more
CLASSES = b"torch.nn.modules"  # stands where the model itself was saved, with its classes


def content(outcome):
    """The bytes of the file afterwards."""
    data = outcome.after(2)
    if data is None:
        outcome.fail("The file is closed afterwards: leave it open, for whoever gave it to you.")
    if not isinstance(data, bytes):
        outcome.fail("The file holds too much to be looked at: it should hold the model's parameters alone.")
    return data


def saved(outcome, state):
    """The file holds these parameters as numbers, and no model."""
    data = content(outcome)
    for name, tensor in state.items():
        if tensor.numpy().tobytes() not in data:
            outcome.fail(f"The file doesn't hold the {name} of the first model.")
    if CLASSES in data:
        outcome.fail("The file holds the whole model, with its classes: it should hold the model's state_dict.")


def deep(draw):
    return Build("torch.nn.Sequential", (linear(draw, 3, 4), Build("torch.nn.Tanh"), linear(draw, 4, 2)))


@check("save_and_load", points=2)
def test_fresh_has_the_parameters(student, draw):
    """saves the first model's parameters to the file, and leaves the other model with them"""
    for d, k in [(6, 3), (6, 3), (64, 10)]:
        model, fresh = linear(draw, d, k), linear(draw, d, k)
        outcome = student.save_and_load(model, fresh, Build(FILE))
        outcome.trained(1, model.state)
        saved(outcome, model.state)
    model, fresh = deep(draw), deep(draw)
    outcome = student.save_and_load(model, fresh, Build(FILE))
    first, _, last = model.args
    state = {f"{at}.{name}": part.state[name] for at, part in ((0, first), (2, last)) for name in part.state}
    outcome.trained(1, state)
    saved(outcome, state)


@check("save_and_load", points=1)
def test_size(student, draw):
    """returns how many bytes the file has"""
    for d, k in [(64, 10), (700, 9)]:
        outcome = student.save_and_load(linear(draw, d, k), linear(draw, d, k), Build(FILE))
        size, data = outcome.value, content(outcome)
        if type(size) is not int:
            outcome.fail("The number of bytes should be an int.")
        outcome.equals("the number of bytes", size, len(data))
        if len(data) > 4 * (d + 1) * k + FRAME:
            outcome.fail("The file holds more than the model's parameters: its size is far more than theirs.")


@guard("save_and_load", penalty=0.5)
def test_leaves_the_model_alone(student, draw):
    """leaves the first model as it was"""
    model = linear(draw, 4, 2)
    student.save_and_load(model, linear(draw, 4, 2), Build(FILE)).trained(0, model.state)
