from django.urls import path

from accounts import download_views, trail_views

urlpatterns = [
    path("records/", trail_views.access_list, name="access-records"),
    path("records/seal/", trail_views.export_seal, name="export-seal"),
    path("downloads/", download_views.notice_list, name="download-notices"),
    path("downloads/<uuid:public_id>/seen/", download_views.see, name="download-notice-seen"),
    path("downloads/limits/", download_views.limit_list, name="download-limits"),
    path("downloads/limits/<str:code>/", download_views.limit, name="download-limit"),
]
