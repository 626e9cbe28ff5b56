"""Another partnership begins from an empty register by its own files alone."""

import pytest
from django.core.management import CommandError, call_command

from agencies.bootstrap.files import SHIPPED
from agencies.kinds import AgencyKind
from agencies.models import Agency, Contact, Partnership, User
from agencies.register_files.columns import COLUMNS, TYPED, lines, there
from agencies.register_files.judging import form_of
from agencies.register_files.report import What, report_on

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


def test_all_that_is_wrong_is_said_at_once_by_the_names_of_the_file(folder):
    (folder / "agencies.csv").write_text(
        "name,kind,domains,spoc_name,spoc_telephone,opens\n"
        "Hub,circus,,,,\n"
        "Office,commissioned,*.example,,,\n"
        "Council,local_authority,,Ann,not a number,noon\n"
        "Police,police,,,,\n"
        ",nhs_board,,,,\n"
    )
    with pytest.raises(CommandError) as refused:
        call_command("found_partnership", str(folder))
    said = str(refused.value).splitlines()
    assert "'Board' must stand in agencies.csv once." in said
    for begins in (
        "Row 2 of agencies.csv, kind:",
        "Row 3 of agencies.csv, domains:",
        "Row 4 of agencies.csv, spoc_telephone:",
        "Row 4 of agencies.csv, opens:",
        "Row 6 of agencies.csv, name:",
    ):
        assert any(line.startswith(begins) for line in said), (begins, said)
    assert not Agency.objects.exists()


def test_a_column_that_is_not_known_is_named_with_those_that_are(folder):
    (folder / "agencies.csv").write_text("name,kind,spoc_phone\nHub,front_door,1\n")
    with pytest.raises(CommandError, match=r"Not known: spoc_phone\..*spoc_telephone"):
        call_command("found_partnership", str(folder))


def test_the_columns_stand_in_the_readme_of_the_seeds():
    said = (SHIPPED / "README.md").read_text()
    for column in TYPED:
        assert f"`{column}`" in said
    for kind in AgencyKind:
        assert f"`{kind.value}`" in said


def test_a_superuser_leads_to_the_first_administrator():
    with pytest.raises(CommandError, match="first_administrator ADDRESS"):
        call_command("createsuperuser")


def test_what_was_founded_goes_out_and_comes_in_again(folder):
    """Each line was refused for what founding does not ask."""
    call_command("found_partnership", str(folder))
    agencies = list(there())
    file = [line.values for line in lines(agencies)]
    assert not report_of(file).refused
    done = report_of([row | {"telephone": f"01234 56789{n}"} for n, row in enumerate(file)])
    assert not done.refused, [row.errors for row in done.rows]
    assert [row.what for row in done.rows] == [What.CHANGED] * 5


def report_of(file):
    """What a file of these lines would do."""
    return report_on(COLUMNS, [[line[name] for name in COLUMNS] for line in file])


def test_what_is_filled_in_is_not_emptied_by_a_file(folder):
    call_command("found_partnership", str(folder))
    agency = Agency.objects.get(name="Hub")
    typed = dict.fromkeys(COLUMNS, "") | {"name": "Hub", "kind": "front_door"}
    agency.controller = "Elsewhere Council"
    form = form_of(agency, typed)
    assert "controller" in form.errors
    agency.controller = ""
    assert "controller" not in form_of(agency, typed).errors
