"""Mounts the apps, nothing else."""

from django.urls import include, path

urlpatterns = [
    # First what is asked for most: addresses are looked for in this order.
    path("", include("audit.urls")),
    path("", include("accounts.sign_in.urls")),
    path("", include("accounts.urls")),
    path("", include("audit.report_urls")),
    path("", include("audit.crosstab_urls")),
    path("", include("audit.printing_urls")),
    path("", include("exchange.urls")),
    path("", include("surveys.urls")),
    path("", include("guideline.urls")),
    path("", include("guideline.correction_urls")),
    path("", include("guideline.work_urls")),
    path("", include("outsourcing.urls")),
    path("", include("outsourcing.draft_urls")),
    path("", include("outsourcing.paper_urls")),
    path("", include("outsourcing.inspection_urls")),
    path("", include("outsourcing.work_urls")),
    path("", include("outsourcing.master_urls")),
]
