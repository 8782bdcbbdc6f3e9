"""Every tenth epoch, under its number counted from zero.

Shows: The parameters are right; lines for 9, 19, 29.
Says: The training is right, and the lines come at the right time, but they tell the number of the epoch before: 9
for the tenth. Tell the epoch as it is counted from 1.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
