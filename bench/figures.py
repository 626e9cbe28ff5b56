"""A figure with the bound it must keep, and how a run of them is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; ``least`` or ``most`` says what it is held to, if anything."""

    what: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it keeps its bounds."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    def __str__(self) -> str:
        bound = ""
        if self.least is not None:
            bound = f"at least {self.least:g}"
        if self.most is not None:
            bound = f"at most {self.most:g}"
        mark = "" if not bound else ("ok  " if self.holds else "NOT ")
        return f"  {mark:4}{self.what:<62}{self.value:>12,.2f} {self.unit:<6}{bound}"


def show(title: str, figures: list[Figure]) -> bool:
    """Print them; whether all hold."""
    print(f"\n{title}", flush=True)
    for figure in figures:
        print(figure, flush=True)
    return all(figure.holds for figure in figures)
