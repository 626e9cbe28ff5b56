"""A test lies with the feature it tests: tests/requests_app/release/ for requests_app/release/."""

from pathlib import Path

from tests.portal import imports

TESTS = imports.ROOT / "tests"
# Suites of no app: each crosses many of them, or tests what is none.
SUITES = {
    "house",
    "ledger",
    "look",
    "objects",
    "plugins",
    "provider",
    "scanning",
    "story",
    "vendor",
}
# What tests keep for themselves: an app with tables of their own, and a portal that was stored.
KEPT = {"encryption/sample", "portal/stored"}
APPS = [app for app in imports.APPS if (TESTS / app).is_dir()]


def folders_in(place: Path) -> set[str]:
    """Those that hold anything but what Python compiled of files that were moved away."""
    there = (path for path in place.iterdir() if path.is_dir() and path.name != "__pycache__")
    return {
        path.name
        for path in there
        if any(each.suffix not in {"", ".pyc"} for each in path.rglob("*"))
    }


def test_each_folder_is_an_app_or_a_suite_that_crosses_apps():
    strange = folders_in(TESTS) - SUITES - set(imports.APPS)
    assert not strange, f"name each folder of tests after an app: {strange}"


def test_each_folder_of_an_app_is_a_package_of_it():
    ours = {f"{app}/{folder}" for app in APPS for folder in folders_in(TESTS / app)}
    packages = {f"{app}/{feature}" for app in APPS for feature in imports.features_of(app)}
    strange = ours - packages - KEPT
    assert not strange, f"name each of these after a package of its app: {strange}"
    for app in ("requests_app", "decisions", "agencies", "agreement", "authentication"):
        assert any(folder.startswith(f"{app}/") for folder in ours), app


def test_a_test_that_is_named_after_a_feature_lies_in_its_folder():
    wrong = [
        f"move tests/{app}/test_{feature}.py to tests/{app}/{feature}/"
        for app in APPS
        for feature in sorted(imports.features_of(app))
        if (TESTS / app / f"test_{feature}.py").exists()
    ]
    assert not wrong, "\n".join(wrong)
