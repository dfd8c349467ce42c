"""Set up what a measurement needs, in a process of its own: `python -m bench.prepare CAST FILE …`.

The app must be imported with the measurement's own settings, which a running one can't change.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from bench.casts import CASTS  # noqa: E402

call_command("demo", "--prepare-only")
cast, file, *arguments = sys.argv[1:]
CASTS[cast](Path(file), *arguments)
