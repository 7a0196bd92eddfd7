"""What is kept of meetings. It names nobody who came."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

_shown = DataField(_("What, when, where and for whom"), _("So that people can come."), readers=(Reader.PUBLIC,))
_access = DataField(
    _("What makes it possible to come: captions, breaks and the like"),
    _("So that people know before they come."),
    readers=(Reader.PUBLIC,),
)
_link = DataField(
    _("The link to join, locked"), _("So that only those it is for come in."), readers=(Reader.VOLUNTEERS,)
)
_own = DataField(
    _("Whether it was moved, called off or changed, and when"), _("So that calendars follow."), readers=(Reader.PUBLIC,)
)
_FACTS = {
    **together("id kind audience chapter region title words zone is_published", _shown),
    **together(
        "captions sign_language breaks camera_optional speaking_optional content_notes capacity",
        _access,
    ),
    "join_link": _link,
}

MEETING_SERIES = DataInventory(
    subject=Subject.NOBODY,
    title=_("Meetings that repeat"),
    purpose=_("So that the evenings can be made from it."),
    goes=(_("It stays: it names nobody."),),
    fields={**_FACTS, **together("repeats weekday week begins_on ends_on time_of_day minutes", _shown)},
)

MEETING = DataInventory(
    subject=Subject.NOBODY,
    title=_("Meetings"),
    purpose=_("So that people know when and where to come."),
    goes=(_("It stays: it names nobody who came."),),
    fields={
        **_FACTS,
        **together("series planned_on topic starts_at ends_at", _shown),
        **together("is_moved is_canceled is_left_out sequence changed_at offset_when_set realigned_sequence", _own),
        "notes": DataField(
            _("Notes of a meeting, without names"), _("For those who could not come."), readers=(Reader.PUBLIC,)
        ),
    },
)
