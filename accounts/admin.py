"""Head-office screens in the Wagtail admin: who may is decided by rights, what happens by services.

`DeskViewSet` is for every room: name the rights, override `save` and `delete` with calls of services, or leave them
out, and the screen only reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.coreutils import multigetattr
from wagtail.log_actions import log
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from portal.lib.errors import DomainError
from portal.lib.formats import day
from portal.lib.spreadsheets import safe_cell
from portal.lib.text import capital_labels

from . import principals
from .enums import Right
from .models import User
from .principals import Principal
from .rules import rights_of, staff_roles_with

CHANGES = frozenset({"add", "change", "delete"})


class RightPermissionPolicy(BasePermissionPolicy):  # type: ignore[misc]  # Wagtail has no types
    """Wagtail's question "may this user do this here?", answered by the one table of rights.

    `read` and `write` are rights of which any is enough; who may write may read. `actions` are those that the screen
    offers at all ("add", "change", "delete").
    """

    def __init__(
        self, model: Any, *, read: Iterable[Right] = (), write: Iterable[Right] = (), actions: Iterable[str] = CHANGES
    ) -> None:
        super().__init__(model)
        self.write = frozenset(write)
        self.read = frozenset(read) | self.write
        self.actions = frozenset(actions)

    def rights_for(self, action: str) -> frozenset[Right]:
        """The rights of which any opens this action; none do for an action that is not offered."""
        if action == "view":
            return self.read
        return self.write if action in self.actions else frozenset()

    def user_has_permission(self, user: Any, action: str) -> bool:
        is_staff = isinstance(user, User) and user.is_active and user.is_head_office
        return is_staff and bool(rights_of(user.staff_role) & self.rights_for(action))

    def users_with_any_permission(self, actions: Iterable[str]) -> models.QuerySet[User]:
        rights = frozenset[Right]().union(*(self.rights_for(action) for action in actions))
        return User.objects.filter(is_active=True, staff_role__in=staff_roles_with(rights))


class _Served:
    """A form whose save is a service's, and whose refusal is an answer of the form."""

    log_as = ""
    save_with: Any = None
    request: HttpRequest
    form: Any

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        capital_labels(form)
        return form

    def save_instance(self) -> models.Model:
        instance = cast(models.Model, self.save_with(self.form, principals.of_request(self.request)))
        log(instance=instance, action=self.log_as, user=self.request.user)
        return instance

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().form_valid(form))  # type: ignore[misc]
        except DomainError as error:
            # A refusal of several lines (rows of a file) is as many errors.
            form.add_error(error.field if error.field in form.fields else None, str(error).splitlines())
            # What Wagtail's own is_valid() leaves when a form is refused.
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return cast(HttpResponse, self.form_invalid(form))  # type: ignore[attr-defined]


class ServedCreateView(_Served, generic.CreateView):  # type: ignore[misc]
    log_as = "wagtail.create"


class ServedEditView(_Served, generic.EditView):  # type: ignore[misc]
    log_as = "wagtail.edit"


class ServedDeleteView(generic.DeleteView):  # type: ignore[misc]
    delete_with: Any = None

    def delete_action(self) -> None:
        self.delete_with(self.object, principals.of_request(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().form_valid(form))
        except DomainError as error:
            messages.error(self.request, str(error))
            return HttpResponseRedirect(self.get_success_url())


class DayColumn(Column):  # type: ignore[misc]
    """A calendar day as people write it. Wagtail's DateColumn says how long ago a moment was: of a day to come, "just now"."""

    def get_value(self, instance: Any) -> str:
        return day(super().get_value(instance)) or "–"


class Desk:
    """What a desk's list says in words of our own: Wagtail's put a noun into a sentence, which Russian does not forgive."""

    @property
    def no_results_message(self) -> str:
        if self.is_searching or self.is_filtering:  # type: ignore[attr-defined]
            return _("Nothing matches. Take a condition away, or ask for less.")
        add_url = getattr(self, "add_url", None)
        if not add_url:
            return _("There is nothing here yet.")
        return format_html('{} <a href="{}">{}</a>', _("There is nothing here yet."), add_url, self.add_item_label)  # type: ignore[attr-defined]


class SafeExport:
    """A list whose CSV no spreadsheet program takes for formulas: dealers wrote some of its texts. In XLSX they are texts."""

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """As Wagtail has it, but a column that leads over an empty relation ("brand.code") is an empty cell, not an error."""
        return {path: value_at(item, path) for path in self.list_export}  # type: ignore[attr-defined]

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]
        return safe_cell(cell) if export_format == "csv" else cell


def value_at(item: Any, path: str) -> Any:
    """What a dotted path leads to; None where a step on the way is."""
    step, _dot, rest = path.partition(".")
    found = multigetattr(item, step)
    return value_at(found, rest) if rest and found is not None else found


def relations_of(model: type[models.Model], columns: Iterable[Any]) -> set[str]:
    """What `select_related` must join for these columns: "tier.code" and "tier" both need `tier`.

    Names alone are read; a column that is an object, or a name that is no field, needs nothing we could know.
    """
    found = set()
    for column in columns:
        path, at = [], model
        for name in column.split(".") if isinstance(column, str) else ():
            field = next((one for one in at._meta.get_fields() if one.name == name), None)  # noqa: SLF001
            if not isinstance(field, models.ForeignKey):  # one-to-one is one
                break
            path.append(name)
            at = field.related_model
        if path:
            found.add("__".join(path))
    return found


class DeskViewSet(ModelViewSet):  # type: ignore[misc]
    """A head-office screen: list, filters, export; changes go through services, or there are none.

    `read`, `write`: rights of which any is enough. `actions`: what the screen offers, of "add", "change", "delete";
    override `save(form, by)` for the first two and `delete(instance, by)` for the last.
    """

    read: Iterable[Right] = ()
    write: Iterable[Right] = ()
    actions: Iterable[str] = ()
    form_fields: Iterable[str] = ()  # a screen that only reads has no form
    list_select_related: Iterable[str] = ()  # what the list's columns name of other rows
    add_view_class = ServedCreateView
    edit_view_class = ServedEditView
    delete_view_class = ServedDeleteView
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    add_item_label = gettext_lazy("Add")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Every room's list exports safely, whichever class it is."""
        super().__init_subclass__(**kwargs)
        if not issubclass(cls.index_view_class, SafeExport):
            cls.index_view_class = type(cls.index_view_class.__name__, (Desk, SafeExport, cls.index_view_class), {})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = RightPermissionPolicy(self.model, read=self.read, write=self.write, actions=self.actions)
        # Choosers and the like ask the registry; a model that Wagtail has screens of its own for is taken there already.
        if policy_registry.get_by_type(self.model, fallback=False) is None:
            register_permission_policy(self.model, self.policy, exact_class=True)

    def save(self, form: Any, by: Principal) -> models.Model:
        """Calls the service; `form.instance` has the new values, `form.cleaned_data` the many-to-many ones."""
        raise NotImplementedError

    def delete(self, instance: Any, by: Principal) -> None:
        """Calls the service."""
        raise NotImplementedError

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """In the menu of whoever may read the screen."""
        may_read = self.policy.user_has_permission

        class Item(MenuItem):  # type: ignore[misc]
            def is_shown(self, request: HttpRequest) -> bool:
                return may_read(request.user, "view")

        return Item

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return cast(dict[str, Any], super().get_common_view_kwargs(permission_policy=self.policy, **kwargs))

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The list and its export read the rows that their columns name in one query, however many rows there are."""
        named = (getattr(self, name, ()) for name in ("list_display", "list_export"))
        columns = [column for columns in named if isinstance(columns, list | tuple) for column in columns]
        joined = {*self.list_select_related, *relations_of(self.model, columns)}
        related = {"queryset": self.model._default_manager.select_related(*sorted(joined))} if joined else {}  # noqa: SLF001
        return cast(
            dict[str, Any],
            super().get_index_view_kwargs(**{"add_item_label": self.add_item_label, **related, **kwargs}),
        )

    def get_permissions_to_register(self) -> models.QuerySet[Any]:
        """None: roles have rights, groups give nothing here."""
        return cast("models.QuerySet[Any]", super().get_permissions_to_register().none())

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return cast(dict[str, Any], super().get_add_view_kwargs(save_with=self.save, **kwargs))

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return cast(dict[str, Any], super().get_edit_view_kwargs(save_with=self.save, **kwargs))

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return cast(dict[str, Any], super().get_delete_view_kwargs(delete_with=self.delete, **kwargs))
