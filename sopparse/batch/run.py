"""An archive from its sources to its manifest: what is there is kept, what is equal is parsed once, nothing is lost."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from sopparse import pipeline
from sopparse.batch.crew import Crew, Done
from sopparse.batch.examining import Document, Spool, examined
from sopparse.batch.ledger import Ledger
from sopparse.batch.listing import EVERYTHING, Choice, Trouble, listing
from sopparse.batch.store import alone, store_at
from sopparse.batch.work import command_of, failed, failure, key_of, result_path, task_of
from sopparse.errors import EngineMissing
from sopparse.manifest import Line


@dataclass(frozen=True, slots=True)
class Settings:
    """`out`: folder or URL of the results. `formats`: names in `sopparse.export.EXPORTERS`."""

    out: str
    options: pipeline.Options
    choice: Choice = EVERYTHING
    formats: tuple[str, ...] = ()
    retry_failed: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A source that is finished. `fresh`: parsed now; `duplicate`: of a source that was under way; else what was known
    of it stands. `ends`: what ended the processes that tried it."""

    line: Line
    fresh: bool = False
    duplicate: bool = False
    ends: tuple[str, ...] = ()


def run(sources: Iterable[str], settings: Settings, crew: Crew[Line]) -> Generator[Event, None, None]:
    """Each source as it is finished. However this ends, the crew is closed and the manifest written.

    Raises OutputUnwritable where results cannot be written."""
    with ExitStack() as ending:
        ending.callback(crew.close)
        store = ending.enter_context(alone(settings.out))
        spool = ending.enter_context(Spool()) if crew.here else None
        ledger = Ledger(store)
        ending.callback(ledger.close)
        # First of all: whoever stops the run waits for this.
        ending.callback(crew.close)
        yield from _Run(settings, crew, ledger, spool).events(sources)


class _Run:
    def __init__(self, settings: Settings, crew: Crew[Line], ledger: Ledger, spool: Spool | None) -> None:
        self.settings = settings
        self.crew = crew
        self.ledger = ledger
        self.spool = spool
        # By the key of what is under way: everything that has this content, the one being parsed first.
        self.equal: dict[str, list[Document]] = {}
        self.tried: set[str] = set()
        # What is under way although this run had the same content before: only its line is missing.
        self.repeated: set[str] = set()

    def events(self, sources: Iterable[str]) -> Iterator[Event]:
        found = listing(sources, self.settings.out, self.settings.choice)
        for item in examined(found, self.settings.choice, self.spool):
            while not self.crew.room():
                yield from self._finished(wait=True)
            if self.ledger.meets(item.name):
                yield from self._begin(item)
                yield from self._finished(wait=False)
            elif isinstance(item, Document):
                self._drop(item.spooled)
        while self.equal:
            yield from self._finished(wait=True)

    def _begin(self, item: Document | Trouble) -> Iterator[Event]:
        if isinstance(item, Trouble):
            yield self._noted(trouble_line(item, self.settings.options))
            return
        key = key_of(item.sha256, self.settings.options)
        before = self._failed_before(key)
        # No name begins with this character.
        first = self.ledger.meets(f"\0{key}")
        if key in self.equal:
            self.equal[key].append(item)
            self._drop(item.spooled)
        elif before is not None:
            self._drop(item.spooled)
            yield self._noted(self._line(item, before), duplicate=not first)
        else:
            self.equal[key] = [item]
            if not first:
                self.repeated.add(key)
            task = task_of(item, self.settings.options)
            out, formats = self.settings.out, self.settings.formats
            earlier = self.ledger.earlier(item.sha256, key)
            self.crew.submit(replace(task, key=key, out=out, formats=formats, earlier=earlier))

    def _failed_before(self, key: str) -> Line | None:
        """The failure that stands: of this run, or of an earlier one, unless it was the fault of the machine."""
        line = self.ledger.failed(key)
        if key in self.tried or line is None or line.error is None:
            return line
        return None if self.settings.retry_failed or line.error.kind == EngineMissing.__name__ else line

    def _finished(self, wait: bool) -> Iterator[Event]:
        for done in self.crew.finished(wait):
            same = self.equal.pop(done.task.key)
            self._drop(done.task.spooled)
            line = line_of(done)
            if line.status == "failed":
                self.tried.add(done.task.key)
            fresh = line.seconds is not None
            if not fresh:
                line = line.model_copy(update={"seconds": self.ledger.seconds(done.task.key)})
            again = done.task.key in self.repeated
            self.repeated.discard(done.task.key)
            yield self._noted(line, fresh, again, done.ends)
            for document in same[1:]:
                yield self._noted(self._line(document, line), duplicate=True)

    def _line(self, document: Document, first: Line) -> Line:
        """The line of a source whose content has one already."""
        changes: dict[str, object] = {"name": document.name}
        if first.error is not None:
            command = command_of(document.name, document.location, self.settings.options)
            changes["error"] = first.error.model_copy(update={"command": command})
        return first.model_copy(update=changes)

    def _noted(self, line: Line, fresh: bool = False, duplicate: bool = False, ends: tuple[str, ...] = ()) -> Event:
        self.ledger.note(line)
        return Event(line, fresh, duplicate, ends)

    def _drop(self, spooled: str | None) -> None:
        if self.spool is not None:
            self.spool.drop(spooled)


def line_of(done: Done[Line]) -> Line:
    if done.value is not None:
        return done.value
    assert done.error is not None
    return failed(done.task, done.error)


def trouble_line(trouble: Trouble, options: pipeline.Options) -> Line:
    return Line(
        name=trouble.name,
        status="ignored" if trouble.ignored else "failed",
        error=failure(trouble.name, trouble.location, trouble.error, options),
    )


def plan(sources: Iterable[str], settings: Settings) -> Iterator[tuple[str, str]]:
    """Each source with what a run would make of it: new, done, duplicate, failed, ignored. Nothing is written."""
    store = store_at(settings.out)
    ledger = Ledger(store)
    met: set[str] = set()
    found = listing(sources, settings.out, settings.choice)
    for item in examined(found, settings.choice, None):
        if not ledger.meets(item.name):
            continue
        if isinstance(item, Trouble):
            yield item.name, "ignored" if item.ignored else "failed"
            continue
        key = key_of(item.sha256, settings.options)
        if key in met:
            yield item.name, "duplicate"
        elif store.read(result_path(key)) is not None:
            yield item.name, "done"
        else:
            yield item.name, "failed" if not settings.retry_failed and ledger.failed(key) is not None else "new"
        met.add(key)
