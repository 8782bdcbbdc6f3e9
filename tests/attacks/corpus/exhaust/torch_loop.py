"""Has torch multiply large matrices without end.

status = ["timed_out"]
words = "second"
"""


def predict(model, region):
    a = torch.rand(600, 600)
    while True:
        a = a @ a / 300
