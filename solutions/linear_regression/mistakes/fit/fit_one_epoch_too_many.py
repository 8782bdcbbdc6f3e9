"""range(num_epochs + 1) has one epoch more.

Shows: One epoch too many.
Says: There is one epoch too many. A loop over range(n + 1), for one, has n + 1 rounds, as it counts from 0: begin
with 1, or leave out the + 1.
Lesson: fit
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs + 1):
        for xb, yb in train_dl:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
