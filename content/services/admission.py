"""The door of the Wagtail admin: what a head-office role may do there."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.enums import StaffRole
from accounts.models import User

WRITERS = (StaffRole.EDITOR, StaffRole.ADMINISTRATOR)
ON_PAGES = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
# Wagtail asks for the permissions of its own models, whatever models stand in for them.
ON_FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
FILE_APPS = ("wagtailimages", "wagtaildocs")


@transaction.atomic
def admit_to_admin(user: User) -> None:
    """Puts a head-office person into the Wagtail group of their role, and out of the groups of other roles.

    Called at the door of the admin, so a role that was changed or taken away counts from the next click on.
    """
    wanted = {user.staff_role} if user.staff_role else set()
    present = set(user.groups.values_list("name", flat=True))
    if wanted != present:
        user.groups.set(Group.objects.filter(name__in=wanted))


@transaction.atomic
def arrange_groups() -> None:
    """One Wagtail group for each head-office role, with what the role may do to content. Again changes nothing.

    Other rooms may give the groups rights over their own models; nothing is taken away here.
    """
    enter = Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    for role in StaffRole:
        group, _is_new = Group.objects.get_or_create(name=role.value)
        group.permissions.add(enter)
        if role in WRITERS:
            _may_write(group)


def _may_write(group: Group) -> None:
    translate = Permission.objects.filter(codename="submit_translation", content_type__app_label="wagtail_localize")
    group.permissions.add(*translate)
    root, shelf = Page.get_first_root_node(), Collection.get_first_root_node()
    if root is None or shelf is None:  # an emptied database, in tests
        return
    of_pages = Q(codename__in=ON_PAGES, content_type__app_label="wagtailcore")
    for permission in Permission.objects.filter(of_pages):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for permission in Permission.objects.filter(codename__in=ON_FILES, content_type__app_label__in=FILE_APPS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=shelf, permission=permission)
