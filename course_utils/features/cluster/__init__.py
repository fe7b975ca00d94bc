"""Features computed by the workers of a Dask cluster.

Three steps, each a module:

1. :mod:`~course_utils.features.cluster.connecting`: reach the scheduler.
2. :mod:`~course_utils.features.cluster.agreeing`: ask every worker what it can compute with, and
   let all try the same pictures, until they agree on one engine.
3. :mod:`~course_utils.features.cluster.sending`: send chunks of paths, a bounded number at a time,
   and take their rows in order.

:mod:`~course_utils.features.cluster.computing` puts them together. What happens on a worker is in
:mod:`~course_utils.features.cluster.worker`, and what travels between the two in
:mod:`~course_utils.features.cluster.orders`. All but the first and the last need Dask.
"""
