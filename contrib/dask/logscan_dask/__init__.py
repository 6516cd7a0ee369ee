# SPDX-License-Identifier: Apache-2.0
"""Runs logscan on a Dask cluster: parts of logs are tasks, their ledgers are merged in a tree, and the report is that of one run."""
