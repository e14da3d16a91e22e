"""The programme in the head office's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .desk.awards import AwardProposalViewSet, TierAwardViewSet
from .desk.drafts import DraftViewSet
from .desk.premiums import PremiumAccrualViewSet, PremiumSliceViewSet, PremiumViewSet
from .desk.programmes import ProgrammeViewSet, TierExceptionViewSet, TierViewSet
from .desk.simulations import SimulationViewSet


class ProgrammeGroup(ModelViewSetGroup):
    menu_label = _("Programme")
    menu_icon = "pick"
    menu_order = 330
    items = (
        ProgrammeViewSet,
        TierViewSet,
        TierExceptionViewSet,
        TierAwardViewSet,
        AwardProposalViewSet,
        PremiumViewSet,
        PremiumSliceViewSet,
        PremiumAccrualViewSet,
        DraftViewSet,
        SimulationViewSet,
    )


@hooks.register("register_admin_viewset")
def programme_desk() -> ProgrammeGroup:
    return ProgrammeGroup()
