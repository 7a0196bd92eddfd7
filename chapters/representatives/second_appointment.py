"""The question before a second person is appointed: is the place handed over, or do they represent it together?"""

from django import forms
from django.utils.translation import gettext as _

from chapters.models import Chapter, Representative

NAME, TOGETHER = "beside", "together"


def ask_what_happens(form: forms.Form, region: str, chapter: Chapter | None) -> Representative | None:
    """Adds the question to a form if someone serves there, and an error until it is answered.

    Returns the term that is handed over; None if no one serves there, or if they will represent it together.
    """
    serving = {
        str(term.pk): term
        for term in Representative.objects.serving().of(region, chapter).select_related("user", "chapter")
    }
    if not serving:
        return None
    form.fields[NAME] = _question(serving)
    form.order_fields(["place", "chapter", NAME])
    said = form.data.get(form.add_prefix(NAME), "")
    if said != TOGETHER and said not in serving:
        form.add_error(NAME, _("Choose what happens. No one is appointed yet."))
    return serving.get(said)


def _question(serving: dict[str, Representative]) -> forms.ChoiceField:
    first = next(iter(serving.values()))
    handed_over = [
        (pk, _("Hand over: the term of %(name)s ends") % {"name": term.user.username}) for pk, term in serving.items()
    ]
    together = (TOGETHER, _("Together: no term ends, and both represent it"))
    return forms.ChoiceField(
        label=_("%(place)s already has a representative. What happens now?") % {"place": first.place},
        choices=[*handed_over, together],
        widget=forms.RadioSelect,
    )
