from django.urls import path

from guideline import correction_changes, correction_views

ONE = "corrections/<uuid:public_id>/"

urlpatterns = [
    path("corrections/", correction_views.correction_list, name="corrections"),
    path("corrections/new/", correction_views.new, name="correction-new"),
    path(ONE, correction_views.correction, name="correction"),
    path(f"{ONE}correct/", correction_changes.correct, name="correction-correct"),
    path(f"{ONE}close/", correction_changes.close, name="correction-close"),
    path(f"{ONE}reopen/", correction_changes.reopen, name="correction-reopen"),
    path(f"{ONE}void/", correction_changes.void, name="correction-void"),
    path(f"{ONE}evidence/", correction_changes.add_evidence, name="correction-evidence-new"),
    path(f"{ONE}evidence/<uuid:file_id>/", correction_views.evidence, name="correction-evidence"),
    path(
        f"{ONE}evidence/<uuid:file_id>/void/",
        correction_changes.void_evidence,
        name="correction-evidence-void",
    ),
]
