"""Nothing comes back.

Shows: None, the model is trained.
Says: The model was trained, but nothing came back. Return the history.
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
