"""The mean of the batches' losses.

Shows: Other losses where the last batch is smaller.
Says: The losses of the batches were averaged as they are, and so the rows of a small last batch count more. Multiply
each by the number of its rows, and divide by all rows.
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
            total += loss.item()
            rows += 1
        history.append((total / rows, evaluate(model, validation_dl)[1]))
    return history
