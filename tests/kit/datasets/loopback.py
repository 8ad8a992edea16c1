"""A web server on the loopback interface whose answers misbehave in chosen ways."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Loopback:
    """Serves what ``routes`` says: path to a function of the request handler.

    ``requests`` lists path and ``Range`` header of every request that came.
    """

    def __init__(self):
        self.routes = {}
        self.requests = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler_class(self):
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                loopback.requests.append((self.path, self.headers.get("Range")))
                loopback.routes.get(self.path, status(404))(self)

            def log_message(self, *_):
                pass

        return Handler


def send(handler, code, body, headers=(), length=None):
    handler.send_response(code)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def status(code, headers=()):
    return lambda handler: send(handler, code, b"", headers)


def whole(payload, etag='"one"'):
    """The file, or from a byte on where a range is asked for."""

    def answer(handler):
        asked, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        if asked is None or (condition is not None and condition != etag):
            return send(handler, 200, payload, [("ETag", etag)])
        begin = int(asked.removeprefix("bytes=").removesuffix("-"))
        if begin >= len(payload):
            return send(handler, 416, b"", [("Content-Range", f"bytes */{len(payload)}")])
        place = f"bytes {begin}-{len(payload) - 1}/{len(payload)}"
        return send(handler, 206, payload[begin:], [("Content-Range", place), ("ETag", etag)])

    return answer


def without_ranges(payload):
    return lambda handler: send(handler, 200, payload)


def without_length(payload):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(payload)

    return answer


def cut_after(payload, count, etag='"one"'):
    """Promise all, send ``count`` bytes, hang up."""
    return lambda handler: send(handler, 200, payload[:count], [("ETag", etag)], len(payload))


def stalled_after(payload, count, server):
    """Send ``count`` bytes, then nothing until the server closes."""

    def answer(handler):
        send(handler, 200, payload[:count], [("ETag", '"one"')], len(payload))
        server.closing.wait()

    return answer


def dribbled(payload, pieces, pause=0.01):
    """Send the file in pieces with pauses between them."""

    def answer(handler):
        send(handler, 200, b"", length=len(payload))
        size = -(-len(payload) // pieces)
        for begin in range(0, len(payload), size):
            handler.wfile.write(payload[begin : begin + size])
            handler.wfile.flush()
            threading.Event().wait(pause)

    return answer


def in_turn(*answers):
    """One answer after the other; the last one stays."""
    remaining = list(answers)
    return lambda handler: (remaining.pop(0) if len(remaining) > 1 else remaining[0])(handler)
