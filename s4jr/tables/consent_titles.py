"""The titles of columns that stand for a no or a yes to emails, as other programs and people write them.

`plain_title` gives them their form here. See `docs/lists.md` for the programs.
"""

from s4jr.tables.titles import has_words

#: The decision of a coalition or host. Only an approved person is imported.
STATUS = [
    "status", "member_status", "membership_status", "approval_status", "application_status", "attendee_status",
    "registration_status", "subscriber_status", "contact_status", "statut", "statut_de_membre", "statut_du_membre",
    "statut_d_approbation", "statut_de_la_demande", "estatus", "estado_de_miembro", "estado_de_aprobacion",
    "estado_de_la_solicitud", "estado_de_la_membresia",
]  # fmt: skip
#: A no of the person, or an address that gets nothing. An empty cell, a “no” or “subscribed” is no objection.
STOPPED = [
    "emails_stopped", "can2_subscription_status", "subscription_status", "email_subscription_status", "email_status",
    "email_marketing_status", "unsub_time", "unsubscribe_time", "unsubscribed", "unsubscribed_at",
    "unsubscribed_on", "unsubscribe_date", "clean_time", "cleaned", "do_not_email", "do_not_contact",
    "is_opt_out", "opt_out", "opted_out", "opted_out_at", "email_opt_out", "has_opted_out_of_email", "user_opt_out",
    "no_bulk_emails", "no_bulk_emails_user_opt_out", "on_hold", "email_on_hold", "is_deceased", "deceased",
    "is_deceased_closed", "deceased_closed", "blocklisted", "blacklisted", "blocked", "is_blocked", "suppressed",
    "bounced", "email_bounced", "is_bounced", "email_is_bad", "spam_complaint",
    "ne_pas_contacter", "ne_pas_ecrire", "ne_pas_envoyer_de_courriel", "ne_pas_envoyer_de_courriels",
    "ne_pas_envoyer_d_e_mail", "ne_pas_envoyer_d_e_mails", "pas_de_courriel", "pas_de_courriels", "desabonne",
    "desabonnee", "desabonne_le", "desinscrit", "desinscrite", "desinscrit_le", "date_de_desabonnement",
    "date_de_desinscription", "courriels_arretes", "decede", "decedee", "bloque", "bloquee",
    "no_contactar", "no_enviar_correo", "no_enviar_correos", "no_enviar_correo_electronico",
    "no_enviar_correos_electronicos", "no_enviar_email", "sin_correos", "dado_de_baja", "dada_de_baja", "baja",
    "fecha_de_baja", "cancelo_la_suscripcion", "desuscrito", "desuscrita", "fallecido", "fallecida", "bloqueado",
    "bloqueada",
]  # fmt: skip
#: A yes of the person. Only a “yes” is imported, and an empty cell is none.
CONSENT = [
    "email_opt_in", "opt_in", "opted_in", "consent", "email_consent", "consent_to_email", "consent_to_emails",
    "gdpr_consent", "marketing_consent", "marketing_opt_in", "accepts_marketing", "accepts_email_marketing",
    "may_we_email_you", "can_we_email_you", "subscribed", "is_subscribed",
    "consentement", "consentement_aux_courriels", "consentement_par_courriel", "accepte_les_courriels",
    "accepte_de_recevoir_des_courriels", "pouvons_nous_vous_ecrire", "abonne", "abonnee",
    "consentimiento", "acepta_correos", "acepta_recibir_correos", "acepto_recibir_correos", "autoriza_correos",
    "podemos_escribirte", "suscrito", "suscrita",
]  # fmt: skip
#: Known titles about something else than emails. They are not asked about.
NOT_ABOUT_EMAIL = {
    "do_not_phone", "do_not_sms", "do_not_mail", "do_not_trade", "do_not_call", "federal_donotcall", "mobile_opt_in",
    "can2_sms_status", "unsub_reason", "unsub_reason_other", "unsub_campaign_id", "unsub_campaign_title",
    "clean_campaign_id", "clean_campaign_title", "optin_ip", "confirm_ip", "marital_status",
}  # fmt: skip
#: Words and phrases of titles that may stand for a no.
_TELLING = {
    "status", "consent", "consents", "consented", "opt", "optin", "optout", "opted", "unsubscribe", "unsubscribed",
    "unsub", "subscribe", "subscribed", "subscription", "do_not", "don_t", "dont", "donot", "dnc", "no_email",
    "no_emails", "no_contact", "not_contact", "deceased", "died", "bounce", "bounced", "bounces", "block", "blocked",
    "blocklist", "blacklist", "blacklisted", "suppressed", "suppression", "permission", "gdpr", "agree", "agreed",
    "agrees", "allow", "allowed", "inactive", "active", "declined", "denied", "rejected", "approved", "approval",
    "removed", "spam", "complaint", "complained", "on_hold", "hold", "ok_to_email", "okay_to_email", "safe",
    "can_we", "may_we", "left", "donotemail", "donotcontact", "noemail", "noemails", "stop", "stops", "stopped",
    "never", "no_longer", "contactable", "accepted", "waitlist", "waitlisted", "enabled", "disabled", "archived",
    "suspended", "deleted", "remove", "exclude", "excluded", "exclusion", "banned", "muted", "withdrawn", "withdrew",
    "resigned", "resignation", "exited", "quit", "cancelled", "canceled", "dead", "undeliverable", "deliverable",
    "deliverability", "suppressions",
    "statut", "etat", "consentement", "consentez", "consens", "desabonne", "desabonnee", "desabonnement",
    "desinscription", "desinscrit", "desinscrite", "abonnement", "abonne", "abonnee", "ne_pas", "pas_de_courriel",
    "pas_de_courriels", "accord", "accepte", "acceptez", "autorisation", "autorise", "autorisez", "pouvons_nous",
    "decede", "decedee", "bloque", "bloquee", "rgpd", "refus", "refuse", "actif", "inactif", "approuve", "quitte",
    "ne_veut", "ne_souhaite", "ne_desire", "jamais", "demission", "radie", "radiee", "retire", "retiree", "supprime",
    "supprimee", "exclu", "exclue", "interdit", "interdite", "annule", "annulee", "archive", "archivee", "suspendu",
    "suspendue", "desactive", "desactivee",
    "estado", "estatus", "consentimiento", "consiento", "baja", "suscripcion", "suscrito", "suscrita", "no_enviar",
    "no_contactar", "no_correo", "no_correos", "fallecido", "fallecida", "bloqueado", "bloqueada", "autorizacion",
    "autorizo", "autoriza", "acepto", "acepta", "aceptas", "permiso", "podemos", "activo", "inactivo", "rechazado",
    "rechazada", "aprobado", "aprobada", "no_quiere", "no_desea", "ya_no", "nunca", "renuncia", "renuncio", "eliminado",
    "eliminada", "cancelado", "cancelada", "prohibido", "prohibida", "retirado", "retirada", "excluido", "excluida",
    "borrado", "borrada", "archivado", "archivada", "suspendido", "suspendida", "desactivado", "desactivada",
}  # fmt: skip

#: Words about emails. With cells that only say yes or no, such a column may be about who gets them: “Receive emails”.
_CONTACT = {
    "email", "emails", "e_mail", "e_mails", "mail", "mails", "mailing", "mailings", "contact", "contacts", "contacted",
    "news", "newsletter", "newsletters", "announcements", "write", "courriel", "courriels", "contacter", "contacte",
    "contactee", "contactez", "infolettre", "infolettres", "ecrire", "correo", "correos", "contactar", "contactado",
    "contactada", "contacto", "boletin", "boletines", "escribir", "escribirte",
}  # fmt: skip


def speaks_of_contact(title: str) -> bool:
    """Whether a title speaks of emails or of being contacted, in English, French or Spanish."""
    return has_words(title, _CONTACT)


def speaks_of_consent(title: str) -> bool:
    """Whether a title speaks of a status, of consent or of stopping emails, in English, French or Spanish."""
    return has_words(title, _TELLING)
