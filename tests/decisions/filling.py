"""What the tests of the flow's pages share: filling forms in as a browser would."""

from django.urls import reverse
from django.utils import timezone

from tests import walks


def text(response):
    return response.content.decode()


def at(name, decision, *more):
    return reverse(f"decisions:{name}", args=[decision.pk, *more])


def say(client, decision, step, choice, reasons="Weighed it", **more):
    said = {"choice": as_chosen(step, choice), "reasons": reasons}
    return client.post(at("step", decision, step), said | more)


def as_chosen(step, choice):
    """What the page sends for an answer: the yes to a lawful reason says which."""
    return f"{choice}/at_risk" if (step, choice) == ("lawful_reason", "yes") else choice


def answer_to_share(client, decision):
    for step, choice in walks.SHARE:
        assert say(client, decision, step, choice).status_code == 302


BASIS = {
    "lawful_basis": "public_task",
    "condition": "safeguarding",
    "ground": "at_risk",
    "ground_reason": "The uncle would learn of it",
    "safety": "Hers, and that of her brother",
}
CONTENT = {
    "nature": "fact",
    "content": "Attended with a bruise",
    "source": "Emergency department record",
    "as_at_day": "3",
    "as_at_month": "10",
    "as_at_year": str(timezone.localdate().year - 1),
}
NOT_TOLD = {"told": "no", "reason": "Risk of harm"}


def confirmed(texts):
    return {f"point_{code}": "yes" for code in texts}


def fill_in(client, decision):
    """Everything that sharing asks for, through the pages."""
    item = decision.weighed.get().item
    edition = decision.edition
    for page, data in (
        (at("basis", decision), BASIS),
        (at("content", decision, item.pk), CONTENT),
        (at("how", decision), confirmed(edition.how)),
        (at("caldicott", decision), confirmed(edition.caldicott)),
        (at("told", decision), NOT_TOLD),
    ):
        assert client.get(page).status_code == 200
        assert client.post(page, data).status_code == 302
