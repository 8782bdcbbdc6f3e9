"""The model is given the whole batch.

Shows: TypeError: linear(): argument 'input' (position 1) must be Tensor, not list.
Says: The model was given the whole batch, the pair of inputs and targets. Unpack it, and give the model the inputs.
Lesson: datasets-and-batches
"""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(1, num_epochs + 1):
        for batch in train_dl:
            loss = loss_fn(model(batch), batch)
            loss.backward()
            opt.step()
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}")
