"""Starts programs that go on when it is gone."""

import subprocess


def predict(model, region):
    for options in ({"start_new_session": True}, {"process_group": 0}, {"close_fds": False}):
        tried("sleep", subprocess.Popen, ["sleep", "30"], **options)
    tried("nohup", os.posix_spawn, "/usr/bin/nohup", ["nohup", "sleep", "30"], {}, setsid=True)
    tried("shell", os.posix_spawnp, "sh", ["sh", "-c", "sleep 30 &"], {})
    tell()
