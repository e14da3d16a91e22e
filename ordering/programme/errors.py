from portal.lib.errors import Conflict, Invalid, Missing


class NobodyReached(Missing):
    """A draft is for no dealer at all."""

    code = "nobody_reached"


class ProgrammesOverlap(Conflict):
    """Two programmes of one currency, region and brand would run on one day."""

    code = "programmes_overlap"


class ApproverMustBeAnother(Conflict):
    """Whoever proposed an award may not decide on it."""

    code = "approver_must_be_another"


class AlreadyDecided(Conflict):
    """An award was approved or refused before."""

    code = "already_decided"


class AwardsOverlap(Conflict):
    """The dealer already holds a tier by decision on some of these days."""

    code = "awards_overlap"


class AwardNotDated(Invalid):
    """An award by decision needs a first and a last day, within its programme."""

    code = "award_not_dated"


class AnotherProgramme(Invalid):
    """The dealer does not take part in the programme of this tier on these days."""

    code = "another_programme"


class HasDecided(Conflict):
    """A programme that has decided tiers keeps its currency and its brand."""

    code = "has_decided"


class PeriodCut(Conflict):
    """A programme would end, or lose dealers to another, within a period that its premium is reckoned over."""

    code = "period_cut"


class TiersRefused(Invalid):
    """Two tiers of one code or threshold, or a discount that is none."""

    code = "tiers_refused"
