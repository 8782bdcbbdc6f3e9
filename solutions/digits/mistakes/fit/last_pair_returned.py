"""Only the last pair comes back.

Shows: A pair in place of a list.
Says: Only the last epoch's pair came back. The history is the list of all of them.
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
        history.append((total / rows, evaluate(model, validation_dl)[1]))
    return history[-1]
