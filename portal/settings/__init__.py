"""Settings: ``base`` is shared; ``embedded``, ``test`` and ``production`` each add a place to run."""
