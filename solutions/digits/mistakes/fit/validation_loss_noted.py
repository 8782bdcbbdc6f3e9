"""The wrong one of the two numbers.

Shows: The validation loss in place of the accuracy.
Says: The second number is the validation loss. evaluate gives the loss and the accuracy; the history needs the
accuracy.
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
        history.append((total / rows, evaluate(model, validation_dl)[0]))
    return history
