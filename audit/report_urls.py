from django.urls import path

from audit import report_views

urlpatterns = [
    path("reports/", report_views.report_list, name="reports"),
    path("reports/new/", report_views.new, name="report-new"),
    path("reports/<uuid:public_id>/", report_views.report, name="report"),
    path("reports/<uuid:public_id>/edit/", report_views.edit, name="report-edit"),
    path("reports/<uuid:public_id>/conditions/", report_views.conditions, name="report-conditions"),
    path("reports/<uuid:public_id>/recount/", report_views.recount, name="report-recount"),
    path("reports/<uuid:public_id>/void/", report_views.void, name="report-void"),
]
