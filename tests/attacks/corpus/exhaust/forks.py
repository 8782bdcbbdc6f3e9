"""Forks as often as it can."""


def predict(model, region):
    made = 0
    for _ in range(300):
        try:
            if os.fork() == 0:
                __import__("time").sleep(20)
                os._exit(0)
            made += 1
        except OSError as error:
            _note(errno.errorcode[error.errno])
            break
    if made:
        succeeded(f"{made} processes run")
    tell()
