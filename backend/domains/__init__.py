"""One package a capability; each is found by its folder (see ``kit.discovery``), none is listed anywhere."""
