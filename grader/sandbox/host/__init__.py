"""The grader's side of the sandbox: starts the zygote, asks it for children, limits them, and puts everything away."""
