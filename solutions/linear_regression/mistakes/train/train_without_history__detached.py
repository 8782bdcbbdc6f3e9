"""The predictions are detached."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        preds = model(inputs, w, b).detach()
        loss = mse(preds, targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
