"""Optimizers, models, datasets and loaders that were given something else than they want."""

from __future__ import annotations

from grader.checks.exceptions.kinds import kind_of
from grader.checks.exceptions.row import NAME, NUMBER, row, word

_PARAMETERS = "It wants the parameters of a model, model.parameters(), or a list of tensors that require gradients."

ROWS = (
    row(
        r"optimizer got an empty parameter list",
        "The optimizer was given no parameters. Has the model any? What model.parameters() gives can be gone through "
        "only once.",
    ),
    row(
        r"params argument given to the optimizer should be an iterable",
        f"The optimizer was given a single tensor. {_PARAMETERS} A single tensor is put in square brackets.",
    ),
    row(
        r"optimizer can only optimize Tensors, but one of the params is (?P<kind>[\w.]{1,80})",
        lambda found, _: f"The optimizer was given {kind_of(found['kind'].rpartition('.')[2])}. {_PARAMETERS}",
    ),
    row(
        r"some parameters appear in more than one parameter group",
        "The optimizer was given a parameter twice.",
    ),
    row(
        rf"^Invalid (?:learning rate|\w{{1,20}} value|beta parameter at index \d): "
        rf"(?P<value>{NUMBER}(?:\.\d{{1,18}})?)",
        "The optimizer was given {value} for one of its settings, which it can't be. A learning rate is 0 or more.",
        "ValueError",
    ),
    row(
        r"^Size mismatch between tensors",
        "The tensors of a dataset must have equally many rows: one for each item. Print the shapes of both before "
        "this line.",
        "AssertionError",
    ),
    row(
        r"each element in list of batch should be of equal size",
        "The items of a batch can't be put together: some have more parts than others. Does the data give an input "
        "and a target for every item?",
    ),
    row(
        r"batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '(?P<kind>[\w.]{1,60})'>",
        lambda found, _: (
            f"An item of the data is {kind_of(found['kind'])}. A batch is put together from tensors or numbers."
        ),
    ),
    row(
        r"batch_size should be a positive integer value",
        "The size of a batch must be a whole number, 1 or more, and was something else. Are the arguments in the "
        "right order? A DataLoader takes one dataset and then the size of a batch.",
    ),
    row(
        r"num_samples should be a positive integer value, but got num_samples=0",
        "There is nothing to load: the data has no items.",
    ),
    row(
        r"sampler option is mutually exclusive with shuffle|is mutually exclusive with",
        "Two options of the DataLoader exclude each other. Are its arguments in the right order? They are safer by "
        "name.",
        "ValueError",
    ),
    row(
        r"Sum of input lengths does not equal the length of the input dataset",
        "The parts into which the data is split must add up to the number of its items.",
    ),
    row(
        r"Subclasses of Dataset should implement (?P<name>\w{1,40})",
        "A Dataset needs a method {name}, and this one has none. Is it spelled so, and indented as part of the class?",
    ),
    row(
        r"Module \[\w{1,60}\] is missing the required \"?forward",
        "A model needs a method forward, and this one has none. Is it spelled so, and indented as part of the class?",
    ),
    row(
        r"[Tt]arget (?P<n>-?\d{1,18}) is out of bounds",
        "There is no class number {n}: the classes are counted from 0, and a prediction has one number for each of "
        "them.",
    ),
    row(
        r"all elements of (?P<which>input|target) should be between 0 and 1",
        "This loss wants probabilities between 0 and 1, and got other numbers as its {which}.",
    ),
    row(
        r"(?:Error\(s\) in loading state_dict|size mismatch for (?P<name>[\w.]{1,60}))",
        "The values that were loaded don't belong to a model like this one: names or shapes differ.",
    ),
    row(
        rf"^(?P<value>\w{{1,40}}) is not a valid value for (?P<name>{NAME})",
        lambda found, _: f"{word(found['value'])} is no value that {word(found['name'])} may have.",
        "ValueError",
    ),
)
