"""The data inventory of meetings. It has no attendees."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

_shown = DataField(
    _("What the meeting is, when and where it is, and who it’s for"),
    _("So that people can come."),
    readers=(Reader.PUBLIC,),
)
_access = DataField(
    _("What makes the meeting accessible, such as captions and breaks"),
    _("So that people know before they come."),
    readers=(Reader.PUBLIC,),
)
_link = DataField(
    _("The meeting link, encrypted"), _("So that only the people it’s for can join."), readers=(Reader.VOLUNTEERS,)
)
_venue = DataField(
    _("The street address or phone number, encrypted"),
    _("So that people who are going find it, from the day before. It is never in an email or a calendar."),
    goes=_("Deleted the day after the meeting; of a series, the day after its last meeting."),
    readers=(Reader.VOLUNTEERS,),
)
_own = DataField(
    _("Whether it was moved, canceled or changed, and when"),
    _("So that calendars stay up to date."),
    readers=(Reader.PUBLIC,),
)
_FACTS = {
    **together("id kind audience chapter region title words zone format city languages is_published", _shown),
    **together(
        "captions sign_language breaks camera_optional speaking_optional access_notes content_notes capacity",
        _access,
    ),
    "join_link": _link,
    "venue": _venue,
}

MEETING_SERIES = DataInventory(
    subject=Subject.NOBODY,
    title=_("Meeting series"),
    purpose=_("So that the site can create each meeting."),
    goes=(_("Kept. It doesn’t name anyone."),),
    fields={**_FACTS, **together("repeats weekday week second_week begins_on ends_on time_of_day minutes", _shown)},
)

MEETING = DataInventory(
    subject=Subject.NOBODY,
    title=_("Meetings"),
    purpose=_("So that people know when and where to come."),
    goes=(_("Kept. It doesn’t name anyone who came."),),
    fields={
        **_FACTS,
        **together("series planned_on topic agenda resources starts_at ends_at", _shown),
        **together(
            "is_moved is_canceled is_left_out is_kept change_reason sequence changed_at offset_when_set "
            "realigned_sequence",
            _own,
        ),
        **together(
            "notes notes_published_at",
            DataField(_("Meeting notes, without names"), _("For people who couldn’t come."), readers=(Reader.PUBLIC,)),
        ),
    },
)

MEETING_HOST = DataInventory(
    subject=Subject.STAFF,
    title=_("Hosts of meetings"),
    purpose=_("So that hosts can manage their meetings, and people know who hosts."),
    goes=(_("Deleted when they stop hosting, and with the meetings or the user."),),
    fields={
        **together(
            "id series user added_on",
            DataField(
                _("Who hosts which meetings, and since when"),
                _("So that they can manage them."),
                readers=(Reader.VOLUNTEERS,),
                is_personal=True,
            ),
        ),
        "shown_name": DataField(
            _("The name they chose to show on the meeting page, if any"),
            _("So that people know who hosts."),
            readers=(Reader.PUBLIC,),
            is_personal=True,
        ),
    },
)
