"""Tests of the reproduced ledger. A package, so that they share one of it."""
