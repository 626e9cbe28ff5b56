"""What the machine tells pip, told to uv, which reads none of it."""

import ast
import subprocess
from collections.abc import Mapping

# Whoever names an index to uv means uv's own settings.
INDEXES = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
# pip's setting, uv's variable, and what stands between several values of it.
NAMES = [
    ("index-url", "UV_INDEX_URL", ""),
    ("extra-index-url", "UV_EXTRA_INDEX_URL", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", ""),
    ("client-cert", "SSL_CLIENT_CERT", ""),
    ("timeout", "UV_HTTP_TIMEOUT", ""),
    ("default-timeout", "UV_HTTP_TIMEOUT", ""),
    ("retries", "UV_HTTP_RETRIES", ""),
    ("proxy", "HTTP_PROXY", ""),
    ("proxy", "HTTPS_PROXY", ""),
]


def settings_of_pip(pip: list[str], env: Mapping[str, str]) -> dict[str, str]:
    """What pip goes by, from its files and the environment; nothing where it does not say."""
    done = subprocess.run(  # noqa: S603 - the machine's own pip
        [*pip, "config", "list"],
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
    )
    return read(done.stdout) if done.returncode == 0 else {}


def read(listed: str) -> dict[str, str]:
    """The settings in ``pip config list``: the environment's first, those of all commands last."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in found:
            try:
                found[section][key.replace("_", "-")] = str(ast.literal_eval(value))
            except (ValueError, SyntaxError):
                continue  # not a setting
    return {**found["global"], **found["install"], **found[":env:"]}


def for_uv(settings: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """The variables by which uv goes by the same; none that is set already."""
    told: dict[str, str] = {}
    for key, variable, between in NAMES:
        value = settings.get(key, "").strip()
        if variable in INDEXES and any(env.get(name) for name in INDEXES):
            continue
        if value and not env.get(variable) and not env.get(variable.lower()):
            told.setdefault(variable, between.join(value.split()) if between else value)
    if yes(settings.get("no-cache-dir")) and not env.get("UV_NO_CACHE"):
        told["UV_NO_CACHE"] = "1"
    if settings.get("keyring-provider") == "subprocess":
        told.setdefault("UV_KEYRING_PROVIDER", "subprocess")
    # Like pip, from whichever index has the version that is asked for: the hash says which it is.
    if not env.get("UV_INDEX_STRATEGY"):
        told["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return told


def flags_for_uv(settings: Mapping[str, str]) -> list[str]:
    """What uv takes on its command line only."""
    flags = ["--no-index"] if yes(settings.get("no-index")) else []
    for name in ("no-binary", "only-binary"):
        for package in settings.get(name, "").replace(",", " ").split():
            flags += [f"--{name}", package]
    return flags


def yes(value: str | None) -> bool:
    """Whether pip would take this as a yes."""
    return (value or "").strip().lower() in {"1", "true", "yes", "on", "y", "t"}
