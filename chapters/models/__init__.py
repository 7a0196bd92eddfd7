from chapters.models.chapter import Chapter
from chapters.models.meeting import Meeting
from chapters.models.representative import Representative

__all__ = ["Chapter", "Meeting", "Representative"]
