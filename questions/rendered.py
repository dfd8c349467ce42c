"""HTML that was made from Markdown, kept by the digest of what it was made from."""

import hashlib
import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Rendered:
    """Of each process its own: what was asked for last, in so many bytes and no more.

    A text that has changed has another digest, so nothing here is ever stale.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[bytes, str] = OrderedDict()
        self._lock = Lock()

    def of(self, *made_from: object, make: Callable[[], str]) -> str:
        """What `make()` returns, or returned before for the same texts and numbers."""
        key = digest(*made_from)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Not under the lock: a long text keeps nobody else waiting. Two may make the same.
        html = make()
        with self._lock:
            self._keep(key, html)
        return html

    def _keep(self, key: bytes, html: str) -> None:
        if key in self._kept or size(key, html) > self.most_bytes // 8:
            return
        self._kept[key] = html
        self.bytes += size(key, html)
        while self.bytes > self.most_bytes:
            self.bytes -= size(*self._kept.popitem(last=False))


def digest(*made_from: object) -> bytes:
    # Lengths first, so that no two lists of texts read alike.
    texts = [str(each) for each in made_from]
    head = ",".join(str(len(text)) for text in texts)
    spelt = "\n".join([head, *texts]).encode(errors="surrogatepass")
    return hashlib.blake2b(spelt, digest_size=16).digest()


def size(key: bytes, html: str) -> int:
    """The bytes that an entry takes, with its place among the others."""
    return sys.getsizeof(key) + sys.getsizeof(html) + 120
