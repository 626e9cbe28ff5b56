"""Splink as a judge of who is noticed; it runs in an environment of its own (bench/splink.py).

Takes two CSV files of people, the known and those who come again, and says for each pair that it
finds how likely it is one person.
"""

import csv
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LEAST = 0.01  # what is less likely is not worth a line


def pairs(known: str, again: str) -> list[tuple[str, str, float]]:
    """Each pair as the id of who came again, the id of who is known, and how likely it is."""
    database = duckdb.connect()
    database.execute("SET threads = 1")
    api = DuckDBAPI(connection=database)
    for name, file in (("known", known), ("again", again)):
        database.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = true, all_varchar = true,"  # noqa: S608
            " nullstr = '')",
            [file],
        )
    frames = [api.register("known"), api.register("again")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ForenameSurnameComparison("given", "family"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("number"),
            cl.LevenshteinAtThresholds("home", [2, 6]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("born"),
            block_on("given", "family"),
            block_on("substr(given, 1, 3)", "substr(family, 1, 3)"),
            block_on("family", "substr(born, 1, 4)"),
            block_on("given", "substr(born, 1, 4)"),
            block_on("home"),
            "l.given = r.family AND l.family = r.given",
        ],
    )
    linker = Linker(frames, settings, log_level="WARNING")
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("number")], recall=0.3)
    train.estimate_u_using_random_sampling(max_pairs=2e6, seed=121)
    for rule in (block_on("born"), block_on("given", "family"), block_on("number")):
        train.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    rows = database.execute(
        "SELECT unique_id_l, unique_id_r, match_probability"  # noqa: S608
        f" FROM {found.physical_name}"
    ).fetchall()
    return [
        (one, other, likely) if one.startswith("a") else (other, one, likely)
        for one, other, likely in rows
    ]


if __name__ == "__main__":
    csv.writer(sys.stdout).writerows(pairs(*sys.argv[1:]))
