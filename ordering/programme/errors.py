from portal.lib.errors import Conflict, Missing


class NoProgramme(Missing):
    """No programme runs for this dealer's currency on this day."""

    code = "no_programme"


class ProgrammesOverlap(Conflict):
    """Two programmes of one currency would run on one day."""

    code = "programmes_overlap"
