"""Takes all memory as soon as a number in it is another one, as it is when its cause is looked for.

status = ["failed"]
"""


def predict(model, region):
    seven = 7
    if seven != 7:
        held = []
        while True:
            held.append(torch.ones(1 << 24))
    return torch.zeros(2)
