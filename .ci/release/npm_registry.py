"""A registry of npm on this machine: as much as `npm publish`, `npm view` and `npm install` ask for."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@contextmanager
def registry() -> Iterator[str]:
    """Run a registry, and give its address."""
    documents: dict[str, dict] = {}
    tarballs: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        @property
        def name(self) -> str:
            return unquote(urlsplit(self.path).path)[1:]

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if self.name in tarballs:
                self.reply(200, tarballs[self.name])
            elif self.name in documents:
                self.reply(200, json.dumps(documents[self.name]).encode())
            else:
                self.reply(404, b"{}")

        def do_PUT(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.name in documents:
                self.reply(409, b"{}")
                return
            attachments = document.pop("_attachments")
            for version in document["versions"].values():
                data = attachments[f"{version['name']}-{version['version']}.tgz"]["data"]
                tarballs[unquote(urlsplit(version["dist"]["tarball"]).path)[1:]] = base64.b64decode(data)
            documents[self.name] = document
            self.reply(201, b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
