"""Pages. Each view has four beats: fetch, ask, act, answer."""
