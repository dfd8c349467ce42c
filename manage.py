#!/usr/bin/env python
"""Dry Run's command line: every command of Django and of the apps."""

import os
import sys

from config.complaints import complain_in_one_sentence


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    with complain_in_one_sentence():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
