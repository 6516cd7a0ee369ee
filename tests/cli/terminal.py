#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a terminal of 100 columns: terminal.py COMMAND... Prints what the terminal got, escapes as \\e, the time that it took as TIME."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios


def take_terminal():
    """Of the child, whose standard input is the terminal."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def main(command):
    terminal, line = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    process = subprocess.Popen(command, stdin=line, stdout=line, stderr=line, preexec_fn=take_terminal)
    got = b""
    # This end of the line stays open: a kernel may forget what it has not delivered yet when the last one is closed.
    while True:
        ended = process.poll() is not None
        if select.select([terminal], [], [], 0.1)[0]:
            got += os.read(terminal, 65536)
        elif ended:
            break
    text = got.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\x1b", "\\e").replace("\r", "\\r")
    text = re.sub(r"file://[^\\]*/", "file:///.../", text)
    sys.stdout.write(re.sub(r" +((?:\\e\[2m)?)\d+ (ms|s)(?=(\\e\[0m)?\n)", r" \1TIME", text))
    return process.returncode


sys.exit(main(sys.argv[1:]))
