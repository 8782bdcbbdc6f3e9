"""Runs other programs, in every way that Python knows."""

import multiprocessing
import pty
import subprocess


def in_a_terminal():
    if pty.fork()[0] == 0:
        os._exit(0)


def predict(model, region):
    for program in ("/bin/sh", "/bin/true", "/usr/bin/env", KNOWN["python"], "/proc/self/exe"):
        tried("run", subprocess.run, [program, "-c", "exit 0"])
        tried("spawn", os.posix_spawn, program, [program], {})
        tried("exec", os.execv, program, [program, "-c", "exit 0"])
        tried("spawnv", os.spawnv, os.P_NOWAIT, program, [program])
    if os.system("true") == 0:
        succeeded("system")
    tried("pty", in_a_terminal)
    tried("process", multiprocessing.Process(target=print).start)
    tried("popen", os.popen, "true")
    tell()
