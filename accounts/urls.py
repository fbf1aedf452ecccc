from django.urls import path

from accounts import (
    download_views,
    handover_views,
    membership_views,
    people_views,
    trail_views,
)

urlpatterns = [
    path("manage/", people_views.management, name="management"),
    path("people/", people_views.person_list, name="people"),
    path("people/new/", people_views.new, name="person-new"),
    path("people/csv/", people_views.from_csv, name="people-csv"),
    path("person/<str:username>/", people_views.person, name="person"),
    path("person/<str:username>/edit/", people_views.edit, name="person-edit"),
    path("person/<str:username>/password/", people_views.password, name="person-password"),
    path(
        "person/<str:username>/second-factor/",
        people_views.second_factor,
        name="person-second-factor",
    ),
    path("person/<str:username>/role/", membership_views.propose, name="membership-propose"),
    path("roles/", membership_views.pending, name="memberships-pending"),
    path("roles/<uuid:public_id>/confirm/", membership_views.confirm, name="membership-confirm"),
    path("roles/<uuid:public_id>/void/", membership_views.void, name="membership-void"),
    path("roles/<uuid:public_id>/end/", membership_views.end, name="membership-end"),
    path("handover/<str:agency>/", handover_views.handover, name="handover"),
    path("contracts/<str:code>/officer/", handover_views.officer, name="contract-officer"),
    path("records/", trail_views.access_list, name="access-records"),
    path("records/seal/", trail_views.export_seal, name="export-seal"),
    path("downloads/", download_views.notice_list, name="download-notices"),
    path("downloads/<uuid:public_id>/seen/", download_views.see, name="download-notice-seen"),
    path("downloads/limits/", download_views.limit_list, name="download-limits"),
    path("downloads/limits/<str:code>/", download_views.limit, name="download-limit"),
]
