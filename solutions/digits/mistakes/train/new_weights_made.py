"""New tensors under the old names.

Shows: The losses are right, w and b haven't changed.
Says: w and b are as they were: the steps have made new tensors, which only the function knows. Change the tensors
that it was given, in place.
Lesson: the-training-loop
"""


def train(x, y, w, b, lr, num_epochs):
    losses = []
    for _ in range(num_epochs):
        loss = cross_entropy(scores(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        w = (w - lr * w.grad).detach().requires_grad_()
        b = (b - lr * b.grad).detach().requires_grad_()
    return losses
