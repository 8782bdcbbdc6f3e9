"""The sum over the batches.

Shows: The parameters are right; the printed loss is the sum of the epoch's losses.
Says: The training is right, but the printed loss is the sum of the epoch's batches, so it depends on how many there
are. The exercise asks for the last batch's loss.
Lesson: the-noisy-loss
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        running_loss = 0.0
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            running_loss += loss.item()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {running_loss:.4f}")
