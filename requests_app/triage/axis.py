"""A request's time drawn to scale: what happened, when its clock stood still, now and when due.

Pure: the same moments give the same drawing. All that is drawn is numbered as its table is, so
that words stand in the drawing only where they have room (docs/adr/0130).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from requests_app.triage.drawing import Box, width_of, wrapped
from requests_app.triage.moments import Entry, Facts, end_of, scale

SIZE: Final = 14.0  # of letters, in units of the drawing, as all that follows
LANE: Final = 22.0  # height of a line of labels
PAD: Final = 4.0
BAND: Final = 20.0  # height of what lies around the axis
BAR: Final = 12.0
DEEP: Final = 6.0  # from the foot of the letters to that of their line
MOST_LANES: Final = 5  # of labels with words; more are labelled by their numbers
THINNEST: Final = 1.5  # shaded stretches that are narrower would be hatching
ENOUGH: Final = 100  # lines, more than there are labels


@dataclass(frozen=True)
class Label:
    """A text with a line to its place on the axis."""

    text: str
    box: Box
    x: float  # on the axis
    head: float  # where the line ends
    anchor: str  # which end of the text is there: start, middle or end
    foot: float = 0  # where the line begins, on the axis

    @property
    def text_x(self) -> float:
        """Where the text stands, by its anchor."""
        inside = {"start": PAD, "middle": self.box.width / 2, "end": self.box.width - PAD}
        return round(self.box.x + inside[self.anchor], 1)

    @property
    def text_y(self) -> float:
        """The foot of its letters."""
        return round(self.box.bottom - DEEP, 1)

    @property
    def line(self) -> Box:
        """The line, as something that no text may lie on."""
        return Box(self.x, min(self.foot, self.head), 0, abs(self.foot - self.head))


@dataclass(frozen=True)
class Tick:
    """A day or an hour below the axis."""

    text: str
    box: Box
    x: float

    @property
    def text_x(self) -> float:
        """The middle of the text."""
        return round(self.box.x + self.box.width / 2, 1)

    @property
    def text_y(self) -> float:
        """The foot of its letters."""
        return round(self.box.bottom - DEEP, 1)


@dataclass(frozen=True)
class Axis:
    """The drawing: where each part of it lies."""

    width: float
    height: float
    y: float  # of the axis
    start: float
    now: float
    due: float
    end: float
    labels: tuple[Label, ...]
    below: tuple[Label, ...]
    dots: tuple[float, ...]
    bars: tuple[Box, ...]
    closed: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    is_late: bool

    @property
    def texts(self) -> list[Box]:
        """The boxes of all texts."""
        labels = [label.box for label in (*self.labels, *self.below)]
        return labels + [tick.box for tick in self.ticks]

    @property
    def over(self) -> float:
        """Where what crosses the axis begins."""
        return self.y - BAND / 2

    @property
    def under(self) -> float:
        """And where it ends."""
        return self.y + BAND / 2


def axis_of(facts: Facts, width: float) -> Axis:
    """The drawing in that width, with words where they take few lines and else with numbers."""
    for said in _ways_to_say(facts, width):
        labels = _labels(facts, width, said)
        if max(map(_lane, labels), default=ENOUGH) < MOST_LANES:
            break
    return _drawn(facts, width, labels)


Said = list[tuple[datetime, str]]


def _ways_to_say(facts: Facts, width: float) -> Iterator[Said]:
    """All in words; those in words that stand alone; numbers, those that lie together as 3–7."""
    groups = _grouped(facts, width, 2 * SIZE)
    widest = width_of(f"{len(facts.entries)}–{len(facts.entries)}", SIZE) + 3 * PAD
    yield [_named(entry) for entry in facts.entries]
    yield [_named(group[0]) if len(group) == 1 else _numbers(group) for group in groups]
    yield [_numbers(group) for group in groups]
    yield [_numbers(group) for group in _grouped(facts, width, widest)]


def _named(entry: Entry) -> tuple[datetime, str]:
    return entry.at, f"{entry.number}. {entry.words}"


def _grouped(facts: Facts, width: float, apart: float) -> list[list[Entry]]:
    """Those together that do not lie that far ``apart``."""
    groups: list[list[Entry]] = []
    for entry in sorted(facts.entries, key=lambda each: (each.at, each.number)):
        x = scale(facts, width, entry.at)
        if groups and x - scale(facts, width, groups[-1][0].at) < apart:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _numbers(group: list[Entry]) -> tuple[datetime, str]:
    first, last = group[0].number, group[-1].number
    return group[0].at, str(first) if first == last else f"{first}–{last}"


def _labels(facts: Facts, width: float, said: Said, down: int = -1) -> list[Label]:
    """Each in the line that is nearest to the axis in which it lies on nothing else.

    Lines are counted from the axis, upwards (-1) or downwards (1). The last is placed first; where
    that leaves no place for one before, the first is.
    """
    latest_first = sorted(said, key=lambda each: each[0], reverse=True)
    placed = _placed(facts, width, latest_first, down)
    return placed or _placed(facts, width, latest_first[::-1], down)


def _placed(facts: Facts, width: float, said: Said, down: int) -> list[Label]:
    """In this order; nothing where one has no place."""
    placed: list[Label] = []
    for moment, words in said:
        x = scale(facts, width, moment)
        (text,) = wrapped(words, SIZE, width - 2 * PAD, most=1)
        label = next(
            (each for each in _places(x, text, width, down) if _is_free(each, placed)), None
        )
        if label is None:
            return []
        placed.append(label)
    return sorted(placed, key=lambda label: label.x)


def _places(x: float, text: str, width: float, down: int) -> Iterator[Label]:
    """As a flag to the right, to the left, or across where neither has room."""
    wide = width_of(text, SIZE) + 2 * PAD
    across = min(max(x - wide / 2, 0), width - wide)
    sides = [
        (left, anchor)
        for left, anchor in ((x, "start"), (x - wide, "end"))
        if left >= 0 and left + wide <= width
    ] or [(across, "middle")]
    for lane in range(ENOUGH):
        near = down * (BAND / 2 + lane * LANE)
        top = near if down > 0 else near - LANE
        for left, anchor in sides:
            yield Label(text, Box(left, top, wide, LANE), x, near, anchor)


def _is_free(label: Label, placed: Iterable[Label]) -> bool:
    return not any(
        label.box.overlaps(other.box)
        or label.box.overlaps(other.line)
        or label.line.overlaps(other.box)
        for other in placed
    )


def _lane(label: Label) -> int:
    return round((abs(label.head) - BAND / 2) / LANE)


def _drawn(facts: Facts, width: float, labels: list[Label]) -> Axis:
    above = max([-label.box.y for label in labels], default=BAND / 2)
    y = above + PAD
    bars, depth = _bars(facts, width)
    told = [(facts.now, facts.now_words)] if facts.now_words else []
    told += [(facts.due, facts.due_words)] if facts.due else []
    below = [_moved(label, depth) for label in _labels(facts, width, told, down=1)]
    foot = max([label.box.bottom for label in below], default=BAND / 2 + depth)
    ticks = _ticks(facts, width, foot)
    height = y + max([tick.box.bottom for tick in ticks], default=foot) + PAD
    where = {
        name: scale(facts, width, moment)
        for name, moment in (("start", facts.start), ("now", facts.now), ("end", end_of(facts)))
    }
    return Axis(
        width=width,
        height=height,
        y=y,
        due=scale(facts, width, facts.due or end_of(facts)),
        labels=tuple(_down(label, y) for label in labels),
        below=tuple(_down(label, y) for label in below),
        dots=tuple(scale(facts, width, each.at) for each in facts.entries if not each.until),
        bars=tuple(replace(bar, y=bar.y + y) for bar in bars),
        closed=tuple(_closed(facts, width, y)),
        ticks=tuple(replace(each, box=replace(each.box, y=each.box.y + y)) for each in ticks),
        is_late=facts.due is not None and facts.due < facts.now,
        **where,
    )


def _down(label: Label, y: float) -> Label:
    box = replace(label.box, y=label.box.y + y)
    return replace(label, box=box, foot=label.foot + y, head=label.head + y)


def _moved(label: Label, depth: float) -> Label:
    return replace(label, box=replace(label.box, y=label.box.y + depth), head=label.head + depth)


def _bars(facts: Facts, width: float) -> tuple[list[Box], float]:
    """What lasted, below the axis, each where no other lies; and how deep they go."""
    bars: list[Box] = []
    for entry in facts.entries:
        if entry.until:
            left, right = (scale(facts, width, each) for each in (entry.at, entry.until))
            bar = Box(left, BAND / 2 + PAD / 2, max(right - left, 2), BAR)
            while any(bar.overlaps(other) for other in bars):
                bar = replace(bar, y=bar.y + BAR + PAD / 2)
            bars.append(bar)
    return bars, max([bar.bottom - BAND / 2 + PAD / 2 for bar in bars], default=0)


def _closed(facts: Facts, width: float, y: float) -> Iterator[Box]:
    for begin, end in facts.closed:
        left, right = scale(facts, width, begin), scale(facts, width, end)
        if right - left >= THINNEST:
            yield Box(left, y - BAND / 2, right - left, BAND)


def _ticks(facts: Facts, width: float, foot: float) -> list[Tick]:
    """As many as have room beside each other."""
    ticks: list[Tick] = []
    for moment, text in facts.ticks:
        x, wide = scale(facts, width, moment), width_of(text, SIZE) + 2 * PAD
        left = min(max(x - wide / 2, 0), width - wide)
        tick = Tick(text, Box(left, foot, wide, LANE), x)
        if not ticks or not tick.box.overlaps(ticks[-1].box):
            ticks.append(tick)
    return ticks
