"""Seals the cells of one row anew under a newer key of its case; what they say stays the same."""

from typing import Any

from encryption.casekeys import opening_key, sealing_key
from encryption.errors import SealBroken
from encryption.fields import SealedField, sealed_fields
from encryption.seal import FIELD_KEY, generation_of, open_sealed, seal
from encryption.values import Sealed


def older_cells(row: Any, generation: int) -> list[SealedField[Any, Any]]:
    """The sealed columns of a row, as loaded, that an older generation of the key has sealed."""
    return [
        each
        for each in sealed_fields(row)
        if (held := row.__dict__[each.attname]) is not None
        and generation_of(held.token, each.place(row)) < generation
    ]


def cells_sealed_anew(row: Any, generation: int) -> dict[str, Sealed]:
    """New sealed bytes for each older cell, by attribute name; nothing of the row is changed.

    The place that they are bound to (row, case, version) is the same, so a row of history opens
    at the version that it was. Each is opened once more before it is given out.
    """
    anew: dict[str, Sealed] = {}
    for each in older_cells(row, generation):
        place, token = each.place(row), row.__dict__[each.attname].token
        old = opening_key(place.case_id, generation_of(token, place))
        new = sealing_key(place.case_id)
        raw = open_sealed(token, key=old.derive(FIELD_KEY), place=place)
        sealed = seal(raw, key=new.derive(FIELD_KEY), generation=new.generation, place=place)
        if open_sealed(sealed, key=new.derive(FIELD_KEY), place=place) != raw:
            raise SealBroken(f"{place} would not open again; it was left as it was.")
        anew[each.attname] = Sealed(sealed)
    return anew
