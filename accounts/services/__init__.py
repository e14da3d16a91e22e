"""Writes about people, dealers and audiences."""

from .audiences import (
    all_audiences,
    audience_for,
    delete_audience,
    dimensions_of,
    resolve_audiences,
    save_audience,
    set_dealer_tiers,
    set_tiers,
)
from .dealers import delete_region, save_dealer, save_legal_entity, save_region
from .invitations import accept_as, accept_as_new, invite, open_invitation, withdraw_invitation
from .letters import send_due_letters
from .members import change_role, deactivate, demand_second_factor, reactivate
from .passwords import (
    ask_password_reset,
    change_password,
    end_other_sessions,
    person_of_link,
    reset_password,
)
from .personal_data import erase_person, personal_data
from .purge import purge
from .records import acting, audit, owe_letter
from .second_factor import (
    begin_enrolment,
    confirm_enrolment,
    new_recovery_codes,
    prove,
    reset_second_factor,
    switch_off_second_factor,
)
from .staff import set_person_active, set_staff_role, sync_groups
from .tokens import create_token, revoke_token

__all__ = [
    "accept_as",
    "accept_as_new",
    "acting",
    "all_audiences",
    "ask_password_reset",
    "audience_for",
    "audit",
    "begin_enrolment",
    "change_password",
    "change_role",
    "confirm_enrolment",
    "create_token",
    "deactivate",
    "delete_audience",
    "delete_region",
    "demand_second_factor",
    "dimensions_of",
    "end_other_sessions",
    "erase_person",
    "invite",
    "new_recovery_codes",
    "open_invitation",
    "owe_letter",
    "person_of_link",
    "personal_data",
    "prove",
    "purge",
    "reactivate",
    "reset_password",
    "reset_second_factor",
    "resolve_audiences",
    "revoke_token",
    "save_audience",
    "save_dealer",
    "save_legal_entity",
    "save_region",
    "send_due_letters",
    "set_dealer_tiers",
    "set_person_active",
    "set_staff_role",
    "set_tiers",
    "switch_off_second_factor",
    "sync_groups",
    "withdraw_invitation",
]
