# SPDX-License-Identifier: Apache-2.0
"""A way to another port that can be cut, and that can lose answers."""
import socket
import threading


class Front:
    """Passes bytes to and from 127.0.0.1:`target`."""

    def __init__(self, case, target):
        self.target, self._lock, self._links = target, threading.Lock(), set()
        self._is_open, self._to_swallow = True, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        case.addCleanup(self._listener.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def close_door(self):
        """Connections end, and new ones are closed at once."""
        with self._lock:
            self._is_open = False
            links, self._links = self._links, set()
        for link in links:
            self._end(link)

    def open_door(self):
        with self._lock:
            self._is_open = True

    def swallow_answers(self, count):
        """Of the next connections: what was asked arrives, what is answered does not."""
        self.close_door()
        self.open_door()
        with self._lock:
            self._to_swallow = count

    @staticmethod
    def _end(link):
        try:
            link.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        link.close()

    def _accept(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                is_open, swallows = self._is_open, self._to_swallow > 0
                self._to_swallow -= swallows
                if is_open:
                    self._links.add(link)
            if not is_open:
                self._end(link)
                continue
            threading.Thread(target=self._serve, args=(link, swallows), daemon=True).start()

    def _serve(self, link, swallows):
        try:
            other = socket.create_connection(("127.0.0.1", self.target), 30)
        except OSError:
            self._end(link)
            return
        with self._lock:
            self._links.add(other)
        threading.Thread(target=self._copy, args=(link, other, False), daemon=True).start()
        self._copy(other, link, swallows)

    def _copy(self, source, sink, swallows):
        try:
            while piece := source.recv(65536):
                if swallows:
                    break  # the answer has begun, so that the request was carried out
                sink.sendall(piece)
        except OSError:
            pass
        self._end(source)
        self._end(sink)
