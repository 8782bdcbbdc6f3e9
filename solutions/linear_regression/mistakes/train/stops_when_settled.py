"""It stops when the loss hardly changes any more.

Shows: Fewer losses than epochs, where the loss settles.
Says: The training ends early where the loss hardly changes. A loss can stay nearly the same for long while w and b have
far to go. Train for all num_epochs epochs.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        if len(losses) > 1 and abs(losses[-2] - losses[-1]) < 0.001:
            break
        loss.backward()
        gradient_step(w, b, lr)
    return losses
