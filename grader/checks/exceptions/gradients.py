"""What torch says of gradients: of leaves, of graphs, and of what was changed in place."""

from __future__ import annotations

from grader.checks.exceptions.row import NAME, SIZES, row, shape

_FORGOTTEN = (
    "detach(), item(), .data, torch.tensor(), torch.no_grad() and NumPy cut a result off from what it came from."
)

ROWS = (
    row(
        r"a view of a leaf Variable that requires grad (?:is being|has been) used",
        "A part of a tensor that requires gradients was changed in place while torch keeps track of what is done to "
        "it. A change that is not itself to be differentiated belongs inside torch.no_grad().",
    ),
    row(
        r"a leaf Variable that requires grad (?:is being|has been) used",
        "A tensor that requires gradients was changed in place while torch keeps track of what is done to it. A "
        "change that is not itself to be differentiated belongs inside torch.no_grad().",
    ),
    row(
        r"Trying to backward through the graph a second time",
        "What it returned had already been sent backward inside of it. Leave backward() to whoever gets the result.",
        stages="backward",
    ),
    row(
        r"Trying to backward through the graph a second time",
        "backward() went through the same computation twice, and torch drops a computation after the first time. "
        "Compute the result anew before each backward(): in a loop, everything from the inputs to the loss.",
    ),
    row(
        r"grad can be implicitly created only for scalar outputs",
        "What it returned holds more than one number, where a single one is expected.",
        stages="backward",
    ),
    row(
        r"grad can be implicitly created only for scalar outputs",
        "The gradient was asked of a tensor that holds more than one number. Only a single number can be sent "
        "backward: make one out of the tensor first, such as its sum() or mean().",
    ),
    row(
        r"element \d{1,9} of (?:the )?(?:variables|tensors) does not require grad",
        f"What it returned is cut off from its arguments: no gradient can be computed through it. {_FORGOTTEN}",
        stages="backward",
    ),
    row(
        r"element \d{1,9} of (?:the )?(?:variables|tensors) does not require grad",
        "The gradient was asked of something that depends on no tensor that requires gradients. Was requires_grad "
        f"set on what is to be learned? {_FORGOTTEN}",
    ),
    row(
        r"One of the differentiated Tensors does not require grad",
        "The gradient was asked for a tensor that doesn't require any. Set its requires_grad before computing with it.",
    ),
    row(
        r"differentiated Tensors? .{0,40}appears to not have been used in the graph",
        "The gradient was asked for a tensor that the result doesn't depend on. Compute the result with that very "
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
        "The optimizer was given a tensor that came out of a computation. It wants the parameters themselves: "
        "tensors that were made directly, with requires_grad=True.",
    ),
    row(
        r"[Oo]nly Tensors of floating point .{0,20}dtype can require gradients",
        "Only tensors of floating-point numbers can have gradients, and this one holds whole numbers or truth "
        "values. Convert it first, with float().",
    ),
    row(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "A tensor that requires gradients was to become a NumPy array. Just to look at it, take its detach(); what "
        "is to be differentiated must stay in torch all the way.",
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
            f"It returned a tensor of shape {shape(found['got'])} where one of shape {shape(found['sent'])} is "
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
        "A tensor that came out of a computation was to be copied. Copy its detach(), or take clone().",
    ),
)
