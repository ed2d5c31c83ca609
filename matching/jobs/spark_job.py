"""A batch as a Spark job.

    spark-submit --master spark://… -m matching.jobs.spark_job --learners in/ --index /srv/index --out out/

Every machine needs leermatch installed and the folder of the index at the same path; results are Parquet, one file
per Spark partition, rows of `CLUSTER`: those without `problem` are matches."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

from matching.jobs.cluster import DDL, cluster_function
from matching.jobs.schema import LEARNERS


def main(arguments: Sequence[str] | None = None) -> None:
    """Read learners, match them on all executors, write the result."""
    parser = argparse.ArgumentParser(prog="spark_job", description=__doc__)
    parser.add_argument("--learners", required=True, help="a folder or pattern of Parquet files")
    parser.add_argument("--index", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--on", type=date.fromisoformat, default=date.today())
    parser.add_argument("-k", type=int, default=10)
    asked = parser.parse_args(arguments)

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("leermatch").getOrCreate()
    try:
        learners = spark.read.parquet(asked.learners)
        learners = learners.select([name for name in learners.columns if name in LEARNERS.names])
        answered = learners.mapInArrow(cluster_function(asked.index, on=asked.on, k=asked.k), DDL)
        answered.write.mode("errorifexists").parquet(asked.out)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
