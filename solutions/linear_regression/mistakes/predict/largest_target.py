"""argmax, as in a classifier.

Shows: 0 or 1, the index of the larger number.
Says: The answer is an index: it tells which of the two numbers is larger, as one does to tell classes apart. The
exercise asks for the two numbers themselves.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model(torch.tensor([list(region)], dtype=torch.float32)).argmax()
