"""The flag is set by hand."""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets).clone().detach()
        loss.requires_grad = True
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
