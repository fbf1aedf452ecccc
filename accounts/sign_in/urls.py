from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.sign_in import second_factor_views as factor
from accounts.sign_in import unsent_views, views
from outsourcing.abilities import Ability, needs

change_password = needs(Ability.USE)(views.PasswordChangeView.as_view())
sign_out = needs(Ability.USE)(LogoutView.as_view())

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("login/code/", views.CodeView.as_view(), name="login-code"),
    path("logout/", sign_out, name="logout"),
    path("session/", views.session, name="session"),
    path("account/", views.account, name="account"),
    path("unsent/<uuid:public_id>/", unsent_views.page, name="unsent"),
    path("account/password/", change_password, name="password-change"),
    path("account/second-factor/", factor.overview, name="second-factor"),
    path("account/second-factor/set-up/", factor.set_up, name="second-factor-set-up"),
    path("account/second-factor/<slug:step>/", factor.step, name="second-factor-step"),
]
