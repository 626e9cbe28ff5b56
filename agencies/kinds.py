"""The kinds of relevant agency that Appendix One of the agreement lists (A-REGISTER)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    """What sort of body an agency is; codes are stored and never renamed."""

    FRONT_DOOR = "front_door", _("Front door of the local authority")
    POLICE = "police", _("Police")
    NHS_BOARD = "nhs_board", _("NHS integrated care board")
    SCHOOL = "school", _("School or college")
    FURTHER_EDUCATION = "further_education", _("Further education, ages 16 to 18")
    EARLY_YEARS = "early_years", _("Early years or childcare provider")
    RESIDENTIAL = "residential", _("Residential provider")
    FOSTERING_ADOPTION = "fostering_adoption", _("Fostering or adoption agency")
    NHS_ENGLAND = "nhs_england", _("NHS England")
    ADULT_SOCIAL_CARE = "adult_social_care", _("Adult social care")
    HOUSING = "housing", _("Housing provider")
    HOSPITAL_TRUST = "hospital_trust", _("Hospital NHS trust")
    COMMUNITY_TRUST = "community_trust", _("Community NHS trust")
    CANCER_TRUST = "cancer_trust", _("Cancer NHS trust")
    MENTAL_HEALTH_TRUST = "mental_health_trust", _("Mental health NHS trust")
    YOUTH_JUSTICE = "youth_justice", _("Youth justice service")
    PROBATION = "probation", _("Probation")
    BORDER = "border", _("Border and immigration service")
    TRANSPORT_POLICE = "transport_police", _("Transport police")
    FIRE = "fire", _("Fire and rescue service")
    FAMILY_COURT = "family_court", _("Family court advisory service")
    LOCAL_AUTHORITY = "local_authority", _("Local authority")
    CAREERS = "careers", _("Careers service")
    SPORT = "sport", _("Sports provider")
    CLUB = "club", _("Extra-curricular activity or club")
    FAITH = "faith", _("Religious organisation")
    VOLUNTARY = "voluntary", _("Voluntary, community or faith sector")
    COMMISSIONED = "commissioned", _("Commissioned provider")


# The Caldicott principles bind health and social care bodies (CAL).
CALDICOTT_KINDS = frozenset(
    {
        AgencyKind.NHS_BOARD,
        AgencyKind.NHS_ENGLAND,
        AgencyKind.HOSPITAL_TRUST,
        AgencyKind.COMMUNITY_TRUST,
        AgencyKind.CANCER_TRUST,
        AgencyKind.MENTAL_HEALTH_TRUST,
        AgencyKind.ADULT_SOCIAL_CARE,
        AgencyKind.LOCAL_AUTHORITY,
        AgencyKind.RESIDENTIAL,
        AgencyKind.FOSTERING_ADOPTION,
    }
)

# The kinds as a list of agencies groups them, by the field's own order of asking.
GROUPS = {
    _("Schools and early years"): (
        AgencyKind.SCHOOL,
        AgencyKind.FURTHER_EDUCATION,
        AgencyKind.EARLY_YEARS,
        AgencyKind.CAREERS,
    ),
    _("Health"): (
        AgencyKind.HOSPITAL_TRUST,
        AgencyKind.COMMUNITY_TRUST,
        AgencyKind.MENTAL_HEALTH_TRUST,
        AgencyKind.CANCER_TRUST,
        AgencyKind.NHS_BOARD,
        AgencyKind.NHS_ENGLAND,
    ),
    _("Police, justice and emergency services"): (
        AgencyKind.POLICE,
        AgencyKind.TRANSPORT_POLICE,
        AgencyKind.YOUTH_JUSTICE,
        AgencyKind.PROBATION,
        AgencyKind.FAMILY_COURT,
        AgencyKind.BORDER,
        AgencyKind.FIRE,
    ),
    _("Council and social care"): (
        AgencyKind.LOCAL_AUTHORITY,
        AgencyKind.FRONT_DOOR,
        AgencyKind.ADULT_SOCIAL_CARE,
        AgencyKind.RESIDENTIAL,
        AgencyKind.FOSTERING_ADOPTION,
    ),
    _("Housing"): (AgencyKind.HOUSING,),
    _("Charities, faith, clubs and commissioned services"): (
        AgencyKind.VOLUNTARY,
        AgencyKind.COMMISSIONED,
        AgencyKind.FAITH,
        AgencyKind.SPORT,
        AgencyKind.CLUB,
    ),
}
