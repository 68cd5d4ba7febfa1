"""The commands `tokmint` and `python -m tokmint`: the command line of tokmint, and the self-test of this package."""

import signal
import sys

from tokmint import _tokmint


def main() -> int:
    """Run the command line and return its exit status."""
    # Ctrl-C ends it at once, unless whoever started it ignores Ctrl-C. Python itself would wait for the native module.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    status = _tokmint.run_command_line(sys.argv[1:])
    if status is not None:
        return status
    # Imported here so that nothing else waits for it.
    from tokmint import _self_test

    return _self_test.run()


if __name__ == "__main__":
    sys.exit(main())
