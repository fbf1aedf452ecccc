"""Re-evaluates everything in a process of its own; prints the most memory it took (MB), seconds,
and how many findings it wrote, as JSON."""

import json
import resource
import time

import django

django.setup()

from guideline.refresh import refresh_everything  # noqa: E402

begun = time.perf_counter()
difference = refresh_everything()
took = time.perf_counter() - begun
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([memory, took, difference.added + difference.changed + difference.removed]))
