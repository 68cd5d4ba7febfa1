"""A WSGI application whose workers generate tokens when they start. gunicorn loads it before it makes them."""

from collections.abc import Callable, Iterable
from typing import Any

import tokens


def post_worker_init(_: object) -> None:
    """gunicorn calls it in each worker."""
    tokens.generate("worker")


def application(_: "dict[str, Any]", start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return []
