"""Mounts the apps, nothing else."""

urlpatterns = []
