"""A damaged run, checkpoint or table shows as damaged and can be deleted; everything else works."""

import sqlite3


def test_what_is_damaged_is_shown_and_deleted_and_the_rest_works(start_server, tmp_path):
    server = start_server(tmp_path)
    table = "a,b,kind\n" + "".join(f"{n},{n * n % 7},{'xy'[n % 2]}\n" for n in range(20))
    for number, name in enumerate(("whole", "no rows", "no header")):
        answer = server.client.put(
            f"/api/datasets/{name}",
            content=f"{table}{number},1,x\n",
            headers={"content-type": "text/csv"},
        )
        assert answer.status_code == 201, answer.text
    contents = {
        entry["name"]: entry["own"]["content"]
        for entry in server.call("GET", "/api/datasets")["datasets"]
        if "own" in entry
    }
    damaged, lost, behind, kept = (server.run(start=False) for _ in range(4))
    for run in (lost, behind, kept):
        server.do(run, "step", {"count": 20})
    weights_after_20 = server.weights(lost)
    weights = server.call("GET", f"/api/runs/{kept}/weights?step=10")["layers"]
    server.stop()
    (tmp_path / "datasets" / f"{contents['no rows']}.npz").write_bytes(b"\xff" * 50)
    (tmp_path / "datasets" / f"{contents['no header']}.json").write_bytes(b"\xff" * 50)
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        connection.execute("UPDATE runs SET config = '{', status = 'running' WHERE id = ?", (damaged,))
        for position in ((kept, 10), (behind, 20)):
            connection.execute(
                "UPDATE checkpoints SET state = zeroblob(9) WHERE run = ? AND step = ?", position
            )
        connection.execute("UPDATE checkpoints SET state = zeroblob(9) WHERE run = ?", (lost,))
        connection.execute("UPDATE runs SET status = 'running' WHERE id = ?", (lost,))
        connection.execute("DELETE FROM recovery")
    connection.close()
    server = start_server(tmp_path)

    # A run that no process can load does not train.
    server.until(lambda: server.read(lost)["status"] == "paused")
    assert server.read(lost)["reason_parameters"]["message"].startswith(
        "The checkpoint of step 20 is damaged."
    )
    assert server.refused("POST", f"/api/runs/{lost}/start")[1]["code"] == "damaged"
    assert server.refused("POST", f"/api/runs/{lost}/step")[1]["code"] == "damaged"
    # A reset needs no checkpoint: the run begins again, as a new attempt with the same first weights.
    answer = server.do(lost, "reset")
    assert (answer["status"], answer["step"], answer["attempt"]) == ("paused", 0, 1)
    server.do(lost, "step", {"count": 20})
    assert server.weights(lost) == weights_after_20
    assert server.call("GET", f"/api/runs/{lost}/attempts")["attempts"][0]["step"] == 20
    server.call("DELETE", f"/api/runs/{lost}")

    runs = {run["id"]: run for run in server.call("GET", "/api/runs")["runs"]}
    assert list(runs) == [kept, behind, damaged]
    assert (runs[damaged]["status"], runs[damaged]["reason_code"]) == ("failed", "damaged")
    assert server.refused("GET", f"/api/runs/{damaged}")[1]["code"] == "damaged"
    assert server.call("GET", f"/api/runs/{kept}/weights?step=10")["layers"] == weights
    checkpoints = server.call("GET", f"/api/runs/{kept}/checkpoints")
    assert checkpoints["kinds"][checkpoints["steps"].index(10)] == "damaged"
    assert server.do(kept, "step")["step"] == 21
    # It continues from the checkpoint before the damaged one, with the same weights.
    while server.do(behind, "step")["step"] < 21:
        pass
    assert server.weights(behind) == server.weights(kept)

    assert server.call("GET", "/api/catalogue")["datasets"]
    own = {
        entry["name"]: entry["own"]["damaged"]
        for entry in server.call("GET", "/api/datasets")["datasets"]
        if "own" in entry
    }
    assert own == {"whole": False, "no rows": True, "no header": True}
    assert server.refused("POST", "/api/runs", {"dataset": {"name": "no header"}})[0] == 422
    server.call("DELETE", f"/api/runs/{damaged}")
    for name in ("no rows", "no header"):
        server.call("DELETE", f"/api/datasets/{name}")
    assert [run["id"] for run in server.call("GET", "/api/runs")["runs"]] == [kept, behind]
    assert {path.stem for path in (tmp_path / "datasets").iterdir()} == {contents["whole"]}
