"""The rows of the dataset, one by one.

Shows: A step for each row; right for batches of one row.
Says: A step was taken for every single row, as if the loop went over the dataset. Go over the loader, which gives
batches.
Lesson: datasets-and-batches
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for xb, yb in train_dl.dataset:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
