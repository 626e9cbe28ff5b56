"""The start-up check of the keys, asked for by the web server, the worker and ``check``."""


def check_keys() -> None:
    """Fail with a clear error when a key is missing, wrong or damaged."""
    from encryption.startup import check_keys as check

    check()
