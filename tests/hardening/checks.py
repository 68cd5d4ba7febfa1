"""The checks of `make hardening`: what each shows, and the fault with which it was seen red.

A check is in the short form too, unless it takes too long even for a few rounds.
"""

from typing import NamedTuple


class Check(NamedTuple):
    name: str
    #: What holds if the check passes.
    shows: str
    #: What was changed, and what turned red.
    fault: str
    command: tuple[str, ...]
    has_short_form: bool = True


CHECKS: list[Check] = []
