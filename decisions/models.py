"""Decisions, how they came about, advice on them and their scrutiny."""

from decisions.advice.models import AdviceRequest
from decisions.flow.models import Answer, Decision, DecisionItem, Point
from decisions.scrutiny.models import Scrutiny

__all__ = ["AdviceRequest", "Answer", "Decision", "DecisionItem", "Point", "Scrutiny"]
