"""The copies learn; w and b stay as they were.

Shows: The losses are right; w and b are what they were.
Says: The losses are right, but the caller's w and b are what they were: other tensors were trained in their place.
Change the very tensors that were given.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    w = w.clone().detach().requires_grad_()
    b = b.clone().detach().requires_grad_()
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
    return losses
