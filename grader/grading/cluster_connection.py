"""The way to a Dask cluster: which addresses may be used, and the connection to its scheduler."""

from __future__ import annotations

import contextlib
import logging
import socket
import tempfile
import warnings
from urllib.parse import urlsplit

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from grader.core.errors import ClusterError, GradingError
from grader.core.sanitize import sanitized

CONNECT_SECONDS = 10


def refuse_in_the_clear(address: str, *, unencrypted: bool) -> None:
    """Raise `ClusterError` for an address that is none, or that is on another machine and not encrypted."""
    parts = urlsplit(address)
    try:
        is_address = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        is_address = False
    if address != "local" and not is_address:
        raise ClusterError(
            f'--cluster {sanitized(address, 200)}: expected "local", or the address of a Dask scheduler such as '
            "tls://HOST:8786."
        )
    if in_the_clear(address) and not unencrypted:
        raise ClusterError(
            f"--cluster {address} is another machine, and the connection to it is not encrypted: solutions and "
            "submissions could be read on the way, and whoever reaches the scheduler can run code on every worker. "
            "Use tls://, or say --no-tls if the network is yours alone."
        )


def in_the_clear(address: str) -> bool:
    """Whether what is sent there leaves this machine unencrypted."""
    parts = urlsplit(address)
    return parts.scheme == "tcp" and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    """Whether each address of a host is one of this machine: only then can a socket be bound to it."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as tried:
                tried.bind((address[0], 0, *address[2:]))
    except OSError:
        return False
    return True


def connect(address: str, opened: contextlib.ExitStack, count: int) -> Client:
    """A client of the scheduler at an address; `local` starts one with `count` workers, which end with `opened`.

    Raises `GradingError` when the cluster can't be used.
    """
    shown = address
    logging.disable(logging.CRITICAL)  # Dask's: what fails is said below, or where it matters
    security: Security | None = None
    try:
        if address == "local":
            security = Security.temporary()  # or others who use this machine could connect
            dask.config.set({"distributed.worker.profile.enabled": False})  # it takes 3 % of a processor
            cluster = LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                protocol="tls",
                security=security,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                memory_limit=0,
                silence_logs=logging.CRITICAL,
                local_directory=tempfile.gettempdir(),
            )
            opened.callback(cluster.close)
            address = cluster.scheduler_address
        elif address.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
            raise ValueError("Dask's configuration names no certificates, distributed.comm.tls")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions: who may grade is found out below
            # What comes back is bytes, and is taken as nothing else.
            return Client(
                address,
                timeout=CONNECT_SECONDS,
                security=security,
                set_as_default=False,
                serializers=["dask", "msgpack", "pickle"],
                deserializers=["dask", "msgpack"],
            )
    except (OSError, TimeoutError, RuntimeError, ValueError) as error:
        raise GradingError(
            f"The cluster {shown} can't be used ({type(error).__name__}: {str(error).rstrip('.')}). "
            "Is the scheduler running there, and for TLS, are certificates set in Dask's configuration?"
        ) from None
