"""A pool of forked processes that generate tokens, each with a child of its own: pool.py PROCESSES"""

import multiprocessing
import sys

import tokens

context = multiprocessing.get_context("fork")
processes = int(sys.argv[1])
with context.Pool(processes) as pool:
    # One of a time, so that every process of the pool has one.
    pool.map(tokens.with_child, range(processes), chunksize=1)
tokens.generate("parent-after")
