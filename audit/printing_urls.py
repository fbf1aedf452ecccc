"""Addresses of what auditors take away: the list of findings as a file, reports of one agency."""

from django.urls import path

from audit import export_views, violation_report_views

urlpatterns = [
    path("findings/export/", export_views.findings_export, name="findings-export"),
    path("violations/", violation_report_views.choose, name="violation-reports"),
    path("agencies/<str:code>/violations/", violation_report_views.page, name="violation-report"),
    path(
        "agencies/<str:code>/violations/workbook/",
        violation_report_views.workbook,
        name="violation-workbook",
    ),
]
