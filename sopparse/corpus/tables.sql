-- The tables of the index. One row of `results` is one result file; whatever came out of it goes when it goes.
-- `sop`, `procedure`, `step`, `actor`, `node` have the same meaning in every table; `position`, `item` count from 1.
-- A column `confidence...` is the probability that the value is right; null where the report says nothing of it.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE results (
    result         INTEGER PRIMARY KEY,
    file           TEXT NOT NULL UNIQUE,   -- where the JSON is, inside of what was indexed
    stamp          TEXT NOT NULL,          -- by what it is known to be unchanged
    name           TEXT NOT NULL,
    sha256         TEXT NOT NULL,          -- of the source
    media_type     TEXT NOT NULL,
    pages          INTEGER NOT NULL,
    reading        TEXT NOT NULL,
    ocr            TEXT,                   -- engine, version, languages (+), dpi
    status         TEXT NOT NULL,
    grade          TEXT NOT NULL,
    confidence     REAL NOT NULL,
    words          INTEGER NOT NULL,
    placed         INTEGER NOT NULL,
    pages_apart    TEXT,
    corrections    INTEGER NOT NULL,       -- how many a person made
    schema_version TEXT NOT NULL
);

-- What was handed in, also what failed. Two names of the same content share one result.
CREATE TABLE sources (
    source  INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    sha256  TEXT,
    status  TEXT NOT NULL,
    seconds REAL,
    error   TEXT,
    message TEXT,
    result  INTEGER REFERENCES results ON DELETE CASCADE
);
CREATE INDEX sources_result ON sources (result);

CREATE TABLE sops (
    sop               INTEGER PRIMARY KEY,
    result            INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
    part              INTEGER NOT NULL,    -- 1: the first SOP in its document
    number            TEXT,
    title             TEXT,
    agency            TEXT,
    units             TEXT,                -- joined; one by one in `units`
    government        TEXT,
    region            TEXT,
    region_level      TEXT,
    region_code       TEXT,
    address           TEXT,
    created           TEXT,                -- ISO 8601, also "2031-02" or "2031"
    revised           TEXT,
    effective         TEXT,
    approved          TEXT,
    revision          TEXT,
    approver_position TEXT,
    approver_name     TEXT,
    approver_rank     TEXT,
    approver_nip      TEXT,                -- masked, unless asked for
    layout            TEXT NOT NULL,
    pages             TEXT,
    procedures        INTEGER NOT NULL,
    steps             INTEGER NOT NULL,
    actors            INTEGER NOT NULL,
    errors            INTEGER NOT NULL,    -- findings, by severity
    warnings          INTEGER NOT NULL,
    notes             INTEGER NOT NULL,
    confidence_number        REAL,
    confidence_title         REAL,
    confidence_created       REAL,
    confidence_revised       REAL,
    confidence_effective     REAL,
    confidence_approved      REAL,
    confidence_approver_name REAL,
    confidence_agency        REAL,
    UNIQUE (result, part)
);

CREATE TABLE units (
    sop  INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    item INTEGER NOT NULL,                 -- 1: the outermost
    text TEXT NOT NULL,
    PRIMARY KEY (sop, item)
) WITHOUT ROWID;

CREATE TABLE citations (
    sop         INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    item        INTEGER NOT NULL,
    text        TEXT NOT NULL,
    type        TEXT NOT NULL,
    issuer      TEXT,
    region      TEXT,
    number      TEXT,
    year        INTEGER,
    about       TEXT,
    id          TEXT,                      -- the same regulation has the same id
    state       TEXT NOT NULL,
    replaced_by TEXT,
    as_of       TEXT NOT NULL,
    confidence  REAL,
    PRIMARY KEY (sop, item)
) WITHOUT ROWID;
CREATE INDEX citations_id ON citations (id);

CREATE TABLE lists (
    sop        INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    section    TEXT NOT NULL,              -- qualifications, related_sops, equipment, warnings, records
    item       INTEGER NOT NULL,
    text       TEXT NOT NULL,
    confidence REAL,
    PRIMARY KEY (sop, section, item)
) WITHOUT ROWID;

CREATE TABLE procedures (
    sop       INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    procedure INTEGER NOT NULL,
    title     TEXT,
    PRIMARY KEY (sop, procedure)
) WITHOUT ROWID;

CREATE TABLE footnotes (
    sop       INTEGER NOT NULL,
    procedure INTEGER NOT NULL,
    item      INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (sop, procedure, item),
    FOREIGN KEY (sop, procedure) REFERENCES procedures ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE actors (
    sop        INTEGER NOT NULL,
    procedure  INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    position   INTEGER NOT NULL,           -- from left to right
    label      TEXT,
    "group"    TEXT,
    role       TEXT,
    unit       TEXT,
    steps      INTEGER NOT NULL,
    confidence REAL,
    PRIMARY KEY (sop, procedure, actor),
    FOREIGN KEY (sop, procedure) REFERENCES procedures ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE steps (
    id             INTEGER PRIMARY KEY,    -- for the full-text search
    sop            INTEGER NOT NULL,
    procedure      INTEGER NOT NULL,
    step           INTEGER NOT NULL,
    printed_number TEXT,
    activity       TEXT,
    duration       TEXT,
    minutes_low    NUMERIC,                   -- working minutes under the convention of the result
    minutes_high   NUMERIC,
    iso8601        TEXT,
    note           TEXT,
    actors_basis   TEXT,                   -- how it is known who does it: symbol, mark, printed, inferred
    confidence_activity     REAL,
    confidence_actors       REAL,
    confidence_requirements REAL,
    confidence_duration     REAL,
    confidence_outputs      REAL,
    confidence_note         REAL,
    UNIQUE (sop, procedure, step),
    FOREIGN KEY (sop, procedure) REFERENCES procedures ON DELETE CASCADE
);

CREATE TABLE step_actors (
    sop       INTEGER NOT NULL,
    procedure INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    position  INTEGER NOT NULL,            -- in the order of the flow
    actor     TEXT NOT NULL,
    PRIMARY KEY (sop, procedure, step, position),
    FOREIGN KEY (sop, procedure, step) REFERENCES steps (sop, procedure, step) ON DELETE CASCADE,
    FOREIGN KEY (sop, procedure, actor) REFERENCES actors ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE requirements (
    sop       INTEGER NOT NULL,
    procedure INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    item      INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (sop, procedure, step, item),
    FOREIGN KEY (sop, procedure, step) REFERENCES steps (sop, procedure, step) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE outputs (
    sop       INTEGER NOT NULL,
    procedure INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    item      INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (sop, procedure, step, item),
    FOREIGN KEY (sop, procedure, step) REFERENCES steps (sop, procedure, step) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE durations (
    sop         INTEGER NOT NULL,
    procedure   INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    item        INTEGER NOT NULL,
    min         NUMERIC,
    max         NUMERIC,
    unit        TEXT NOT NULL,
    working     BOOLEAN NOT NULL,          -- working days
    approximate BOOLEAN NOT NULL,
    scope       TEXT,
    PRIMARY KEY (sop, procedure, step, item),
    FOREIGN KEY (sop, procedure, step) REFERENCES steps (sop, procedure, step) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE nodes (
    sop        INTEGER NOT NULL,
    procedure  INTEGER NOT NULL,
    node       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    step       INTEGER,
    actor      TEXT,
    symbol     TEXT NOT NULL,
    text       TEXT,
    confidence REAL,
    PRIMARY KEY (sop, procedure, node),
    FOREIGN KEY (sop, procedure) REFERENCES procedures ON DELETE CASCADE,
    FOREIGN KEY (sop, procedure, step) REFERENCES steps (sop, procedure, step),
    FOREIGN KEY (sop, procedure, actor) REFERENCES actors
) WITHOUT ROWID;

CREATE TABLE edges (
    sop         INTEGER NOT NULL,
    procedure   INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    source      TEXT NOT NULL,
    target      TEXT NOT NULL,
    source_step INTEGER,
    target_step INTEGER,
    condition   TEXT,
    basis       TEXT,                      -- inferred: not drawn, concluded
    confidence  REAL,
    PRIMARY KEY (sop, procedure, position),
    FOREIGN KEY (sop, procedure, source) REFERENCES nodes ON DELETE CASCADE,
    FOREIGN KEY (sop, procedure, target) REFERENCES nodes ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE findings (
    result     INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
    item       INTEGER NOT NULL,
    sop        INTEGER REFERENCES sops ON DELETE CASCADE,   -- null: about the whole document
    severity   TEXT NOT NULL,
    code       TEXT NOT NULL,
    path       TEXT NOT NULL,              -- JSON Pointer into the result
    message    TEXT NOT NULL,
    message_en TEXT NOT NULL,
    pages      TEXT,
    PRIMARY KEY (result, item)
) WITHOUT ROWID;
CREATE INDEX findings_sop ON findings (sop);
CREATE INDEX findings_code ON findings (code);

-- What the report says of each value: of a null value the reason (`absence`).
CREATE TABLE fields (
    sop        INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    path       TEXT NOT NULL,              -- JSON Pointer inside the SOP
    confidence REAL NOT NULL,
    read       REAL NOT NULL,
    place      REAL NOT NULL,
    parse      REAL NOT NULL,
    basis      TEXT NOT NULL,
    absence    TEXT,                       -- stated-none, blank, no-label, illegible
    page       INTEGER,
    PRIMARY KEY (sop, path)
) WITHOUT ROWID;

-- How sure the whole of a section is: of the header, a list, a procedure, a flow.
CREATE TABLE section_grades (
    sop        INTEGER NOT NULL REFERENCES sops ON DELETE CASCADE,
    path       TEXT NOT NULL,              -- JSON Pointer inside the SOP
    confidence REAL NOT NULL,
    grade      TEXT NOT NULL,
    PRIMARY KEY (sop, path)
) WITHOUT ROWID;

-- Full text: activities and titles. Accents and case make no difference.
CREATE VIRTUAL TABLE sops_text USING fts5 (
    title, content='sops', content_rowid='sop', tokenize='unicode61 remove_diacritics 2', prefix='3'
);
CREATE TRIGGER sops_added AFTER INSERT ON sops BEGIN
    INSERT INTO sops_text (rowid, title) VALUES (new.sop, new.title);
END;
CREATE TRIGGER sops_removed AFTER DELETE ON sops BEGIN
    INSERT INTO sops_text (sops_text, rowid, title) VALUES ('delete', old.sop, old.title);
END;
CREATE VIRTUAL TABLE steps_text USING fts5 (
    activity, content='steps', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3'
);
CREATE TRIGGER steps_added AFTER INSERT ON steps BEGIN
    INSERT INTO steps_text (rowid, activity) VALUES (new.id, new.activity);
END;
CREATE TRIGGER steps_removed AFTER DELETE ON steps BEGIN
    INSERT INTO steps_text (steps_text, rowid, activity) VALUES ('delete', old.id, old.activity);
END;
