#!/usr/bin/env python
"""Django's command line for the ledger."""

import os
import sys

from django.core.management import execute_from_command_line


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from trail.context import acting  # asks for settings, which may be wrong

    with acting(reason=" ".join(["manage.py", *sys.argv[1:2]])):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
