"""Prints the most memory, in MB, that re-evaluating everything takes."""

import resource

import django

django.setup()

from guideline.refresh import refresh_everything  # noqa: E402

refresh_everything()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
