"""Continuation: the state with which a fork of a run begins, if its settings, network or data differ."""
