"""Makes tensors until there is no memory.

words = "memory"
"""


def predict(model, region):
    held = []
    for _ in range(50):
        held.append(torch.ones(10_000_000))
    raise RuntimeError("SUCCEEDED: 2 GB were given")
