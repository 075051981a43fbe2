"""Runs a program on a pseudo-terminal.

Usage: python3 terminal.py COLUMNS PROGRAM [ARGUMENT...]

What the program prints goes to the standard output as it comes. Each line of the standard input is a JSON object:
{"type": "text"} is typed, {"columns": 40} resizes the window. The exit code is the program's, 128 and more if a signal
ended it.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios

ROWS = 40


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))


def obey(terminal, line):
    order = json.loads(line)
    if "type" in order:
        os.write(terminal, order["type"].encode())
    if "columns" in order:
        resize(terminal, order["columns"])


def relay(terminal):
    """Passes output on until the program has closed the terminal."""
    pending = b""
    inputs = [terminal, 0]
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if terminal in ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # Linux says so with an error
                data = b""
            if not data:
                return
            os.write(1, data)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                inputs.remove(0)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                obey(terminal, line)


def main():
    columns, *command = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        # The window must have its size before the program looks at it.
        resize(0, int(columns))
        os.execvp(command[0], command)
    relay(terminal)
    status = os.waitpid(child, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


signal.signal(signal.SIGINT, signal.SIG_IGN)
main()
