"""An optimizer is made anew for each batch, with the learning rate of the given one.

Shows: Right for plain gradient descent; a momentum is forgotten.
Says: The steps are those of plain gradient descent at the optimizer's rate; the rest of the optimizer, such as its
momentum, is lost. Let the given optimizer take the steps, for all batches.
Lesson: the-optimizer
"""

import torch


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt = torch.optim.SGD(model.parameters(), lr=opt.param_groups[0]["lr"])
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
