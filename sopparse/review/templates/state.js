// What a person decided, and the JSON Patch (RFC 6902) that says it.
const edits = new Map();  // by path: {value} where it was corrected or confirmed
const removed = new Set();  // paths of items that are not in the document
const added = [];  // {list, index, value, key}: items that are missing in the result
let saved = true;

const tokens = pointer => pointer.split('/').slice(1).map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
const original = pointer => {
  let value = {sops: data.sops};
  for (const token of tokens(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token)) return undefined;
    value = value[token];
  }
  return value;
};
const parentOf = pointer => pointer.slice(0, pointer.lastIndexOf('/'));
const lastOf = pointer => pointer.slice(pointer.lastIndexOf('/') + 1);
const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isAdded = path => path.startsWith('+');
const entryOf = path => added.find(entry => entry.key === path.split('/')[0]);
const current = path => {
  if (isAdded(path)) return entryOf(path).value[path.slice(path.indexOf('/') + 1)] ?? null;
  return edits.has(path) ? edits.get(path).value : original(path) ?? null;
};
const isRemoved = path => [...removed].some(gone => path === gone || path.startsWith(gone + '/'));
const isDecided = path => edits.has(path) || isRemoved(path) || isAdded(path);
// A report can cover several values: whichever was decided, someone looked at the place.
const isSettled = field => [...edits.keys()].some(path => path === field || (values.get(path) || {}).field === field) || isRemoved(field);

const setEdit = (path, value) => {
  saved = false;
  if (isAdded(path)) { entryOf(path).value[path.slice(path.indexOf('/') + 1)] = value; return; }
  for (const gone of [...removed]) if (path === gone || path.startsWith(gone + '/')) removed.delete(gone);
  edits.set(path, {value});
};
const setAbsent = path => {
  saved = false;
  if (isAdded(path)) { drop(entryOf(path)); return; }
  const value = values.get(path);
  for (const at of [...edits.keys()]) if (at === value.gone || at.startsWith(value.gone + '/')) edits.delete(at);
  if (value.removes) remove(value.gone);
  else edits.set(path, {value: value.kind === 'lines' || value.kind === 'actors' ? [] : null});
};
const remove = item => {
  saved = false;
  for (const path of [...edits.keys()]) if (path.startsWith(item + '/')) edits.delete(path);
  removed.add(item);
  const node = /^(.*\/flow)\/nodes\/(\d+)$/.exec(item);
  if (!node) return;
  // An arrow cannot stay where its symbol goes.
  const id = original(item).id;
  original(`${node[1]}/edges`).forEach((edge, index) => { if (edge.from === id || edge.to === id) removed.add(`${node[1]}/edges/${index}`); });
};
const undo = path => {
  saved = false;
  if (isAdded(path)) { drop(entryOf(path)); return; }
  edits.delete(path);
  for (const gone of [...removed]) if (path === gone || path.startsWith(gone + '/')) removed.delete(gone);
};
const drop = entry => { added.splice(added.indexOf(entry), 1); };

// -- the patch

const change = (ops, path, value) => {
  ops.push({op: 'test', path, value: original(path)}, {op: 'replace', path, value});
};
// What the program computes from the other parts, and must compute anew.
const DERIVED = [
  [/\/legal_basis\/\d+$/, 'text', whole => ({text: whole.text})],
  [/\/agency\/region$/, 'name', whole => ({level: whole.level, name: whole.name})],
  [/\/agency\/region$/, 'level', whole => ({level: whole.level, name: whole.name})],
  [/\/actors\/\d+$/, 'label', whole => ({id: whole.id, label: whole.label, group: whole.group})],
];
const replaces = () => {
  const ops = [], units = new Map();
  for (const path of values.keys()) {
    if (!edits.has(path) || isRemoved(path)) continue;
    const unit = values.get(path).unit || parentOf(path), missing = original(unit) === null;
    if (missing || values.get(path).unit) units.has(unit) ? units.get(unit).push(path) : units.set(unit, [path]);
    else if (edits.get(path).value === null && values.get(path).gone) change(ops, values.get(path).gone, null);
    else change(ops, path, edits.get(path).value);
  }
  for (const [unit, paths] of units) ops.push(...unitChange(unit, paths));
  return ops;
};
const unitChange = (unit, paths) => {
  const ops = [], whole = original(unit), changes = Object.fromEntries(paths.map(path => [lastOf(path), edits.get(path).value]));
  const given = paths.filter(path => edits.get(path).value !== null);
  const empties = paths.some(path => values.get(path).gone === unit && edits.get(path).value === null);
  if (whole === null || empties) {
    change(ops, unit, given.length && !empties ? Object.fromEntries(given.map(path => [lastOf(path), edits.get(path).value])) : null);
    return ops;
  }
  const rule = DERIVED.find(([pattern, part]) => pattern.test(unit) && Object.hasOwn(changes, part) && !equal(changes[part], whole[part]));
  if (rule && paths.length > 1) change(ops, unit, {...rule[2](whole), ...changes});
  else for (const path of paths) change(ops, path, edits.get(path).value);
  return ops;
};
// Items later in a list first, so that the pointers of the others stay true; what is named by others after them.
const RANK = [/\/flow\/edges\/\d+$/, /\/flow\/nodes\/\d+$/, /\/steps\/\d+$/];
const rank = path => { const found = RANK.findIndex(pattern => pattern.test(path)); return found < 0 ? RANK.length : found; };
const removals = () => [...removed]
  .sort((a, b) => rank(a) - rank(b) || parentOf(a).localeCompare(parentOf(b)) || lastOf(b) - lastOf(a))
  .flatMap(path => path.endsWith('/region') ? [] : [...tested(path), {op: 'remove', path}]);
// The number of a step follows from its place, so that a removal before it changes it.
const tested = path => rank(path) === 2 ? [{op: 'test', path: `${path}/activity`, value: original(path).activity}] : [{op: 'test', path, value: original(path)}];
const additions = () => {
  const ops = [], full = added.filter(entry => entry.isWhole());
  const at = entry => entry.index - [...removed].filter(path => parentOf(path) === entry.list && lastOf(path) < entry.index).length;
  for (const entry of full.filter(one => one.index === null)) ops.push({op: 'add', path: `${entry.list}/-`, value: entry.item()});
  for (const entry of full.filter(one => one.index !== null).sort((a, b) => b.index - a.index || added.indexOf(b) - added.indexOf(a))) ops.push({op: 'add', path: `${entry.list}/${at(entry)}`, value: entry.item()});
  return ops;
};
const buildPatch = () => {
  const changes = [...replaces(), ...removals(), ...additions()];
  return changes.length ? [{op: 'test', path: '/source/sha256', value: data.sha256}, ...changes] : [];
};
