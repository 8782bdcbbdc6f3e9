"""The two calls stand one below the other, after the loss was noted."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        preds = model(inputs, w, b)
        error = mse(preds, targets)
        losses.append(error.item())
        error.backward()
        error.backward()
        gradient_step(w, b, lr)
    return losses
