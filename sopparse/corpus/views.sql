-- Views for the common questions. The comment above a view says what one row is.

-- One SOP with its document.
CREATE VIEW documents AS
SELECT sop, name AS document, part, number, title, agency, units, government, region, region_level, region_code, created,
       revised, effective, approved, procedures, steps, actors, status, grade, confidence, errors, warnings, notes,
       layout, reading, sops.pages, sha256, file, result
FROM sops JOIN results USING (result);

-- One field of a header: filled, or why not (stated-none: a printed "-"; blank; no-label; illegible; unknown).
CREATE VIEW completeness AS
WITH header (sop, field, path, value) AS (
    SELECT sop, 'number', '/header/number', number FROM sops
    UNION ALL SELECT sop, 'title', '/header/title', title FROM sops
    UNION ALL SELECT sop, 'created', '/header/created', created FROM sops
    UNION ALL SELECT sop, 'revised', '/header/revised', revised FROM sops
    UNION ALL SELECT sop, 'effective', '/header/effective', effective FROM sops
    UNION ALL SELECT sop, 'approved', '/header/approved', approved FROM sops
    UNION ALL SELECT sop, 'approver_position', '/header/approver/position', approver_position FROM sops
    UNION ALL SELECT sop, 'approver_name', '/header/approver/name', approver_name FROM sops
    UNION ALL SELECT sop, 'approver_nip', '/header/approver/nip', approver_nip FROM sops
    UNION ALL SELECT sop, 'agency', '/header/agency/name', agency FROM sops
)
SELECT header.sop, field,
       CASE WHEN value IS NOT NULL THEN 'filled' ELSE coalesce(own.absence, around.absence, 'unknown') END AS state,
       own.confidence
FROM header
LEFT JOIN fields AS own ON own.sop = header.sop AND own.path = header.path
LEFT JOIN fields AS around   -- an approver that is absent as a whole
    ON around.sop = header.sop AND around.path = '/header/approver' AND header.path LIKE '/header/approver/%';

-- One SOP: the years since its last date (of "2031" the first of January). Null: no date in it.
CREATE VIEW ages AS
WITH dated AS (
    SELECT sop, title, agency, created, revised, effective, approved,
           nullif(max(coalesce(created, ''), coalesce(revised, ''), coalesce(effective, ''), coalesce(approved, '')), '')
               AS last_date
    FROM sops
)
SELECT *, round((julianday('now') - julianday(substr(last_date || '-01-01', 1, 10))) / 365.25, 1) AS years FROM dated;

-- One SOP: its working minutes from the shortest to the longest, all steps one after the other (no loops, no branches).
-- A step with one bound only ("at most 3 days") adds nothing to the other sum: `steps_open` says how many there are.
CREATE VIEW times AS
SELECT sop, title, agency, sum(coalesce(minutes_low, 0)) AS minutes_low, sum(coalesce(minutes_high, 0)) AS minutes_high,
       count(coalesce(minutes_low, minutes_high)) AS steps_timed,
       sum((minutes_low IS NULL) <> (minutes_high IS NULL)) AS steps_open,
       count(*) - count(coalesce(minutes_low, minutes_high)) AS steps_untimed
FROM sops JOIN steps USING (sop) GROUP BY sop;

-- One step with a time: its share of the longest time of its SOP.
CREATE VIEW time_shares AS
SELECT sop, procedure, step, activity, coalesce(minutes_high, minutes_low) AS minutes,
       round(1.0 * coalesce(minutes_high, minutes_low)
             / nullif(sum(coalesce(minutes_high, minutes_low)) OVER (PARTITION BY sop), 0), 3) AS share
FROM steps WHERE coalesce(minutes_high, minutes_low) IS NOT NULL;

-- One SOP: how large it is. Decisions and ways back are null where no chart was read.
CREATE VIEW shapes AS
SELECT sop, title, agency, steps, actors,
       (SELECT nullif(count(*), 0) FROM nodes WHERE nodes.sop = sops.sop) AS symbols,
       (SELECT CASE WHEN count(*) > 0 THEN sum(symbol = 'decision') END FROM nodes WHERE nodes.sop = sops.sop) AS decisions,
       (SELECT CASE WHEN count(*) > 0 THEN coalesce(sum(target_step < source_step), 0) END
        FROM edges WHERE edges.sop = sops.sop) AS ways_back
FROM sops;

-- One table of steps: how often the actor changes from one step to the next, where both are known.
-- `coverage` is the share of the steps whose actor is known; below one half the number would say nothing and is null.
CREATE VIEW handoffs AS
WITH known AS (
    SELECT steps.sop, steps.procedure, steps.step,
           (SELECT actor FROM step_actors AS a WHERE (a.sop, a.procedure, a.step) = (steps.sop, steps.procedure, steps.step)
            ORDER BY position LIMIT 1) AS first,
           (SELECT actor FROM step_actors AS a WHERE (a.sop, a.procedure, a.step) = (steps.sop, steps.procedure, steps.step)
            ORDER BY position DESC LIMIT 1) AS last
    FROM steps
), pairs AS (
    SELECT *, lag(last) OVER (PARTITION BY sop, procedure ORDER BY step) AS before FROM known
)
SELECT sop, procedure, count(*) AS steps, round(1.0 * count(first) / count(*), 3) AS coverage,
       CASE WHEN 2 * count(first) >= count(*) THEN coalesce(sum(first <> before), 0) END AS handoffs
FROM pairs GROUP BY sop, procedure;

-- One regulation: how many SOPs and agencies cite it, and whether it is in force as far as the data of `as_of` go.
CREATE VIEW regulations AS
SELECT id, type, issuer, number, year, max(about) AS about, count(DISTINCT sop) AS sops,
       count(DISTINCT agency) AS agencies, state, replaced_by, as_of
FROM citations JOIN (SELECT sop, agency FROM sops) USING (sop)
WHERE id IS NOT NULL GROUP BY id, state, replaced_by, as_of ORDER BY sops DESC, id;

-- One finding about a citation.
CREATE VIEW citation_findings AS
SELECT findings.sop, title, agency, code, severity, message, message_en, path
FROM findings JOIN sops USING (sop) WHERE path LIKE '/sops/%/legal_basis%';

-- One step and the next: what the one gives and what the other needs.
CREATE VIEW chains AS
WITH given AS (SELECT sop, procedure, step, group_concat(text, '; ') AS texts FROM outputs GROUP BY 1, 2, 3),
     needed AS (SELECT sop, procedure, step, group_concat(text, '; ') AS texts FROM requirements GROUP BY 1, 2, 3),
     followed AS (
         SELECT sop, procedure, step, lead(step) OVER (PARTITION BY sop, procedure ORDER BY step) AS next_step FROM steps
     )
SELECT followed.sop, followed.procedure, followed.step, given.texts AS outputs, next_step, needed.texts AS requirements
FROM followed
LEFT JOIN given USING (sop, procedure, step)
LEFT JOIN needed ON (needed.sop, needed.procedure, needed.step) = (followed.sop, followed.procedure, next_step)
WHERE next_step IS NOT NULL;

-- One name of an actor, as printed, with the role it is read as.
CREATE VIEW actor_names AS
SELECT label, role, count(DISTINCT actors.sop) AS sops, count(DISTINCT agency) AS agencies, sum(actors.steps) AS steps
FROM actors JOIN sops USING (sop) WHERE label IS NOT NULL GROUP BY label, role ORDER BY sops DESC, label;

-- One SOP that another names as related.
CREATE VIEW related AS
SELECT sop, title, agency, item, text AS related, confidence FROM lists JOIN sops USING (sop)
WHERE section = 'related_sops';

-- One code of a finding in one agency.
CREATE VIEW finding_counts AS
SELECT agency, code, severity, count(DISTINCT findings.sop) AS sops, count(*) AS findings
FROM findings JOIN sops USING (sop) GROUP BY agency, code, severity;

-- One SOP: how much stands in each of its sections, and how many steps say what they need, how long they take, what they give.
CREATE VIEW sections AS
SELECT sop, title, agency,
       (SELECT count(*) FROM citations WHERE citations.sop = sops.sop) AS legal_basis,
       (SELECT count(*) FROM lists WHERE lists.sop = sops.sop AND section = 'qualifications') AS qualifications,
       (SELECT count(*) FROM lists WHERE lists.sop = sops.sop AND section = 'related_sops') AS related_sops,
       (SELECT count(*) FROM lists WHERE lists.sop = sops.sop AND section = 'equipment') AS equipment,
       (SELECT count(*) FROM lists WHERE lists.sop = sops.sop AND section = 'warnings') AS warnings,
       (SELECT count(*) FROM lists WHERE lists.sop = sops.sop AND section = 'records') AS records,
       steps,
       (SELECT count(DISTINCT procedure || '/' || step) FROM requirements WHERE requirements.sop = sops.sop)
           AS steps_with_requirements,
       (SELECT count(duration) FROM steps AS s WHERE s.sop = sops.sop) AS steps_with_duration,
       (SELECT count(DISTINCT procedure || '/' || step) FROM outputs WHERE outputs.sop = sops.sop) AS steps_with_outputs
FROM sops;
