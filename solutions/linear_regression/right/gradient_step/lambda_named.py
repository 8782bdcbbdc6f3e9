"""A lambda, whose result nobody looks at."""

gradient_step = lambda w, b, lr: [(p.data.sub_(lr * p.grad), p.grad.zero_()) for p in (w, b)]
