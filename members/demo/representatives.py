"""Representatives of ten places and of a chapter, with profiles; one hidden, and one new."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from chapters.models import Chapter, Representative
from chapters.representatives.appointments import Appointment, appoint
from chapters.representatives.group_messages import send_to_all
from chapters.representatives.profile import ProfileForm
from chapters.representatives.services import hide_profiles, renew_consent
from chapters.representatives.stepping_down import step_down
from members.demo.people import FICTIONAL
from members.demo.sign_ins import BEGINS, REPRESENTATIVE, SignIn, new_password
from s4jr.accounts.models import Invitation, User

STEPS_DONE = "sign-in public card messages meeting"
FICTIONAL_PROFILE = "This profile is fictional."


class Profile(NamedTuple):
    """A representative's profile. `days` is how long they have served, `answers` how many days each answer took."""

    place: str
    display_name: str
    pronouns: str
    languages: str
    days: int
    words: str
    answers: str = ""
    mandated_reporter: str = "no"
    ties: str = ""
    language: str = "en"


#: The first one can sign in.
PROFILES = (
    Profile("CA-ON", "Marisol Inkwell", "she/her", "English, Español", 200,
            "Write to me about meetings in Ontario, or if you would like to read a bill together.", "1 2 2 3"),
    Profile("CA-QC", "Odile Papier", "elle", "Français, English", 150,
            "Écrivez-moi au sujet des rencontres au Québec, ou pour traduire un texte.", "1 3 4", language="fr-ca"),
    Profile("CA-BC", "Peregrine Sketch", "they/them", "English", 120,
            "I listen first. Ask me about access at meetings.", "2 2 5"),
    Profile("US-OH", "Lionel Footnote", "he/him", "English", 90, "Ask me how to find out who your legislators are.",
            ties="I worked as a clerk in a county court until 2015."),
    Profile("US-OR", "Saoirse Blotter", "she/they", "English, Gaeilge", 170,
            "I help people who write for the first time.", "1 1 2 2 4", "yes"),
    Profile("US-NM", "Ignacio Margin", "he/him", "Español, English", 60,
            "Ask me about telling your story, and about keeping it."),
    Profile("MX", "Xóchitl Tinta", "ella", "Español", 110, "Escríbeme sobre las reuniones en español.", "2 3 3",
            language="es"),
    Profile("DE", "Leonie Erfunden", "sie/ihr", "Deutsch, English", 180, "I can tell you what differs in Europe.",
            "4 5 6"),
    Profile("GH", "Kwabena Chapterhouse", "he/him", "English, Twi", 45,
            "Ask me about meeting times that suit West Africa."),
    Profile("NZ", "Aroha Paperbark", "she/her", "English, te reo Māori", 30,
            "Ask me about meetings at your time of day."),
)  # fmt: skip
OF_CHAPTER = Profile(
    "US-OR", "Bram Sidebar", "he/him", "English", 100, "I welcome everyone who is new at Millrace.", "1 2 3"
)
HIDDEN = Profile("CA-MB", "Cordelia Foldaway", "she/her", "English", 140, "Back in the spring.")
NEW = "CA-NS"
FORMER = Profile("CA-SK", "Ottoline Bookend", "they/them", "English", 160, "Thank you, Saskatchewan.")
NOTE = "The quiet hour on Sundays needs a new host. This is fictional."
TO_ALL = "Does anyone have a leaflet in French that I may print? This is fictional."


def add_representatives(by: User, chapters: dict[str, Chapter]) -> SignIn:
    """Adds all representatives. Returns the sign-in of the one who can sign in."""
    first, *others = [_add_with_profile(profile, by) for profile in PROFILES]
    _add_with_profile(OF_CHAPTER, by, chapter=chapters[OF_CHAPTER.place])
    hidden = _add_with_profile(HIDDEN, by)
    hide_profiles(Representative.objects.filter(pk=hidden.pk))
    _ask_again_soon(others[-3])
    _add(NEW, by, begins_on=timezone.now().date())
    step_down(_add_with_profile(FORMER, by), NOTE)
    send_to_all(others[0], TO_ALL, "demo")
    return _let_sign_in(first)


def representative() -> Representative:
    """The representative who can sign in."""
    return Representative.objects.get(user__username=REPRESENTATIVE)


def _add_with_profile(profile: Profile, by: User, chapter: Chapter | None = None) -> Representative:
    today = timezone.now().date()
    term = _add(profile.place, by, begins_on=today - timedelta(days=profile.days), chapter=chapter)
    form = ProfileForm(_answers(profile), term=term)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    form.save()
    this = Representative.objects.filter(pk=term.pk)
    this.update(steps_done=STEPS_DONE, answer_days=profile.answers)
    renew_consent(this, today - timedelta(days=profile.days % 60))
    Invitation.objects.filter(user=term.user).update(used_at=timezone.now())
    return term


def _answers(profile: Profile) -> dict[str, str]:
    words = f"{profile.words} {FICTIONAL_PROFILE}"
    said = {**profile._asdict(), "words": words, "shows_region": "on", "takes_messages": "on"}
    return {name: answer for name, answer in said.items() if name in ProfileForm.base_fields}


def _add(place: str, by: User, *, begins_on: date, chapter: Chapter | None = None) -> Representative:
    name = f"{BEGINS}{chapter.slug if chapter else place.lower()}"
    username = REPRESENTATIVE if place == PROFILES[0].place and not chapter else name
    region = "" if chapter else place
    address = f"{username.removeprefix(BEGINS)}@representatives{FICTIONAL}"
    appointment = Appointment(begins_on, region=region, chapter=chapter, username=username, address=address)
    return appoint(appointment, by=by).term


def _ask_again_soon(term: Representative) -> None:
    """Dates their consent back so far that it is asked for again."""
    renew_consent(Representative.objects.filter(pk=term.pk), timezone.now().date() - timedelta(days=88))


def _let_sign_in(term: Representative) -> SignIn:
    sign_in = SignIn(term.user.username, new_password())
    term.user.set_password(sign_in.password)
    term.user.save(update_fields=["password"])
    return sign_in
