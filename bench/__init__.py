"""Measurements against peers and limits, by ``make bench`` on a quiet machine. Not tests."""
