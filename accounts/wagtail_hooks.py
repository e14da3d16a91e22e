"""The head-office desk: dealers, people, places, audiences, audit. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from . import services
from .admin import DeskViewSet, ServedCreateView, ServedEditView
from .desk_forms import AudienceForm, DealerForm, DeskInvitationForm, MembershipForm, PersonForm
from .desk_lists import AuditFilter, DealerIndex, MembershipFilter, PeopleIndex, PersonFilter
from .enums import Right
from .models import Audience, AuditEvent, Dealer, Invitation, LegalEntity, Membership, Region, User
from .principals import Principal
from .services.people_desk import save_membership, save_person

DEALINGS = (Right.READ_FIGURES, Right.EDIT_CONTENT, Right.MANAGE_PROGRAMME, Right.MANAGE_PRICES)


class DealerViewSet(DeskViewSet):
    model = Dealer
    icon = "group"
    menu_label = _("Dealers")
    read, write, actions = DEALINGS, (Right.MANAGE_DEALERS,), ("add", "change")
    index_view_class = DealerIndex
    list_display = ["name", "code", "town", Column("home_region", label=_("Region")), "currency", "manager",
                    Column("people", label=_("People")), BooleanColumn("is_active", label=_("active"))]  # fmt: skip
    ordering = ["name"]
    list_filter = ["home_region", "manager", "currency", "is_active"]
    search_fields = ["name", "code", "town"]
    list_export = ["code", "name", "town", "home_region", "currency", "manager", "is_active", "created_at"]
    export_filename = "dealers"

    def get_form_class(self, for_update: bool = False) -> type[DealerForm]:
        return DealerForm

    def save(self, form: Any, by: Principal) -> Dealer:
        regions, brands = form.cleaned_data["served_regions"], form.cleaned_data["brand_codes"]
        return services.save_dealer(by=by, dealer=form.instance, served_regions=regions, brands=brands)


class LegalEntityViewSet(DeskViewSet):
    model = LegalEntity
    icon = "doc-full"
    menu_label = _("Legal entities")
    # Not the editors: for audiences they need the dealers' names only.
    read, write, actions = set(DEALINGS) - {Right.EDIT_CONTENT}, (Right.MANAGE_DEALERS,), ("add", "change")
    form_fields = ["dealer", "name", "tax_id"]
    list_select_related = ["dealer"]
    list_display = ["name", "tax_id", "dealer"]
    search_fields = ["name", "tax_id", "dealer__name"]
    list_export = ["dealer", "name", "tax_id"]
    export_filename = "legal-entities"

    def save(self, form: Any, by: Principal) -> LegalEntity:
        return services.save_legal_entity(by=by, legal_entity=form.instance)


class RegionViewSet(DeskViewSet):
    model = Region
    icon = "globe"
    menu_label = _("Regions")
    read, write, actions = DEALINGS, (Right.MANAGE_DEALERS,), ("add", "change", "delete")
    form_fields = ["code", "name_ru", "name_en", "parent", "timezone"]
    list_select_related = ["parent"]
    list_display = ["__str__", "code", "parent", "timezone"]
    ordering = ["path"]
    search_fields = ["code", "name_ru", "name_en"]
    list_export = ["code", "name_ru", "name_en", "parent", "timezone"]
    export_filename = "regions"

    def save(self, form: Any, by: Principal) -> Region:
        return services.save_region(by=by, region=form.instance)

    def delete(self, instance: Region, by: Principal) -> None:
        services.delete_region(by=by, region=instance)


class MembershipViewSet(DeskViewSet):
    """Members are invited, never typed in: `Invitations` adds them."""

    model = Membership
    icon = "user"
    menu_label = _("Members of dealers")
    write, actions = (Right.MANAGE_DEALERS,), ("change",)
    list_display = ["user", Column("user.email", label=_("e-mail"), accessor="user.email"), "dealer", "role",
                    BooleanColumn("second_factor_required", label=_("second factor required")),
                    BooleanColumn("is_active", label=_("active")), DateColumn("created_at", label=_("since"))]  # fmt: skip
    list_select_related = ["user", "dealer"]
    filterset_class = MembershipFilter
    ordering = ["dealer__name", "user__last_name", "pk"]
    search_fields = ["user__email", "user__last_name", "user__first_name", "dealer__name", "dealer__code"]
    list_export = ["user", "user.email", "dealer", "role", "second_factor_required", "is_active", "created_at"]
    export_filename = "members"

    def get_form_class(self, for_update: bool = False) -> type[MembershipForm]:
        return MembershipForm

    def save(self, form: Any, by: Principal) -> Membership:
        return save_membership(by=by, membership_id=form.instance.pk, **form.cleaned_data)


class InvitationViewSet(DeskViewSet):
    model = Invitation
    icon = "mail"
    menu_label = _("Invitations")
    write, actions = (Right.MANAGE_DEALERS, Right.ADMINISTER), ("add", "delete")
    list_display = ["email", "dealer", "role", "staff_role", "invited_by", DateColumn("expires_at", label=_("expires"))]
    list_select_related = ["dealer", "invited_by"]
    list_filter = ["dealer", "role", "staff_role"]
    search_fields = ["email", "dealer__name"]

    def get_form_class(self, for_update: bool = False) -> type[DeskInvitationForm]:
        return DeskInvitationForm

    def save(self, form: Any, by: Principal) -> Invitation:
        return services.invite(by=by, **form.words())

    def delete(self, instance: Invitation, by: Principal) -> None:
        services.withdraw_invitation(by=by, invitation_id=instance.pk)


class PersonViewSet(DeskViewSet):
    """Everybody who may sign in: whether they may, their head-office role, a lost phone."""

    model = User
    icon = "user"
    menu_label = _("Everybody")
    write, actions = (Right.MANAGE_DEALERS, Right.ADMINISTER), ("change",)
    index_view_class = PeopleIndex
    list_display = ["__str__", "email", Column("get_staff_role_display", label=_("head-office role")),
                    Column("dealer_names", label=_("dealers")), BooleanColumn("has_second_factor", label=_("second factor")),
                    BooleanColumn("is_active", label=_("active")), DateColumn("last_login", label=_("last sign-in"))]  # fmt: skip
    filterset_class = PersonFilter
    ordering = ["last_name", "first_name", "pk"]
    search_fields = ["email", "last_name", "first_name"]
    list_export = ["email", "first_name", "last_name", "staff_role", "is_active", "last_login"]
    export_filename = "people"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return PersonForm

    def save(self, form: Any, by: Principal) -> User:
        return save_person(by=by, user_id=form.instance.pk, **form.cleaned_data)


class Sized:
    """Says after saving how many the audience holds now."""

    object: Audience

    def get_success_message(self, *args: Any) -> str:
        audience: Any = Audience.objects.with_size().get(pk=self.object.pk)
        return gettext("“%(name)s” holds %(people)s people at %(dealers)s dealers now.") % {
            "name": audience.name,
            "people": audience.people_count,
            "dealers": audience.dealer_count,
        }


class AudienceCreateView(Sized, ServedCreateView):
    pass


class AudienceEditView(Sized, ServedEditView):
    pass


class AudienceViewSet(DeskViewSet):
    """Who sees what. The list says how many each holds."""

    model = Audience
    icon = "view"
    menu_label = _("Audiences")
    read, write, actions = (Right.MANAGE_DEALERS,), (Right.EDIT_CONTENT,), ("add", "change", "delete")
    add_view_class, edit_view_class = AudienceCreateView, AudienceEditView
    list_display = ["name", Column("dealer_count", label=_("Dealers")), Column("people_count", label=_("People")),
                    BooleanColumn("head_office_only", label=_("head office only"))]  # fmt: skip
    search_fields = ["name"]
    list_export = ["name", "roles", "tiers", "brands", "head_office_only"]
    export_filename = "audiences"

    def get_form_class(self, for_update: bool = False) -> type[AudienceForm]:
        return AudienceForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(**kwargs), "queryset": Audience.objects.with_size()}

    def save(self, form: Any, by: Principal) -> Audience:
        names = ("regions", "dealers", "excluded_regions", "excluded_dealers")
        return services.save_audience(
            by=by, audience=form.instance, **{name: form.cleaned_data[name] for name in names}
        )

    def delete(self, instance: Audience, by: Principal) -> None:
        services.delete_audience(by=by, audience=instance)


class AuditViewSet(DeskViewSet):
    """Who did what, when. Nobody changes it, not even the database's owner: a trigger refuses."""

    model = AuditEvent
    icon = "history"
    menu_label = _("Audit")
    read = (Right.ADMINISTER,)
    list_select_related = ["actor", "dealer"]
    inspect_view_enabled = True
    inspect_view_fields = ["at", "actor", "role", "dealer", "verb", "subject", "facts"]
    list_display = [DateColumn("at", label=_("when"), sort_key="at"), "actor", "role", "dealer", "verb", "subject"]
    filterset_class = AuditFilter
    search_fields = ["verb", "subject"]
    list_export = ["at", "actor_id", "role", "dealer", "verb", "subject", "facts"]
    export_filename = "audit"


class PeopleGroup(ModelViewSetGroup):
    menu_label = _("Dealers and people")
    menu_icon = "group"
    menu_order = 150
    items = (
        DealerViewSet("dealers", url_prefix="desk/dealers"),
        LegalEntityViewSet("legal-entities", url_prefix="desk/legal-entities"),
        RegionViewSet("regions", url_prefix="desk/regions"),
        MembershipViewSet("members", url_prefix="desk/members"),
        InvitationViewSet("invitations", url_prefix="desk/invitations"),
        PersonViewSet("persons", url_prefix="desk/people"),
        AudienceViewSet("audiences", url_prefix="desk/audiences"),
        AuditViewSet("audit", url_prefix="desk/audit"),
    )


@hooks.register("register_admin_viewset")
def people_group() -> PeopleGroup:
    return PeopleGroup()
