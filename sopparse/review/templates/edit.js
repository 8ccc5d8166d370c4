// The panel below the values: where a value comes from, and its correction.
let chosen = null;
const chosenField = () => chosen ? chosen.dataset.f || null : null;
const buttons = new Map();  // by path
for (const button of document.querySelectorAll('.v')) buttons.set(button.dataset.v, [...(buttons.get(button.dataset.v) || []), button]);
const buttonsOf = path => buttons.get(path) || [];

const labelOf = (path, value) => {
  if (Array.isArray(value)) {
    const names = new Map(actorsAt(path).map(actor => [actor.id, actor.label || actor.id]));
    return value.map(item => names.get(item) || item).join('; ');
  }
  if (value === null || value === undefined || value === '') return /\/condition$/.test(path) ? word('condition.none') : '';
  if (/\/symbol$/.test(path)) return word(`symbol.${value}`);
  if (/\/condition$/.test(path)) return word(`condition.${value}`);
  if (/\/nodes\/\d+\/actor$/.test(path)) { const actor = actorsAt(path).find(one => one.id === value); return actor ? actor.label || actor.id : value; }
  return String(value);
};
const procedureOf = path => (/^(.*\/procedures\/\d+)\//.exec(isAdded(path) ? entryOf(path).list + '/' : path) || [])[1];
const actorsAt = path => { const at = procedureOf(path); return at ? original(`${at}/actors`) : []; };

// -- how a value looks after a decision

const stateOf = path => {
  if (isAdded(path)) return 'added';
  if (isRemoved(path)) return 'removed';
  if (!edits.has(path)) return '';
  const value = edits.get(path).value;
  if (equal(value, original(path) ?? null)) return 'accepted';
  return value === null || equal(value, []) ? 'removed' : 'edited';
};
const SIGNS = {edited: '✎', accepted: '✓', removed: '∅', added: '✚'};
const render = path => {
  const state = stateOf(path), value = values.get(path);
  for (const button of buttonsOf(path)) {
    for (const name of ['edited', 'accepted', 'removed', 'added']) button.classList.toggle(name, state === name);
    button.querySelector('.state').textContent = state ? `${SIGNS[state]} ${word(`state.${state}`)}` : '';
    if (edits.has(path) || isAdded(path)) show(button, labelOf(path, state === 'removed' ? original(path) : current(path)));
    const report = fields.get(value.field), settled = isSettled(value.field);
    button.classList.toggle('done', settled);
    const parts = [`${value.label[language]}:`, button.querySelector('.t.none') ? word('none') : shownText(button.querySelector('.t'))];
    if (button.classList.contains('doubt') && !settled) parts.push(`(${word('state.doubt')}${report ? ` ${percent(report.confidence)}` : ''})`);
    if (state) parts.push(`(${word(`state.${state}`)})`);
    button.setAttribute('aria-label', parts.join(' '));
  }
};
const show = (button, text) => { const shown = button.querySelector('.t'); shown.textContent = text || '–'; shown.classList.toggle('none', !text); };
const shownText = element => { const own = element.querySelector(`[lang="${root.lang}"]`); return (own || element).textContent; };
const renderAll = () => {
  for (const path of values.keys()) render(path);
  let checked = 0;
  for (const {field} of data.doubts) {
    const settled = isSettled(field);
    if (settled) checked += 1;
    for (const element of places.get(field) || []) if (!element.classList.contains('v')) element.classList.toggle('done', settled);
  }
  for (const go of document.querySelectorAll('.doubts .go')) go.querySelector('.state').textContent = go.classList.contains('done') ? '✓' : '';
  byId('checked').textContent = checked;
  byId('count').textContent = edits.size + removed.size + added.length;
  if (chosen && !body.contains(document.activeElement)) describe(chosen.dataset.v);
};

// -- the panel

const describe = path => {
  const value = values.get(path), report = fields.get(value.field);
  byId('detail-title').textContent = value.label[language];
  body.replaceChildren();
  const facts = make('div', null, {class: 'two'});
  const fact = (name, text) => { const line = make('div'); line.append(make('b', `${name}: `), text); facts.append(line); };
  if (report) {
    const shares = report.signals.map((share, n) => `${word(`signal.${['read', 'place', 'parse'][n]}`)} ${percent(share)}`).join(', ');
    fact(word('confidence'), `${percent(report.confidence)} (${shares})`);
    if (report.raw) fact(word('detail.raw'), make('q', report.raw));
    fact(word('pages.title'), report.pages.length ? `${word('detail.page')} ${report.pages.join(', ')}; ${word(`basis.${report.basis}`)}` : word('detail.noplace'));
    if (report.absence) fact(word('detail.absent'), word(`absence.${report.absence}`));
    if (report.fixes.length) fact(word('detail.fixes'), report.fixes.join(', '));
  } else fact(word('confidence'), word('detail.noreport'));
  body.append(facts);
  for (const one of data.findings) if (one.path === path || one.path === value.field) {
    const line = make('p'); line.append(make('span', word(`severity.${one.severity}`), {class: `sev ${one.severity}`}), ` ${one[root.lang]}`); body.append(line);
  }
  body.append(form(path, value));
};

const form = (path, value) => {
  const now = current(path), form = make('form', null, {novalidate: ''}), name = make('label', word('edit.value'), {for: 'input'});
  const hint = {lines: 'edit.lines', date: 'edit.date', nip: 'edit.nip'}[value.kind];
  if (hint) name.textContent += ` (${word(hint)})`;
  form.append(name, input(path, value, now), make('p', '', {class: 'bad', id: 'bad', role: 'alert'}));
  const row = make('div', null, {class: 'row'});
  const button = (key, action, type = 'button') => { const made = make('button', word(key), {type, class: type === 'submit' ? 'main' : undefined}); if (action) made.addEventListener('click', action); row.append(made); };
  button('edit.save', null, 'submit');
  if (!isAdded(path)) button('edit.accept', () => decide('accepted', path));
  if (value.gone) button('edit.absent', () => decide('removed', path));
  if (isDecided(path)) button('edit.undo', () => decide('undone', path));
  const step = /^(.*\/steps)\/(\d+)\//.exec(path);
  if (step) {
    button('add.step', () => addStep(step[1], Number(step[2]) + 1));
    if (!isRemoved(`${step[1]}/${step[2]}`)) button('add.remove', () => { remove(`${step[1]}/${step[2]}`); renderAll(); tell('told.removed'); });
  }
  form.append(row);
  form.addEventListener('submit', event => { event.preventDefault(); accept(path, value, form); });
  form.addEventListener('keydown', event => {
    if (event.key === 'Escape') { event.preventDefault(); describe(path); focusOn(chosen); }
    if (event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); accept(path, value, form); }
  });
  return form;
};
const input = (path, value, now) => {
  if (value.kind === 'long' || value.kind === 'lines') {
    const text = value.kind === 'lines' ? (now || []).join('\n') : now ?? '';
    const made = make('textarea', text, {id: 'input', rows: Math.min(6, 1 + Math.max(text.split('\n').length, Math.ceil(text.length / 70)))});
    return made;
  }
  if (value.kind === 'choice') {
    const made = make('select', null, {id: 'input'});
    const options = value.options.includes('') || now ? value.options : ['', ...value.options];
    for (const option of options) {
      const item = make('option', labelOf(path, option) || '–', {value: option});
      item.selected = option === (now ?? '');
      made.append(item);
    }
    return made;
  }
  if (value.kind === 'actors') {
    const made = make('fieldset', null, {id: 'input', tabindex: '-1'});
    for (const actor of actorsAt(path)) {
      const box = make('input', null, {type: 'checkbox', value: actor.id}), label = make('label');
      box.checked = (now || []).includes(actor.id);
      label.append(box, ` ${actor.label || actor.id}`);
      made.append(label);
    }
    return made;
  }
  const made = make('input', null, {id: 'input', type: 'text', autocomplete: 'off', spellcheck: 'false'});
  made.value = now ?? '';
  return made;
};

const FORMS = {date: /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, nip: /^\d{18}$/, number: /^\d{1,9}$/};
const valueFrom = (path, value, form) => {
  const field = form.querySelector('#input');
  if (value.kind === 'actors') {
    const checked = [...field.querySelectorAll('input:checked')].map(box => box.value), before = (current(path) || []).filter(id => checked.includes(id));
    return [...before, ...checked.filter(id => !before.includes(id))];
  }
  if (value.kind === 'lines') return field.value.split('\n').map(line => line.trim()).filter(Boolean);
  if (value.kind === 'choice') return field.value || null;
  const text = field.value.trim().replace(/\s+/g, ' ');
  if (text === '') throw 'edit.empty';
  if (FORMS[value.kind] && !FORMS[value.kind].test(text)) throw 'edit.bad';
  return value.kind === 'number' ? Number(text) : text;
};
const accept = (path, value, form) => {
  let wanted;
  try { wanted = valueFrom(path, value, form); } catch (key) {
    form.querySelector('#bad').textContent = word(key);
    form.querySelector('#input').setAttribute('aria-invalid', 'true');
    form.querySelector('#input').focus();
    return;
  }
  setEdit(path, wanted);
  if (/\/region\/(level|name)$/.test(path) && !(current(`${parentOf(path)}/level`) && current(`${parentOf(path)}/name`))) {
    renderAll(); form.querySelector('#bad').textContent = word('edit.region'); return;
  }
  focusOn(chosen);
  renderAll();
  describe(path);
  tell('told.edited');
};
const decide = (what, path, onward = false) => {
  if (!path) return;
  if (what === 'accepted') setEdit(path, current(path));
  else if (what === 'removed') setAbsent(path);
  else {
    undo(path);
    for (const button of buttonsOf(path)) if (!isAdded(path)) show(button, labelOf(path, original(path)));
  }
  const gone = isAdded(path) && !entryOf(path);
  if (gone) { forget(path); chosen = null; body.replaceChildren(); panel.focus(); } else focusOn(chosen);
  renderAll();
  if (chosen) describe(path);
  tell(`told.${what}`);
  if (onward) walk(1);
};
const choose = button => {
  if (!button || (button === chosen && body.querySelector('form'))) return;
  chosen = button;
  describe(button.dataset.v);
};
const edit = () => { const field = body.querySelector('#input'); if (!field) return; (field.querySelector('input') || field).focus(); if (field.select) field.select(); };
document.addEventListener('click', event => { const button = event.target instanceof Element && event.target.closest('.v'); if (button) { choose(button); edit(); } });

// -- items that are missing in the result

let count = 0;
const register = (entry, part, kind, label, options = []) => {
  const path = `${entry.key}/${part}`;
  values.set(path, {field: path, kind, gone: path, unit: '', removes: true, options, label: [label, label]});
  const button = make('button', null, {type: 'button', class: 'v', 'data-v': path, 'data-f': path});
  button.append(make('span', '–', {class: 't none'}), make('span', '', {class: 'state'}));
  place(path, button); valueOf.set(path, button); buttons.set(path, [button]);
  return button;
};
const forget = path => { const key = path.split('/')[0]; for (const at of [...values.keys()]) if (at.split('/')[0] === key) { buttonsOf(at).forEach(button => (button.closest('tr, li') || button).remove()); values.delete(at); buttons.delete(at); } };
const begin = (entry, button) => { added.push(entry); saved = false; renderAll(); focusOn(button); edit(); };
const addItem = (list, before) => {
  const entry = {list, index: null, key: `+${++count}`, value: {}, isWhole: () => Boolean(entry.value.text), item: () => list.endsWith('/legal_basis') ? {text: entry.value.text} : entry.value.text};
  const line = make('li'), name = word(list.endsWith('/units') ? 'header.agency.units' : `list.${lastOf(list)}`), button = register(entry, 'text', 'long', `${name} (${word('state.added')})`);
  line.append(button);
  before.previousElementSibling.append(line);
  begin(entry, button);
};
const addEdge = list => {
  const entry = {list, index: null, key: `+${++count}`, value: {condition: null}, isWhole: () => Boolean(entry.value.from && entry.value.to), item: () => ({...entry.value})};
  const row = make('tr'), nodes = original(`${parentOf(list)}/nodes`).map(node => node.id), name = word('state.added');
  const cells = [['from', nodes], ['to', nodes], ['condition', ['', 'yes', 'no']]].map(([part, options]) => register(entry, part, 'choice', `${word(`edge.${part}`)} (${name})`, options));
  for (const cell of cells) { const outer = make('td'); outer.append(cell); row.append(outer); }
  document.querySelector(`[data-edges="${CSS.escape(parentOf(parentOf(list)))}"]`).append(row);
  begin(entry, cells[0]);
};
const PARTS = [['activity', 'long'], ['actors', 'actors'], ['requirements', 'lines'], ['duration', 'text'], ['outputs', 'lines'], ['note', 'long']];
const addStep = (list, index) => {
  const entry = {list, index, key: `+${++count}`, value: {}, isWhole: () => Boolean(entry.value.activity), item: () => ({...Object.fromEntries(Object.entries(entry.value).filter(([, value]) => value !== null)), ...(entry.value.duration ? {duration: {text: entry.value.duration}} : {})})};
  const table = document.querySelector(`[data-steps="${CSS.escape(parentOf(list))}"]`), row = make('tr');
  row.append(make('th', '✚', {scope: 'row'}));
  const cells = PARTS.map(([part, kind]) => register(entry, part, kind, `${word(`step.${part}`)} (${word('state.added')})`));
  for (const cell of cells) { const outer = make('td'); outer.append(cell); row.append(outer); }
  table.querySelector(`tr[data-step="${index - 1}"]`).after(row);
  begin(entry, cells[0]);
};
for (const button of document.querySelectorAll('[data-add]')) button.addEventListener('click', () => button.dataset.add.endsWith('/edges') ? addEdge(button.dataset.add) : addItem(button.dataset.add, button));

// -- the walk through the doubtful values

const walk = direction => {
  const open = data.doubts.map((doubt, n) => [n, doubt]).filter(([, doubt]) => !isSettled(doubt.field));
  if (!open.length) { tell('told.end'); return; }
  const at = data.doubts.findIndex(doubt => chosen && doubt.field === chosen.dataset.f);
  const after = direction > 0 ? open.find(([n]) => n > at) || open[0] : [...open].reverse().find(([n]) => n < at) || open[open.length - 1];
  const button = buttonsOf(after[1].path)[0];
  if (button) focusOn(button);
};
byId('next').addEventListener('click', () => walk(1));
byId('previous').addEventListener('click', () => walk(-1));
byId('keys').addEventListener('click', () => byId('help').showModal());
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || byId('help').open || !byId('letters').checked) return;
  if (event.target instanceof Element && event.target.closest('input, textarea, select')) return;
  const path = chosen && chosen.dataset.v, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const actions = {n: () => walk(1), p: () => walk(-1), e: edit, a: () => decide('accepted', path, true), x: () => decide('removed', path, true), Delete: () => decide('removed', path, true), u: () => decide('undone', path), '?': () => byId('help').showModal()};
  if (!Object.hasOwn(actions, key)) return;
  event.preventDefault();
  actions[key]();
});

// -- saving

byId('save').addEventListener('click', () => {
  const patch = buildPatch();
  if (!patch.length) { tell('told.nothing'); return; }
  const address = URL.createObjectURL(new Blob([JSON.stringify(patch, null, 1) + '\n'], {type: 'application/json-patch+json'}));
  const link = make('a', null, {href: address, download: data.patch});
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  saved = true;
  tell('told.saved');
});
window.addEventListener('beforeunload', event => { if (!saved && buildPatch().length) event.preventDefault(); });
translate();
renderAll();
