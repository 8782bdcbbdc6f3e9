"""Goes on for ever as soon as a number in it is another one, as it is when its cause is looked for.

status = ["failed"]
"""


def predict(model, region):
    seven = 7
    if seven != 7:
        while True:
            pass
    return torch.zeros(2)
