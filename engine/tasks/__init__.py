"""Tasks and learning paradigms, and resolving a request to a configuration.

`paradigms.py` has the table of paradigms, `task.py` the table of tasks. `supervised.py`,
`autoencoder.py` and `policy_gradient.py` resolve and load one paradigm each; `resolve.py` parses a request,
`live_changes.py` applies a change during training.
"""
