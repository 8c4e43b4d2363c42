"""`perceptarium lessons`: checks the files of lessons, and measures their claims."""
