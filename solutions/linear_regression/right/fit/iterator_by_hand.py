"""while, iter and next."""


def fit(num_epochs, model, loss_fn, opt, train_dl):
    done = 0
    while done < num_epochs:
        batches = iter(train_dl)
        while (batch := next(batches, None)) is not None:
            loss = loss_fn(model(batch[0]), batch[1])
            loss.backward()
            opt.step()
            opt.zero_grad()
        done += 1
        if done % 10 == 0:
            print("Epoch [", done, "/", num_epochs, "], Loss: ", f"{loss.item():.4f}", sep="")
