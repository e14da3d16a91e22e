"""Addresses of accounts: `pages` under the root, `api` under `/api/v1/`."""

from django.urls import path, re_path

from . import api as machine
from .views import passwords, people, profile, second_factor, sign_in

pages = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("switch/", sign_in.switch, name="switch"),
    path("language/", sign_in.language, name="language"),
    path("second-factor/", second_factor.verify, name="second-factor"),
    path("second-factor/enrol/", second_factor.enrol, name="enrol"),
    path("second-factor/codes/", second_factor.codes, name="recovery-codes"),
    path("second-factor/off/", second_factor.switch_off, name="second-factor-off"),
    path("password/forgotten/", passwords.forgotten, name="forgotten"),
    path("password/reset/<str:uid>/<str:token>/", passwords.reset, name="password-reset"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("profile/sessions/end/", profile.end_other_sessions, name="end-sessions"),
    path("profile/tokens/", profile.make_token, name="make-token"),
    path("profile/tokens/<str:digest>/revoke/", profile.revoke_token, name="revoke-token"),
    path("profile/my-data/", profile.export, name="my-data"),
    path("profile/erase/", profile.erase, name="erase"),
    path("people/", people.people, name="people"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", people.change_role, name="change-role"),
    path("people/<int:pk>/second-factor/", people.demand_second_factor, name="demand-second-factor"),
    path("people/<int:pk>/second-factor/reset/", people.reset_second_factor, name="reset-second-factor"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("invitation/<str:token>/", people.invitation, name="invitation"),
    # These stand before Wagtail's own: the admin's doors its pages about people and its bulk actions on them are not used.
    path("cms/login/", sign_in.admin_sign_in, name="admin-sign-in"),
    path("cms/logout/", sign_in.sign_out, name="admin-sign-out"),
    re_path(
        r"^cms/(?P<rest>(?:password_reset|users|groups|bulk/(?:accounts|auth))/.*)$", sign_in.closed, name="closed"
    ),
]

api = [
    path("auth/token/", machine.TokenView.as_view(), name="auth-token"),
    path("me/", machine.MeView.as_view(), name="me"),
]
