from django.urls import path

from audit import (
    advisory_sending,
    advisory_views,
    comparing_views,
    dashboard_views,
    views,
)

urlpatterns = [
    path("overview/", dashboard_views.dashboard, name="dashboard"),
    path("overview/<slug:part>/", dashboard_views.dashboard_part, name="dashboard-part"),
    path("findings/", views.finding_list, name="findings"),
    path("findings/facets/", views.finding_facets, name="finding-facets"),
    path("findings/changes/", comparing_views.changes, name="finding-changes"),
    path("comparing/", comparing_views.two_days, name="comparing"),
    path("comparing/parts/", comparing_views.two_parts, name="comparing-parts"),
    path("comparing/editions/", comparing_views.two_editions, name="comparing-editions"),
    path("advisories/", advisory_views.advisory_list, name="advisories"),
    path("advisories/new/", advisory_sending.new, name="advisory-new"),
    path("advisories/<uuid:public_id>/", advisory_views.advisory, name="advisory"),
    path("advisories/<uuid:public_id>/read/", advisory_views.read, name="advisory-read"),
    path("advisories/<uuid:public_id>/void/", advisory_views.take_back, name="advisory-void"),
]
