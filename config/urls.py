"""Mounts the apps, nothing else."""

from django.contrib.auth import views as auth
from django.urls import include, path

from outsourcing.abilities import Ability, needs

urlpatterns = [
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", needs(Ability.USE)(auth.LogoutView.as_view()), name="logout"),
    path("", include("accounts.urls")),
    path("", include("surveys.urls")),
    path("", include("guideline.urls")),
    path("", include("outsourcing.urls")),
]
