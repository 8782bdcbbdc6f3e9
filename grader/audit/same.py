"""Whether two answers to one call are the same, but for rounding, in everything that a check could look at."""

from __future__ import annotations

from collections.abc import Collection

from grader.checks.observed import alike, features
from grader.wire.messages import Call, Iterate, Raised, Reply

Answer = tuple[Reply | Raised, str]
# What an answer consists of, and what each part is called in a sentence. Those of an argument end in its number.
PARTS = {
    "value": "what is returned",
    "items": "what is gone through",
    "printed": "what is printed",
    "after": "an argument afterwards",
    "grad": "the gradient of an argument afterwards",
    "leaf": "whether an argument is a leaf that requires gradients afterwards",
}


def difference(call: Call, one: Answer, other: Answer, free: Collection[str] = ()) -> str | None:
    """The first part in which two answers differ; None when they are the same. Parts in `free` are not compared."""
    parts = [*(["items"] if isinstance(call.then, Iterate) else []), "value", "printed"]
    parts += [f"{part}:{index}" for part in ("after", "grad", "leaf") for index in range(len(call.args))]
    for part in parts:
        name = part.partition(":")[0]
        if name not in free and not alike(features(*one, {part}), features(*other, {part})):
            return name
    return None
