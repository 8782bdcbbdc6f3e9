"""Trains on the validation set as well.

Shows: Other parameters.
Says: The model was trained on the validation set, too. Then its accuracy there says nothing any more: those rows are
for measuring only.
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
        for x, y in validation_dl:
            F.cross_entropy(model(x), y).backward()
            opt.step()
            opt.zero_grad()
        history.append((total / rows, evaluate(model, validation_dl)[1]))
    return history
