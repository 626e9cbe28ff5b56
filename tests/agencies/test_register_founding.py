"""Another partnership begins from an empty register by its own files alone."""

import pytest
from django.core.management import CommandError, call_command

from agencies.founding_files import SHIPPED
from agencies.kinds import AgencyKind
from agencies.models import Agency, Contact, Partnership, User

pytestmark = pytest.mark.django_db

TOLD = """
name = "Elsewhere Partnership"
area = "Elsewhere"
service_name = "Share"
front_door_name = "Hub of Elsewhere"
front_door_short = "Hub"
front_door = "Hub"
office = "Office"
statutory_partners = ["Council", "Police", "Board"]
"""
LISTED = """name,kind,domains
Hub,front_door,elsewhere.example
Office,commissioned,
Council,local_authority,
Police,police,
Board,nhs_board,
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "partnership.toml").write_text(TOLD)
    (tmp_path / "agencies.csv").write_text(LISTED)
    return tmp_path


@pytest.mark.clause("A-REGISTER")
def test_the_agreements_own_agencies_ship_with_the_portal(capsys):
    call_command("found_partnership", "wirral")
    assert "21 agencies" in capsys.readouterr().out
    named = set(Agency.objects.values_list("name", flat=True))
    assert {"CAFCASS", "Career Connect", "British Transport Police"} <= named
    assert set(Agency.objects.values_list("status", flat=True)) == {"listed"}
    assert Agency.objects.filter(is_statutory_partner=True).count() == 3
    assert Agency.objects.get(is_front_door=True).name == "Wirral Integrated Front Door"
    assert not Contact.objects.exists()
    assert not User.objects.exists()
    # The 25 lines of Appendix One, and the three who are partners or front door besides.
    assert len(AgencyKind) == 25 + 3
    assert (SHIPPED / "README.md").exists()


@pytest.mark.clause("A-REGISTER")
def test_another_partnership_begins_by_its_own_files_and_only_once(folder):
    call_command("found_partnership", str(folder))
    assert Partnership.objects.get().front_door_name == "Hub of Elsewhere"
    assert Agency.objects.get(keeps_register=True).name == "Office"
    assert Agency.objects.get(name="Hub").domains == ["elsewhere.example"]
    with pytest.raises(CommandError, match="not empty"):
        call_command("found_partnership", str(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("agencies.csv", "police,", "circus,", "Row 5"),
        ("agencies.csv", "name,kind", "name,sort", "columns"),
        ("agencies.csv", "Office", "Bureau", "must stand"),
        ("agencies.csv", "elsewhere.example", "*.example", "Row 2"),
        ("partnership.toml", ', "Board"', "", "three statutory"),
        ("partnership.toml", 'area = "Elsewhere"', "area = ", "Invalid"),
        ("partnership.toml", "area", "colour", "partnership.toml"),
        ("partnership.toml", 'area = "Elsewhere"', "", "partnership.toml"),
    ],
)
def test_files_that_are_wrong_found_nothing(folder, file, old, new, words):
    path = folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(CommandError, match=words):
        call_command("found_partnership", str(folder))
    assert not Partnership.objects.exists()
    assert not Agency.objects.exists()
    with pytest.raises(CommandError):
        call_command("found_partnership", str(folder / "nowhere"))
