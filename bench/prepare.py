"""Set up what a measurement needs, in a process of its own: `python -m bench.prepare COUNT FILE`.

The app must be imported with the measurement's own settings, which a running one can't change.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from bench import sitters  # noqa: E402

call_command("demo", "--prepare-only")
sitters.seat(int(sys.argv[1]), Path(sys.argv[2]))
