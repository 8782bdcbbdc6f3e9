"""model.predict, as in other libraries.

Shows: AttributeError: 'Linear' object has no attribute 'predict'.
Says: A PyTorch model has no method predict(); another library's models do. Call the model like a function.
Lesson: the-linear-layer
"""

import torch


def predict(model, region):
    with torch.no_grad():
        return model.predict(torch.tensor([list(region)], dtype=torch.float32))[0]
