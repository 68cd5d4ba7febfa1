"""`python -m tokmint`: the version, and the self-test of an installed package."""

import argparse
import sys

import tokmint


def main() -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tokmint",
        description="Mints, verifies and explains OpenTok client connection tokens. This is a library; see its README.",
    )
    parser.add_argument("--version", action="version", version=f"tokmint {tokmint.__version__}")
    commands = parser.add_subparsers(title="commands", dest="command")
    commands.add_parser("self-test", help="run the test vectors in this package and say how many failed")
    if parser.parse_args().command is None:
        parser.print_help()
        return 0
    # Imported here so that nothing else waits for it.
    from tokmint import _self_test

    return _self_test.run()


if __name__ == "__main__":
    sys.exit(main())
