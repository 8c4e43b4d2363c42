"""The engines that are compared: each module is a process that runs `process.serve`."""
