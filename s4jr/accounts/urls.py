"""URLs of signing in: those of allauth that we use, under the names allauth knows, and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from s4jr.accounts import passkeys, views
from s4jr.accounts.display_name import display_name
from s4jr.accounts.recovery_sign_in import recovery_sign_in
from s4jr.accounts.sign_in_limits import sign_in_key
from s4jr.accounts.two_step import one_change_at_a_time, second_factor_first
from s4jr.security.ratelimit import limited

#: allauth's own limits are off (ACCOUNT_RATE_LIMITS): they count in a cache, from which a visitor can evict a count.
ten_a_minute = limited("prove who you are", "10/m")

urlpatterns = [
    path("login/", limited("sign-in", "30/m", who=sign_in_key)(account.login), name="account_login"),
    path("logout/", views.log_out, name="account_logout"),
    path("stay/", views.stay, name="account_stay"),
    path("typed/", second_factor_first(views.what_was_typed), name="account_typed"),
    path("known-as/", second_factor_first(display_name), name="account_display_name"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", ten_a_minute(account.reauthenticate), name="account_reauthenticate"),
    path(
        "password/change/",
        ten_a_minute(second_factor_first(account.password_change)),
        name="account_change_password",
    ),
    path("password/set/", views.lost_sign_in, name="account_set_password"),
    re_path(r"^password/reset/", views.lost_sign_in, name="account_reset_password"),
    path("2fa/", second_factor_first(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", ten_a_minute(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/passkeys/login/", passkeys.log_in, name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", ten_a_minute(passkeys.reauthenticate), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/add/", second_factor_first(passkeys.add), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/<int:pk>/remove/",
        one_change_at_a_time(second_factor_first(passkeys.remove)),
        name="mfa_remove_webauthn",
    ),
    path("2fa/totp/activate/", second_factor_first(views.enrol), name="mfa_activate_totp"),
    path(
        "2fa/totp/deactivate/",
        one_change_at_a_time(second_factor_first(totp.deactivate_totp)),
        name="mfa_deactivate_totp",
    ),
    path(
        "2fa/recovery-codes/",
        second_factor_first(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path("2fa/recovery-codes/sign-in/", recovery_sign_in, name="recovery_sign_in"),
    path(
        "2fa/recovery-codes/generate/",
        second_factor_first(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
