"""What is kept of people who speak for the coalition in public, and of figures."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, Subject, together

STATISTIC = DataInventory(
    subject=Subject.NOBODY,
    title=_("Figures and their sources"),
    purpose=_("So that everybody can check what we say."),
    goes=(_("As long as the figure is on the site."),),
    fields=together(
        "id slug label text counts place year source_words source link checked_on lit ticks order",
        DataField(_("The figure, and where it comes from"), _("So that it can be checked."), readers=(Reader.PUBLIC,)),
    ),
)

SUPPORT_LINE = DataInventory(
    subject=Subject.NOBODY,
    title=_("Support lines"),
    purpose=_("So that whoever needs one finds one, and knows beforehand whom it may call."),
    goes=(_("As long as the line is on the site."),),
    fields=together(
        "id slug name country languages hours reach may_call_police link source_words checked_on is_published order",
        DataField(
            _("A support line, and where it says so itself"), _("So that it can be checked."), readers=(Reader.PUBLIC,)
        ),
    ),
)

TEAM_MEMBER = DataInventory(
    subject=Subject.SPEAKERS,
    title=_("Who you are on the page of people"),
    purpose=_("So that readers, and the press, know who speaks for the coalition. Only with your yes."),
    goes=(_("From the site on the day your yes ends, or as soon as you take it back."),),
    fields={
        **together(
            "name pronouns role photo photo_alt text_block_key",
            DataField(
                _("Your name, pronouns, role, portrait and words"),
                _("You chose to be shown."),
                readers=(Reader.PUBLIC,),
                is_personal=True,
            ),
        ),
        **together(
            "id consent_until is_in_press_kit order",
            DataField(
                _("Until when, and where, you are shown"),
                _("So that it ends when you said."),
                readers=(Reader.VOLUNTEERS,),
            ),
        ),
    },
)
