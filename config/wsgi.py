"""The application, for a WSGI server."""

import gc
import os
import sys

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import connections

from config.connections import look_after_connections
from outsourcing.row_security import show_nothing_unasked

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
show_nothing_unasked()
# Whatever serves this: no page where a check of the database fails.
BaseCommand().check(tags=[Tags.database], databases=["default"])
# Pages are made in other threads, by connections of their own.
connections.close_all()
look_after_connections()
# What is loaded by now stays: not to be looked through whenever garbage is collected.
gc.collect()
gc.freeze()
# A page is made in less time: threads that took turns in the midst of their pages
# would need a tenth more for them.
sys.setswitchinterval(0.02)
