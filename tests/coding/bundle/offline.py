"""Starts a bundle and waits for its health answer: `python offline.py START_FILE PORT`, meant for `unshare -rn`."""

import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from urllib.request import urlopen

SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def main(start: str, port: str) -> int:
    """0 when the app answered; in a network of its own, without a way out, the loopback is switched on first."""
    import fcntl

    with suppress(PermissionError), socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    options = ["--server.headless=true", f"--server.port={port}"]
    app = subprocess.Popen(["sh", start, *options], stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 400
        while time.monotonic() < until and app.poll() is None:
            with suppress(OSError), urlopen(f"http://localhost:{port}/_stcore/health", timeout=5) as answer:
                print("answered:", answer.read().decode())
                return 0
            time.sleep(1)
        return 1
    finally:
        app.send_signal(signal.SIGTERM)
        app.wait(30)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
