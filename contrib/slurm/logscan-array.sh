#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An array of jobs: each scans its share of the parts of logs on a shared file system; then one report of all.
#
#   logscan parts --size 1G /logs >parts.jsonl
#   job=$(sbatch --parsable logscan-array.sh parts.jsonl ledgers)
#   sbatch --dependency=afterany:"$job" --wrap 'logscan merge ledgers >report.txt'
#
# A share whose ledger is there already has nothing to do, so a second sbatch scans what is missing; merge says what still is.
#SBATCH --job-name=logscan
#SBATCH --array=0-63
#SBATCH --cpus-per-task=2
#SBATCH --mem=512M
#SBATCH --time=02:00:00
#SBATCH --requeue

set -euo pipefail
parts=${1:?usage: sbatch logscan-array.sh PARTS LEDGERS}
ledgers=${2:?usage: sbatch logscan-array.sh PARTS LEDGERS}
index=${SLURM_ARRAY_TASK_ID:?not in an array}
shares=${SLURM_ARRAY_TASK_COUNT:?not in an array}

ledger=$ledgers/share-$index.ledger
mkdir -p "$ledgers"
if [ -s "$ledger" ]; then
  exit 0
fi
share=$(awk -v n="$shares" -v i="$index" 'NR % n == i' "$parts")
if [ -z "$share" ]; then
  exit 0
fi
code=0
"${LOGSCAN:-logscan}" --quiet --jobs "${SLURM_CPUS_PER_TASK:-2}" --parts - --ledger "$ledger.part" <<<"$share" || code=$?
# 3: made, but some log could not be read whole; the ledger says which.
if [ "$code" != 0 ] && [ "$code" != 3 ]; then
  exit "$code"
fi
mv "$ledger.part" "$ledger"
