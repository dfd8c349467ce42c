"""`python -m config.healthcheck [PORT]`: status 0 when the server in this container is well."""

import os
import sys
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


def main(port: int) -> int:
    # Django answers only to the names it is known by.
    host = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1")).hostname or "127.0.0.1"
    request = Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host})
    try:
        with urlopen(request, timeout=2) as response:  # noqa: S310
            return 0 if response.status == 200 else 1
    except (URLError, TimeoutError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
