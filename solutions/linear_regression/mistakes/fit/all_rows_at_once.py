"""The whole dataset as one batch.

Shows: One step for each epoch, with all rows; right for one batch.
Says: Each epoch was one step for all rows together. Go over the loader, and take a step for each of its batches.
Lesson: datasets-and-batches
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    inputs, targets = train_dl.dataset[:]
    for epoch in range(1, num_epochs + 1):
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        opt.step()
        opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
