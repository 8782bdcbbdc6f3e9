"""The hidden run: submissions collected, run in the sandbox against hidden checks, and their causes named."""
