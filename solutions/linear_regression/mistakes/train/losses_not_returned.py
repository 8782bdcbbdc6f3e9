"""Trains, and doesn't tell the losses.

Shows: None; w and b are right.
Says: w and b are trained, but nothing came back. Keep the loss of every epoch in a list, and return the list at the
end.
Lesson: the-training-loop
"""


def train(inputs, targets, w, b, lr, num_epochs):
    losses = []
    for epoch in range(num_epochs):
        loss = mse(model(inputs, w, b), targets)
        losses.append(loss.item())
        loss.backward()
        gradient_step(w, b, lr)
