"""The accuracy is measured on train_dl.

Shows: Other accuracies.
Says: The accuracy in the history is that of the training set. It should be measured on validation_dl, whose rows are
not trained on.
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
        history.append((total / rows, evaluate(model, train_dl)[1]))
    return history
