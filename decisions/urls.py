"""The addresses of this app, each with the view of its feature."""

from django.urls import URLPattern, path

from decisions.access_log import views as access_log
from decisions.advice import views as advice
from decisions.break_glass import views as break_glass
from decisions.disclosure_log import views as disclosure_log
from decisions.flow import views as flow
from decisions.history import views as history
from decisions.outcome import views as outcome
from decisions.oversight import views as oversight
from decisions.printing import views as printing
from decisions.receipts import views as receipts
from decisions.recording import views as recording
from decisions.scrutiny import views as scrutiny
from requests_app.items import views as items

app_name = "decisions"

urlpatterns: list[URLPattern] = [
    # Decisions, and advice on them, for the agency that holds the information.
    path("checks/<uuid:pk>/decisions/", flow.of_check, name="of_check"),
    path("checks/<uuid:pk>/decisions/begin/", flow.begin, name="begin"),
    path(
        "checks/<uuid:pk>/decisions/list/",
        items.add,
        {"then": flow.begin_listed},
        name="list_and_begin",
    ),
    path("checks/<uuid:pk>/decisions/finish/", recording.finish, name="finish"),
    path("decisions/<uuid:pk>/", flow.decision, name="decision"),
    path("decisions/<uuid:pk>/split/", flow.split, name="split"),
    path("decisions/<uuid:pk>/anew/", flow.anew, name="anew"),
    path("decisions/<uuid:pk>/questions/<slug:name>/", flow.step, name="step"),
    path("decisions/<uuid:pk>/questions/<slug:name>/advice/", advice.seek, name="seek_advice"),
    path("decisions/<uuid:pk>/advice/<uuid:asked>/", advice.note, name="note_advice"),
    path("decisions/<uuid:pk>/sharing/", outcome.sharing, name="sharing"),
    path("decisions/<uuid:pk>/basis/", outcome.basis, name="basis"),
    path("decisions/<uuid:pk>/information/<uuid:item>/", outcome.content, name="content"),
    path("decisions/<uuid:pk>/how/", outcome.how, name="how"),
    path("decisions/<uuid:pk>/caldicott/", outcome.caldicott, name="caldicott"),
    path("decisions/<uuid:pk>/told/", outcome.told, name="told"),
    path("decisions/<uuid:pk>/why-not/", outcome.why_not, name="why_not"),
    path("decisions/<uuid:pk>/receipt/", receipts.receipt, name="receipt"),
    path("decisions/<uuid:pk>/record/", recording.record, name="record"),
    path("versions/decisions/<uuid:pk>/", history.of_decision, name="history"),
    path("advice/", advice.advice_list, name="advice_list"),
    path("advice/<uuid:pk>/", advice.advice, name="advice"),
    # Scrutiny of decisions not to share, by the partners that did not make them (ISA-5.4).
    path("scrutiny/", scrutiny.scrutinies, name="scrutinies"),
    path("scrutiny/<uuid:pk>/", scrutiny.scrutiny, name="scrutiny"),
    # Reading a case that was opened for another reason (ISA-7.2).
    path("openings/<uuid:pk>/", break_glass.opened, name="opened"),
    # Oversight of an agency, and its disclosure log (ISA-5.1, ISA-4.3-RECORD).
    path("oversight/", oversight.oversight, name="oversight"),
    path("disclosures/", disclosure_log.disclosures, name="disclosures"),
    path("disclosures/export/", disclosure_log.export, name="export_disclosures"),
    path("seen/", access_log.seen, name="seen"),
    # Printed records, each beside the page that it is a print of.
    path("print/requests/<uuid:pk>/", printing.of_request, name="print_request"),
    path("print/released/<uuid:pk>/", printing.of_released, name="print_released"),
    path("print/checks/<uuid:pk>/", printing.of_check, name="print_check"),
]
