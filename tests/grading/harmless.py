"""What a module may do while it is imported without harm to anybody: lines that pass on a learner's own machine."""

# fmt: off
LINES = {
    'reconfigure': 'import sys; sys.stdout.reconfigure(encoding="utf-8")',
    'reconfigure2': 'import sys; sys.stdout.reconfigure(line_buffering=True); sys.stderr.reconfigure(errors="replace")',
    'stdin': 'import sys; sys.stdin.reconfigure(encoding="utf-8"); assert sys.stdin.read() == ""',
    'isatty': 'import sys; assert not sys.stdout.isatty(); sys.stdout.fileno(); sys.stderr.fileno(); assert sys.stdout.encoding.lower() == "utf-8"',
    'odd': 'print("\\ud800 ☃ \\U0001f600")',
    'odd_err': 'import sys; print("\\ud800 ☃", file=sys.stderr)',
    'wrapper': 'import sys, io; sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8"); print("x")',
    'codecs': 'import sys, codecs; sys.stdout = codecs.getwriter("utf-8")(sys.stdout.detach()); print("x")',
    'fdopen': 'import os, sys; sys.stdout = os.fdopen(sys.stdout.fileno(), "w", 1); print("x")',
    "input": """
EOF_SEEN = True
try:
    input("name? ")
    EOF_SEEN = False
except EOFError:
    pass
assert EOF_SEEN
""",
    'path': 'import os; os.environ["PATH"].split(os.pathsep)',
    'home': 'from pathlib import Path; p = Path.home() / "models"; p.mkdir(); (p / "x").write_text("x")',
    'expanduser': 'import os; d = os.path.join(os.path.expanduser("~"), ".cache", "thing"); os.makedirs(d, exist_ok=True); open(os.path.join(d, "x"), "w").write("x")',
    'HOME': 'import os; os.environ["HOME"]; os.environ["USER"]; os.environ["LOGNAME"]; os.environ["LANG"]; os.environ["SHELL"]; os.environ["PWD"]; os.environ["TMPDIR"]',
    'getuser': 'import getpass; assert getpass.getuser()',
    'getlogin': 'import os; assert os.getlogin()',
    'pwd': 'import os, pwd; assert pwd.getpwuid(os.getuid()).pw_name; assert pwd.getpwuid(os.getuid()).pw_dir == os.path.expanduser("~")',
    'pwdnam': 'import os, pwd, getpass; assert pwd.getpwnam(getpass.getuser()).pw_uid == os.getuid()',
    'tilde_user': 'import os, getpass; assert os.path.expanduser("~" + getpass.getuser()) == os.path.expanduser("~")',
    'grp': 'import os, grp; grp.getgrgid(os.getgid())',
    'owner': 'from pathlib import Path; Path(__file__).owner(); Path(__file__).group()',
    'chdir': 'import os; os.chdir(os.path.dirname(os.path.abspath(__file__)))',
    'chdir_data': 'import os; os.chdir(os.path.dirname(os.path.realpath(__file__))); open("out.txt", "w").write("x"); assert os.path.exists("out.txt")',
    'file': 'import os; assert os.path.isabs(__file__); assert "def f" in open(__file__).read()',
    'pathfile': 'from pathlib import Path; HERE = Path(__file__).resolve().parent; (HERE / "log").mkdir(exist_ok=True); (HERE / "log" / "a.txt").write_text("x"); Path(__file__).stat()',
    'touch': 'from pathlib import Path; Path("x.txt").touch(); Path("x.txt").touch()',
    'chmod': 'import os; open("x.txt", "w").close(); os.chmod("x.txt", 0o600)',
    'copy': 'import shutil; shutil.copy(__file__, "backup.py")',
    'copy2': 'import shutil; shutil.copy2(__file__, "backup.py")',
    'copytree': 'import shutil, os; os.makedirs("a/b"); open("a/b/c", "w").close(); shutil.copytree("a", "z")',
    'rmtree': 'import shutil, os; os.makedirs("a/b"); shutil.rmtree("a")',
    'rename': 'import os; open("x.txt", "w").close(); os.rename("x.txt", "y.txt"); os.replace("y.txt", "z.txt")',
    'renamedir': 'import os, shutil; os.makedirs("a/b"); open("a/f", "w").close(); shutil.move("a/f", "a/b/f"); shutil.move("a/b", "c")',
    'glob': 'import glob, os; assert glob.glob("*.py")',
    'logging': 'import logging; logging.basicConfig(filename="train.log", level=logging.INFO); logging.info("x")',
    'logging_rot': 'import logging.handlers; h = logging.handlers.RotatingFileHandler("a.log", maxBytes=100, backupCount=2); logging.getLogger("x").addHandler(h); [logging.getLogger("x").warning("x" * 50) for _ in range(9)]',
    'makedirs': 'import os; os.makedirs("checkpoints/run1", exist_ok=True); os.makedirs(os.path.join(os.path.dirname(__file__), "out"), exist_ok=True)',
    'tempfile': 'import tempfile; d = tempfile.mkdtemp(); f = tempfile.NamedTemporaryFile(); t = tempfile.TemporaryFile(); t.write(b"x"); open(d + "/x", "w").write("x"); f.close(); t.close(); tempfile.TemporaryDirectory().cleanup()',
    'shelve': 'import shelve; s = shelve.open("state"); s["a"] = 1; s.close(); assert shelve.open("state")["a"] == 1',
    'sqlite': 'import sqlite3; c = sqlite3.connect("runs.db"); c.execute("create table t (a)"); c.execute("insert into t values (1)"); c.commit(); assert list(c.execute("select a from t")) == [(1,)]; c.close()',
    'pickle': 'import pickle; pickle.dump({"a": 1}, open("a.pkl", "wb")); assert pickle.load(open("a.pkl", "rb")) == {"a": 1}',
    'json': 'import json, csv; json.dump({}, open("a.json", "w")); csv.writer(open("a.csv", "w")).writerow([1])',
    'gzip': 'import gzip, zipfile; gzip.open("a.gz", "wt").write("x"); z = zipfile.ZipFile("a.zip", "w"); z.writestr("a", "b"); z.close(); zipfile.ZipFile("a.zip").extractall("unpacked")',
    'tar': 'import tarfile; t = tarfile.open("a.tar", "w"); t.add(__file__, "m.py"); t.close(); tarfile.open("a.tar").extractall("untarred", filter="data")',
    'tar2': 'import tarfile; t = tarfile.open("a.tar", "w"); t.add(__file__, "m.py"); t.close(); tarfile.open("a.tar").extractall("untarred")',
    'torchsave': 'import torch; torch.save({"w": torch.ones(3)}, "m.pt"); torch.load("m.pt")',
    'npsave': 'import numpy as np; np.save("a.npy", np.ones(3)); np.load("a.npy"); np.savetxt("a.txt", np.ones(3)); np.loadtxt("a.txt"); np.memmap("m.dat", dtype="float32", mode="w+", shape=(3,))',
    'seeds': 'import random, numpy as np, torch; random.seed(0); np.random.seed(0); torch.manual_seed(0); torch.cuda.manual_seed_all(0)',
    'threads': 'import torch; torch.set_num_threads(1); torch.set_num_threads(4); (torch.ones(300, 300) @ torch.ones(300, 300)).sum()',
    'interop': 'import torch; torch.set_num_interop_threads(1)',
    'interop4': 'import torch; torch.set_num_interop_threads(4); assert torch.get_num_interop_threads() == 4',
    'interop2': 'import torch; torch.set_num_interop_threads(4); torch.set_num_interop_threads(2)',
    'dtype': 'import torch; torch.set_default_dtype(torch.float32); torch.set_printoptions(precision=4); torch.use_deterministic_algorithms(True); torch.set_grad_enabled(True)',
    'backends': 'import torch; torch.backends.cudnn.benchmark = False; torch.backends.cudnn.deterministic = True; torch.set_float32_matmul_precision("high"); torch.autograd.set_detect_anomaly(False)',
    'device': 'import torch; device = torch.device("cuda" if torch.cuda.is_available() else "cpu"); torch.backends.mps.is_available(); torch.cuda.device_count()',
    'hub': 'import torch; torch.hub.get_dir()',
    'dataloader': 'import torch; from torch.utils.data import *; next(iter(DataLoader(TensorDataset(torch.ones(4)), 2)))',
    'warnings': 'import warnings; warnings.filterwarnings("ignore"); warnings.warn("x"); warnings.simplefilter("error")',
    'locale': 'import locale; locale.setlocale(locale.LC_ALL, ""); locale.getlocale(); locale.getpreferredencoding()',
    'localeC': 'import locale; locale.setlocale(locale.LC_ALL, "C"); locale.setlocale(locale.LC_ALL, "C.UTF-8")',
    'signal': 'import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); signal.signal(signal.SIGTERM, lambda *a: None); signal.alarm(0)',
    'faulthandler': 'import faulthandler; faulthandler.enable()',
    'faulthandler2': 'import faulthandler; faulthandler.dump_traceback_later(100); faulthandler.cancel_dump_traceback_later()',
    'threading': 'import threading; t = threading.Thread(target=print, args=("x",)); t.start(); t.join()',
    'daemon': 'import threading, time; t = threading.Thread(target=time.sleep, args=(100,), daemon=True); t.start()',
    'pool': 'from concurrent.futures import ThreadPoolExecutor; p = ThreadPoolExecutor(4); assert list(p.map(abs, [-1])) == [1]',
    'timer': 'import threading; threading.Timer(100, print).start()',
    'atexit': 'import atexit; atexit.register(print, "bye")',
    'mplock': 'import multiprocessing; multiprocessing.set_start_method("spawn", force=True); multiprocessing.cpu_count()',
    'argv': 'import sys; assert len(sys.argv) == 1, sys.argv; assert sys.argv[0].endswith(".py"), sys.argv',
    'argparse': 'import argparse; p = argparse.ArgumentParser(); p.add_argument("--lr", type=float, default=1e-5); a = p.parse_args()',
    'syspath': 'import sys, os; sys.path.append(os.path.dirname(__file__)); sys.path.insert(0, os.path.abspath("."))',
    'exe': 'import sys; sys.executable; sys.version; sys.platform; sys.flags; sys.orig_argv',
    'mainmodule': 'import __main__; getattr(__main__, "__file__", None)',
    "getsource": """
import inspect
def g():
    "doc"
    return 1
assert "return 1" in inspect.getsource(g); assert inspect.getfile(g) == __file__; import sys; assert "def g" in inspect.getsource(sys.modules[__name__])
""",
    "doc": """
"the module"
assert __doc__ == "the module"
""",
    'specs': 'assert __spec__.name == __name__; assert __package__ == ""; assert __loader__ is not None; __spec__.origin; assert __spec__.has_location',
    "dataclass": """
from dataclasses import dataclass
@dataclass
class A:
    x: int = 1
import pickle, copy
assert pickle.loads(pickle.dumps(A(2))) == A(2) and copy.deepcopy(A(3)) == A(3)
""",
    "futdata": """
from __future__ import annotations
from dataclasses import dataclass
@dataclass
class A:
    x: int = 1
import typing
assert typing.get_type_hints(A) == {"x": int}
""",
    "enum": """
import enum
class C(enum.Enum):
    A = 1
import pickle
assert pickle.loads(pickle.dumps(C.A)) is C.A
""",
    "doctest": """
import doctest, sys
def g(x):
    '''
    >>> g(1)
    1
    '''
    return x
assert doctest.testmod(sys.modules[__name__]) == (0, 1)
""",
    "unittest": """
import unittest
class T(unittest.TestCase):
    def test(self): pass
r = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(T)); assert r.wasSuccessful()
""",
    'platform': 'import platform; platform.platform(); platform.node(); platform.processor(); platform.system(); platform.python_version(); platform.uname()',
    'socketname': 'import socket; socket.gethostname()',
    'uuid': 'import uuid; uuid.uuid4(); uuid.uuid1(); uuid.getnode()',
    'time': 'import time, datetime; time.strftime("%Z"); datetime.datetime.now().astimezone(); time.tzset(); time.sleep(0.01); time.perf_counter(); time.process_time()',
    'zone': 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Berlin")',
    'os': 'import os; os.cpu_count(); os.getpid(); os.getppid(); os.uname(); os.urandom(4); os.get_exec_path(); os.times()',
    'os2': 'import os; os.umask(0o022)',
    'os3': 'import os; os.getloadavg()',
    'termsize': 'import shutil; shutil.get_terminal_size()',
    'clear': 'import os; os.system("cls" if os.name == "nt" else "clear")',
    'getrlimit': 'import resource; resource.getrlimit(resource.RLIMIT_AS); resource.getrusage(resource.RUSAGE_SELF)',
    'rec': 'import sys, threading; sys.setrecursionlimit(5000); threading.stack_size(1 << 20)',
    'gc': 'import gc, tracemalloc; gc.collect(); gc.disable(); tracemalloc.start()',
    'env': 'import os; os.environ["CUDA_VISIBLE_DEVICES"] = ""; os.environ.setdefault("KMP_DUPLICATE_LIB_OK", "TRUE"); os.putenv("A", "b"); os.environ["OMP_NUM_THREADS"] = "1"',
    'which': 'import shutil; shutil.which("python")',
    'ctypes': 'import ctypes, ctypes.util; ctypes.CDLL(None); ctypes.util.find_library("c")',
    'reload': 'import importlib, json; importlib.reload(json)',
    "reload_self": """
import importlib, sys
if "seen" not in globals():
    seen = 1
    importlib.reload(sys.modules[__name__])
""",
    'import_self': 'import m; m.__name__',
    'get_ipython': 'from IPython import get_ipython; ip = get_ipython(); ip and ip.run_line_magic("matplotlib", "inline")',
    'unraisable': 'import sys; sys.excepthook = lambda *a: None; sys.displayhook = print; sys.settrace(None)',
    'builtins': 'import builtins; builtins.print = print',
    'globalsx': 'globals()["x"] = 1; exec("y = 2"); eval("y")',
    'metaclass': 'from abc import ABC, abstractmethod; from typing import *; from functools import *',
    "typing": """
from typing import Protocol, NamedTuple, TypedDict
class P(NamedTuple):
    x: int
P(1)
""",
    'scandir': 'import os; [e.stat() for e in os.scandir(".")]; list(os.walk("."))',
    'access': 'import os; os.access(".", os.W_OK); os.path.getsize(__file__); os.path.getmtime(__file__); os.path.samefile(__file__, __file__)',
    'utime': 'import os; open("x", "w").close(); os.utime("x")',
    'mmap': 'import mmap; mmap.mmap(-1, 1024)',
    'proc': 'open("/proc/cpuinfo").read(); open("/proc/meminfo").read()',
    'dotenv': 'import configparser; c = configparser.ConfigParser(); c.read("config.ini"); c["a"] = {"b": "1"}; c.write(open("config.ini", "w"))',
    'textwrap': 'import rlcompleter, readline',
    'curses': 'import curses',
    "pandas_try": """
try:
    import pandas
except ImportError:
    pandas = None
""",
}
# fmt: on
