from django.urls import path

from outsourcing import (
    chain_views,
    contract_views,
    record_views,
    section_views,
    views,
)

RECORDS = "contracts/<str:code>/records/<slug:kind>"
LINK = "contracts/<str:code>/links/<int:number>"

urlpatterns = [
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/implausible/", views.implausible, name="implausible"),
    path("disclosures/", views.disclosure_list, name="disclosures"),
    path("disclosures/<str:code>/", views.disclosure, name="disclosure"),
    path("contracts/<str:code>/", views.contract, name="contract"),
    path("contracts/<str:code>/history/", views.contract_history, name="contract-history"),
    path("contracts/<str:code>/transfer/", section_views.transfer, name="contract-transfer"),
    path("contracts/<str:code>/amend/", contract_views.amend, name="contract-amend"),
    path("contracts/<str:code>/terminate/", contract_views.terminate, name="contract-terminate"),
    path(
        "contracts/<str:code>/terminate/back/",
        contract_views.take_back_termination,
        name="contract-termination-back",
    ),
    path("contracts/<str:code>/correct/", contract_views.correct, name="contract-correct"),
    path("contracts/<str:code>/void/", contract_views.void, name="contract-void"),
    path(f"{RECORDS}/new/", record_views.new, name="record-new"),
    path(f"{RECORDS}/<int:place_of>/void/", record_views.void, name="record-void"),
    path("contracts/<str:code>/links/new/", chain_views.new, name="link-new"),
    path(f"{LINK}/", chain_views.correct, name="link"),
    path(f"{LINK}/new/", chain_views.new, name="link-under"),
    path(f"{LINK}/move/", chain_views.move, name="link-move"),
    path(f"{LINK}/end/", chain_views.end, name="link-end"),
    path(f"{LINK}/void/", chain_views.void, name="link-void"),
    path(f"{LINK}/records/<slug:kind>/new/", record_views.new, name="link-record-new"),
    path(
        f"{LINK}/records/<slug:kind>/<int:place_of>/void/",
        record_views.void,
        name="link-record-void",
    ),
    path("sections/<str:agency>/", section_views.section_list, name="sections"),
    path("sections/<str:agency>/new/", section_views.new, name="section-new"),
    path("sections/<str:agency>/merge/", section_views.merge, name="section-merge"),
    path("sections/<str:agency>/of/<str:code>/", section_views.section, name="section"),
    path("supervision/", section_views.supervisor_list, name="supervisors"),
    path("supervision/<str:code>/", section_views.supervisor, name="supervisor"),
]
