"""A real S3 server (moto's, a process of its own) on loopback, with one bucket in it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

KEY, SECRET, REGION = "test", "test", "us-east-1"
PATIENCE = 60.0  # seconds in which the server must be up
LET_GO = 10.0  # seconds in which it ends when asked


@dataclass(frozen=True)
class Bucket:
    """A bucket on loopback."""

    name: str
    endpoint: str
    """Of the server, or of a proxy before it."""

    @property
    def url(self) -> str:
        """As a store's address."""
        return f"s3://{self.name}"

    @property
    def options(self) -> dict[str, Any]:
        """What a store or a filesystem takes to open it."""
        return {"endpoint_url": self.endpoint, "key": KEY, "secret": SECRET}

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to open it by its address alone."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def at(self, endpoint: str) -> "Bucket":
        """The same bucket by way of a proxy."""
        return replace(self, endpoint=endpoint)


@contextmanager
def bucket(name: str = "songs") -> Iterator[Bucket]:
    """A server with an empty bucket; ended by its own pid. Nothing in this process's environment changes: see `entered`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield _awaited(Bucket(name, f"http://127.0.0.1:{port}"), server)
        finally:
            server.terminate()
            try:
                server.wait(LET_GO)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def entered(given: Mapping[str, str]) -> Iterator[None]:
    """This process's environment with those variables, and as it was before at the end.

    Filesystems that fsspec keeps are dropped at both ends: it finds them by their options alone, and would take those of another server.
    """
    before = {name: os.environ.get(name) for name in given}
    _forget_filesystems()
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _forget_filesystems()


def _forget_filesystems() -> None:
    import s3fs

    from songreel.storage.bucket import Bucket as Patient

    s3fs.S3FileSystem.clear_instance_cache()
    Patient.clear_instance_cache()


def _awaited(found: Bucket, server: "subprocess.Popen[bytes]") -> Bucket:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the S3 server ended at once"
        try:
            httpx.put(f"{found.endpoint}/{found.name}", timeout=5, trust_env=False).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return found
    raise AssertionError(f"the S3 server did not come up within {PATIENCE:g} s")
