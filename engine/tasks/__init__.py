"""Tasks: what a network learns, and how a request becomes a resolved configuration.

`paradigms.py` is the table of the kinds of learning, `task.py` the table of the tasks. `supervised.py`,
`autoencoder.py` and `policy_gradient.py` resolve and load one paradigm each; `resolve.py` parses a request,
`live_changes.py` a change during training.
"""
