"""Every change of state in this app, as tables: gathered here from its features."""

from decisions.advice.transitions import ADVICE
from decisions.flow.transitions import ANSWER, DECISION, POINT, WEIGHED
from decisions.scrutiny.transitions import SCRUTINY

__all__ = ["ADVICE", "ANSWER", "DECISION", "POINT", "SCRUTINY", "WEIGHED"]
