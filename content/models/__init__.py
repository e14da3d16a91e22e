"""Wagtail pages, their files, and who has read what."""

from .files import PortalDocument, PortalImage, PortalRendition
from .pages import GuidePage, GuideProduct, HomePage, NewsPage, PortalPage, SectionPage
from .reading import Acknowledgement, DraftPreview, Feedback, PageRead, Publication
from .remedies import Pin, Remedy

__all__ = [
    "Acknowledgement",
    "DraftPreview",
    "Feedback",
    "GuidePage",
    "GuideProduct",
    "HomePage",
    "NewsPage",
    "PageRead",
    "Pin",
    "PortalDocument",
    "PortalImage",
    "PortalPage",
    "PortalRendition",
    "Publication",
    "Remedy",
    "SectionPage",
]
