"""Pictures: IDX and npz files read as a table of pixels."""
