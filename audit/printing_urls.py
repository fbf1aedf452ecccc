"""Addresses of what auditors take away: the list of findings as a file, reports of one agency."""

from django.urls import path

from audit import export_views

urlpatterns = [
    path("findings/export/", export_views.findings_export, name="findings-export"),
]
