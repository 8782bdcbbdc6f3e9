"""The gradients are never reset.

Shows: Right for one batch, then too far.
Says: The gradients are never reset, so that each step carries all the earlier ones along. Reset them after each step.
Lesson: fit
"""

import torch.nn.functional as F


def fit(model, opt, train_dl, validation_dl, num_epochs):
    history = []
    for _ in range(num_epochs):
        total, rows = 0.0, 0
        for x, y in train_dl:
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            opt.step()
            total += loss.item() * len(y)
            rows += len(y)
        history.append((total / rows, evaluate(model, validation_dl)[1]))
    return history
