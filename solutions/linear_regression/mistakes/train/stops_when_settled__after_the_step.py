"""It makes the step first, and compares the loss with the one before."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    previous = float("inf")
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        loss.backward()
        gradient_step(w, b, lr)
        losses.append(loss.item())
        if abs(previous - loss.item()) < 1e-4:
            break
        previous = loss.item()
    return losses
