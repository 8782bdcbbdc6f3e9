"""The prediction is computed and not returned.

Shows: None.
Says: Nothing came back. What a function computes is gone when it ends, unless it is returned: return the
prediction.
Lesson: a-new-region
"""

import torch


def predict(model, region):
    with torch.no_grad():
        prediction = model(torch.tensor([list(region)], dtype=torch.float32))[0]
