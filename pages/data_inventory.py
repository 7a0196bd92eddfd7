"""The data inventory of team members, statistics and support lines."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

STATISTIC = DataInventory(
    subject=Subject.NOBODY,
    title=_("Statistics and their sources"),
    purpose=_("So that everyone can check what we say."),
    goes=(_("Kept as long as the statistic is on the site."),),
    fields=together(
        "id slug label text counts place year source_words source link checked_on lit ticks order",
        DataField(
            _("The statistic, and where it comes from"), _("So that it can be checked."), readers=(Reader.PUBLIC,)
        ),
    ),
)

SUPPORT_LINE = DataInventory(
    subject=Subject.STAFF,
    title=_("Support lines that you proposed or published"),
    purpose=_("So that anyone who needs a support line can find one, and knows beforehand who it may call."),
    goes=(_("Kept as long as the line is in our list. Your name in it is deleted when your account is removed."),),
    fields={
        **together(
            "id slug name country languages hours reach may_call_police link source_words checked_on is_published "
            "order",
            DataField(
                _("The details of a support line, and where it publishes them itself"),
                _("So that it can be checked."),
                readers=(Reader.PUBLIC,),
            ),
        ),
        "to_check": DataField(
            _("What still has to be checked"),
            _("So that no line is published before someone checked it."),
            readers=(Reader.VOLUNTEERS,),
        ),
        **together(
            "proposed_by published_by",
            DataField(
                _("Which admin proposed it, and which one published it"),
                _("So that others can ask them about it."),
                readers=(Reader.VOLUNTEERS,),
                is_personal=True,
            ),
        ),
    },
)

TEAM_MEMBER = DataInventory(
    subject=Subject.SPEAKERS,
    title=_("Your entry on the People page"),
    purpose=_("So that readers and the media know who speaks for the coalition. We show it only with your consent."),
    goes=(_("Removed from the site the day your consent ends, or as soon as you take it back."),),
    fields={
        **together(
            "name pronouns role photo photo_alt text_block_key",
            DataField(
                _("Your name, pronouns, role, photo and text"),
                _("So that you’re shown, as you chose to be."),
                readers=(Reader.PUBLIC,),
                is_personal=True,
            ),
        ),
        **together(
            "id consent_until is_on_site is_in_press_kit order form_token",
            DataField(
                _("Where you’re shown, and until when"),
                _("So that it ends when you said."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
    },
)
