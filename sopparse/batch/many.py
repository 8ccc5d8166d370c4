"""Many sources for a program that wants the results themselves, and no folder of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing

from sopparse import pipeline
from sopparse.batch.crew import Crew, Done
from sopparse.batch.examining import Spool, examined
from sopparse.batch.listing import Choice, Trouble, listing
from sopparse.batch.work import Task, content_of, failure, parsed, task_of
from sopparse.errors import SopError
from sopparse.model import Failure, Result


def parse_task(task: Task) -> bytes | Failure:
    """The result as JSON, which is half the work to send as the objects are."""
    try:
        return parsed(task, content_of(task)).model_dump_json(by_alias=True).encode()
    except SopError as error:
        return failure(task.name, task.location, error, task.options)


def parse_each(
    sources: Iterable[str | os.PathLike[str]], choice: Choice, options: pipeline.Options, crew: Crew[bytes | Failure]
) -> Iterator[tuple[str, Result | Failure]]:
    under_way = 0
    with closing(crew), Spool() as spool:
        for item in examined(listing((os.fspath(one) for one in sources), "", choice), choice, spool):
            while not crew.room():
                for done in crew.finished(wait=True):
                    under_way -= 1
                    yield _outcome(done, spool)
            if isinstance(item, Trouble):
                if not item.ignored:
                    yield item.name, failure(item.name, item.location, item.error, options)
            else:
                under_way += 1
                crew.submit(task_of(item, options))
        while under_way:
            for done in crew.finished(wait=True):
                under_way -= 1
                yield _outcome(done, spool)


def _outcome(done: Done[bytes | Failure], spool: Spool) -> tuple[str, Result | Failure]:
    task = done.task
    spool.drop(task.spooled)
    if done.error is not None:
        return task.name, failure(task.name, task.location, done.error, task.options)
    if isinstance(done.value, Failure):
        return task.name, done.value
    return task.name, Result.model_validate_json(done.value or b"")
