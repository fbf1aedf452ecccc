from django.urls import path

from guideline import calendar_views, views

urlpatterns = [
    path("guideline/", views.current, name="guideline"),
    path("guideline/compare/", views.compared, name="guideline-compare"),
    path("guideline/rules/", views.rules, name="guideline-rules"),
    path("guideline/safety/", views.safety, name="guideline-safety"),
    path("guideline/<str:edition>/", views.edition, name="guideline-edition"),
    path("guideline/<str:edition>/<str:code>/", views.provision, name="guideline-provision"),
    path("contracts/<str:code>/timeline/", views.contract_timeline, name="contract-timeline"),
    path(
        "contracts/<str:code>/findings/<slug:rule>/<str:subject>/<str:since>/",
        views.finding_proof,
        name="finding-proof",
    ),
    path("inspections/calendar/", calendar_views.calendar, name="inspection-calendar"),
    path("inspections/calendar.ics", calendar_views.calendar_file, name="inspection-calendar-file"),
]
