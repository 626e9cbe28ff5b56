"""Settings: ``base`` is shared; ``embedded``, ``test`` and ``production`` say where it runs."""
