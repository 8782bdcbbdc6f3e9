"""What torch says of gradients, and of optimizers, models, datasets and loaders given something else than they want."""

from __future__ import annotations

from grader.checks.explanations.row import NAME, NUMBER, SIZES, kind_of, row, shape, word

_FORGOTTEN = (
    "detach(), item(), .data, torch.tensor(), torch.no_grad(), NumPy and whole numbers cut a result off from what it "
    "came from."
)
_BLOCK = (
    "An update of parameters belongs inside `with torch.no_grad():`. Anything else makes a new tensor, as `x = x - 1` "
    "does and `x -= 1` doesn't."
)

GRADIENTS_ROWS = (
    row(
        r"a view of a leaf Variable that requires grad (?:is being|has been) used",
        "A part of a tensor that requires gradients was changed in place while torch keeps track of what is done to "
        f"it. {_BLOCK}",
    ),
    row(
        r"a leaf Variable that requires grad (?:is being|has been) used",
        "A tensor that requires gradients was changed in place while torch keeps track of what is done to it. "
        f"{_BLOCK}",
    ),
    row(
        r"Trying to backward through the graph a second time",
        "backward() has already gone through the computation of this result: inside the function, or in an earlier "
        "call from which something was kept. Leave backward() to the caller.",
        stages="backward",
    ),
    row(
        r"Trying to backward through the graph a second time",
        "backward() went through the same computation twice, and torch drops a computation after the first time. "
        "Was backward() called twice on one result, or something used again that was computed before the first time, "
        "such as before a loop?",
    ),
    row(
        r"grad can be implicitly created only for scalar outputs",
        "The result doesn't hold exactly one number, and a single one is expected.",
        stages="backward",
    ),
    row(
        r"grad can be implicitly created only for scalar outputs",
        "A gradient was computed from a tensor that doesn't hold exactly one number. Start from a single number, such "
        "as the tensor's sum() or mean().",
    ),
    row(
        r"element \d{1,9} of (?:the )?(?:variables|tensors) does not require grad",
        "No gradient can be computed through the result: it doesn't depend on the arguments, or is cut off from them. "
        f"{_FORGOTTEN}",
        stages="backward",
    ),
    row(
        r"element \d{1,9} of (?:the )?(?:variables|tensors) does not require grad",
        "A gradient was computed from something that depends on no tensor that requires gradients. Is requires_grad "
        f"set on the parameters? {_FORGOTTEN}",
    ),
    row(
        r"One of the differentiated Tensors does not require grad",
        "A gradient was requested for a tensor that doesn't require any. Set its requires_grad before computing with "
        "it.",
    ),
    row(
        r"differentiated Tensors? .{0,40}appears to not have been used in the graph",
        "A gradient was requested for a tensor that the result doesn't depend on. Compute the result with that very "
        "tensor, not with a copy of it.",
    ),
    row(
        r"has been modified by an inplace operation",
        "A tensor was changed in place after it had been used, and backward() needs it as it was. Change it after "
        "backward(), or make a new tensor instead: x = x + 1 in place of x += 1.",
    ),
    row(
        r"is a view and .{0,60}modified inplace",
        "A piece of a tensor, as a loop over it or unbind() gives them, was changed in place while torch keeps track "
        "for the gradients. Make a new tensor instead, or put the whole of it inside torch.no_grad().",
    ),
    row(
        r"A view was created in (?:no_grad|inference) mode and .{0,60}modified",
        "A part of a tensor was taken inside torch.no_grad() and changed in place outside of it. Put both inside.",
    ),
    row(
        r"(?:Inference tensors cannot be|on inference tensor|to inference tensor)",
        "A tensor that was made inside torch.inference_mode() was used where gradients are recorded. Take "
        "torch.no_grad() instead.",
    ),
    row(
        r"can only change requires_grad flags of leaf variables",
        "requires_grad was changed on a tensor that came out of a computation. It can be changed only on tensors "
        "that were made directly; detach() gives one with the same numbers.",
    ),
    row(
        r"can't optimize a non-leaf Tensor",
        "The optimizer was given a tensor that came out of a computation. Give it the parameters themselves: tensors "
        "that were made directly, with requires_grad=True.",
    ),
    row(
        r"[Oo]nly Tensors of floating point .{0,20}dtype can require gradients",
        "Only tensors of floating-point numbers can have gradients, and this one holds whole numbers or truth "
        "values. Convert it first, with float().",
    ),
    row(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "A tensor that requires gradients can't become a NumPy array. To look at its numbers, use detach() first; to "
        "compute gradients, stay with torch all the way.",
    ),
    row(
        r"assigned grad expected to be a Tensor or None but got grad of type '?(?P<kind>[\w.]{1,60})",
        ".grad can be set to None or to a tensor of the same shape, and was set to something of type {kind}.",
    ),
    row(
        rf"attempting to assign a gradient of size '\[(?P<new>{SIZES})\]' to a tensor of size '\[(?P<old>{SIZES})\]'",
        lambda found, _: (
            f"A gradient of shape {shape(found['new'])} was given to a tensor of shape {shape(found['old'])}. A "
            "gradient has the shape of its tensor."
        ),
    ),
    row(
        rf"attempting to assign a gradient with (?:dtype|device type) '(?P<new>{NAME})'",
        "A gradient has the dtype and the device of its tensor, and this one ({new}) has not.",
    ),
    row(
        rf"Mismatch in shape: grad_output\[\d{{1,9}}\] has a shape of torch.Size\(\[(?P<sent>{SIZES})\]\) and "
        rf"output\[\d{{1,9}}\] has a shape of torch.Size\(\[(?P<got>{SIZES})\]\)",
        lambda found, seen: (
            f"The function returned a tensor of shape {shape(found['got'])} where one of shape {shape(found['sent'])} "
            "is "
            "expected."
            if seen.stage == "backward"
            else f"backward() was given a gradient of shape {shape(found['sent'])} for a result of shape "
            f"{shape(found['got'])}. The two must be the same."
        ),
    ),
    row(
        r"functions with out=\.\.\. arguments don't support automatic differentiation",
        "torch computes no gradients through out=. Give the result a name with = instead.",
    ),
    row(
        r"cannot resize variables that require grad",
        "A tensor that requires gradients can't be resized in place. Make a new one, with reshape() or view().",
    ),
    row(
        r"Only Tensors created explicitly by the user .{0,20}support the deepcopy protocol",
        "A tensor that came out of a computation can't be deep-copied. Use clone(), or copy its detach().",
    ),
)


_PARAMETERS = "Give it the parameters of a model, model.parameters(), or a list of tensors that require gradients."

DATA_ROWS = (
    row(
        r"optimizer got an empty parameter list",
        "The optimizer was given no parameters. Has the model any? The result of model.parameters() can be looped "
        "over only once.",
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
