from django.urls import path

from outsourcing import draft_views

urlpatterns = [
    path("drafts/new/", draft_views.start, name="draft-new"),
    path("drafts/<uuid:public_id>/", draft_views.draft, name="draft"),
    path("drafts/<uuid:public_id>/discard/", draft_views.discard, name="draft-discard"),
]
