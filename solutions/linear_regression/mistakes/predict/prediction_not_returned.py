"""The prediction is computed and not returned.

Shows: None.
Says: Nothing came back: the prediction was computed and then dropped. Return it.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        prediction = model(torch.tensor([list(region)], dtype=torch.float32))[0]
