"""Decisions, how they came about, advice on them and their scrutiny."""

from decisions.models.advice import AdviceRequest
from decisions.models.decision import Answer, Decision, Point, Weighed
from decisions.models.scrutiny import Scrutiny

__all__ = ["AdviceRequest", "Answer", "Decision", "Point", "Scrutiny", "Weighed"]
