"""No accuracies.

Shows: A list of floats.
Says: The history has the losses only. Each of its items is a pair: the loss and the accuracy on the validation set.
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
            opt.zero_grad()
            total += loss.item() * len(y)
            rows += len(y)
        history.append(total / rows)
    return history
