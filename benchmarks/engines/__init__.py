"""The engines that are compared: each module is a process of its own that obeys `process.serve`."""
