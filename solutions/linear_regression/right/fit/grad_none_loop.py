"""Gradients are set to None by hand."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    for epoch in range(num_epochs):
        for batch in train_dl:
            x, y = batch
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            for group in opt.param_groups:
                for parameter in group["params"]:
                    parameter.grad = None
        number = epoch + 1
        if number % 10 == 0:
            print("Epoch [" + str(number) + "/" + str(num_epochs) + "], Loss: " + format(loss.item(), ".4f"))
