"""A template lies with the feature that draws it: templates/requests_app/release/ for release."""

import re
from pathlib import Path

import pytest

from tests.portal import imports

TEMPLATES = imports.ROOT / "templates"
APPS = [app for app in imports.APPS if imports.features_of(app) and (TEMPLATES / app).is_dir()]
NAME = re.compile(r"[\"']([\w/]+\.(?:html|txt))[\"']")


def named_in(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text()))


def drawn_by(app: str) -> dict[str, set[str]]:
    """Each template of an app, with the features of the app that draw it, if only in another."""
    own = {
        str(path.relative_to(TEMPLATES)): named_in(path)
        for path in (TEMPLATES / app).rglob("*.*")
        if path.is_file()
    }
    features: dict[str, set[str]] = {name: set() for name in own}
    for feature in imports.features_of(app):
        modules = (imports.ROOT / app / feature).rglob("*.py")
        due = [name for module in modules for name in named_in(module)]
        while due:
            name = due.pop()
            if name in own and feature not in features[name]:
                features[name].add(feature)
                due += own[name]
    return features


@pytest.mark.parametrize("app", APPS)
def test_each_folder_is_a_feature(app):
    folders = {path.name for path in (TEMPLATES / app).iterdir() if path.is_dir()}
    strange = folders - imports.features_of(app)
    assert not strange, f"name each folder of templates/{app} after a package of {app}: {strange}"


@pytest.mark.parametrize("app", APPS)
def test_what_one_feature_draws_lies_in_its_folder_and_the_rest_beside_the_folders(app):
    wrong = []
    for name, features in sorted(drawn_by(app).items()):
        [feature] = features if len(features) == 1 else [""]
        folder = name.rpartition("/")[0].removeprefix(app).strip("/")
        drawn_elsewhere_only = not features and folder in imports.features_of(app)
        if folder != feature and not drawn_elsewhere_only:
            place = f"templates/{app}/{feature}".rstrip("/")
            wrong.append(f"move templates/{name} to {place}/, for {sorted(features)} draw it")
    assert not wrong, "\n".join(wrong)


def test_all_apps_with_features_are_looked_at():
    assert {"requests_app", "decisions", "agencies", "agreement", "retention"} < set(APPS)
