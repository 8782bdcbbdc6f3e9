"""The lines are gathered, and printed when all is done, with a word of thanks."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    lines = []
    for epoch in range(num_epochs):
        for i, (xb, yb) in enumerate(train_dl):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if (epoch + 1) % 10 == 0:
            lines.append(f"Epoch [{epoch + 1}/{num_epochs}], Loss: {loss.item():.4f}")
    for line in lines:
        print(line)
    print("Training finished.")
