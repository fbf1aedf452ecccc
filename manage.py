#!/usr/bin/env python
"""Django's command line for the ledger."""

import gc
import os
import sys

from django.core.management import execute_from_command_line


def main():
    gc.set_threshold(50_000)  # to look through all that is loaded at the start takes a tenth of it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from trail.context import acting  # asks for settings, which may be wrong

    with acting(reason=" ".join(["manage.py", *sys.argv[1:2]])):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
