"""The lists of one's work that need no law, and what is done from them with many rows at once."""

from django.urls import path

from outsourcing import approval_views, renewal_views, work_views

urlpatterns = [
    path("tasks/contracts/", work_views.contracts, name="work-contracts"),
    path("tasks/drafts/", work_views.drafts, name="work-drafts"),
    path("tasks/approvals/record/", approval_views.approve_many, name="approvals-bulk"),
    path("renewals/", renewal_views.renewals, name="renewals"),
    path("contracts/<str:code>/renew/", renewal_views.renew, name="contract-renew"),
]
