from django.urls import path

from outsourcing import inspection_corrections, inspection_views, plan_views

urlpatterns = [
    path("inspections/", inspection_views.inspection_list, name="inspections"),
    path("inspections/new/", inspection_views.new, name="inspection-new"),
    path("inspections/plans/", plan_views.plan_list, name="inspection-plans"),
    path("inspections/plans/new/", plan_views.new, name="inspection-plan-new"),
    path("inspections/plans/<uuid:public_id>/", plan_views.plan, name="inspection-plan"),
    path("inspections/plans/<uuid:public_id>/void/", plan_views.void, name="inspection-plan-void"),
    path("inspections/<str:code>/", inspection_views.inspection, name="inspection"),
    path(
        "inspections/<str:code>/correct/", inspection_corrections.correct, name="inspection-correct"
    ),
    path("inspections/<str:code>/void/", inspection_corrections.void, name="inspection-void"),
    path(
        "inspections/<str:code>/evidence/",
        inspection_corrections.add_evidence,
        name="inspection-evidence-new",
    ),
    path(
        "inspections/<str:code>/evidence/<uuid:public_id>/",
        inspection_views.evidence,
        name="inspection-evidence",
    ),
    path(
        "inspections/<str:code>/evidence/<uuid:public_id>/void/",
        inspection_corrections.void_evidence,
        name="inspection-evidence-void",
    ),
    path(
        "inspections/<str:code>/of/<str:target>/",
        inspection_corrections.correct_target,
        name="inspection-target",
    ),
    path(
        "inspections/<str:code>/of/<str:target>/clear/",
        inspection_corrections.clear,
        name="inspection-target-clear",
    ),
    path(
        "inspections/<str:code>/of/<str:target>/void/",
        inspection_corrections.void_target,
        name="inspection-target-void",
    ),
]
