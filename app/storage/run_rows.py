"""Run rows: the statements that insert and update rows of runs; the columns follow from the record."""

from functools import cache


@cache
def insert_run(columns: tuple[str, ...]) -> str:
    """Returns the statement that inserts a row with these columns."""
    return f"INSERT INTO runs ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


@cache
def update_run(columns: tuple[str, ...]) -> str:
    """Returns the statement that updates these columns of the run `id`."""
    return f"UPDATE runs SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE id = :id"
