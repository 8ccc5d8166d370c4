// What is seen: the language, pages and zoom, and how a value and its place on the page find each other.
const data = JSON.parse(document.getElementById('data').textContent);
const root = document.documentElement;
const byId = id => document.getElementById(id);
const values = new Map(Object.entries(data.values));
const fields = new Map(Object.entries(data.fields));
const words = new Map(Object.entries(data.words));
const pages = byId('pages'), panel = byId('scroll'), detail = byId('detail'), body = byId('detail-body');
let language = root.dataset.lang === 'en' ? 1 : 0;

const word = (key, details = {}) => {
  const entry = words.get(key);
  return entry ? entry[language].replace(/\{(\w+)\}/g, (_, name) => details[name] ?? '') : key;
};
const tell = key => { byId('told').textContent = word(key); clearTimeout(tell.timer); tell.timer = setTimeout(() => { byId('told').textContent = ''; }, 2500); };
const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  return element;
};
// Rounded down: what is shown as 90 % is not doubtful.
const percent = share => `${Math.floor(share * 100 + 1e-6)} %`;

// -- a value and its places

const places = new Map();  // by field, the elements that show it
const place = (field, element) => places.has(field) ? places.get(field).push(element) : places.set(field, [element]);
const fieldsOf = element => element.dataset.f ? [element.dataset.f] : (element.dataset.fs || '').trim().split(' ').filter(Boolean).map(n => data.order[n]);
for (const element of document.querySelectorAll('[data-f], [data-fs]')) for (const field of fieldsOf(element)) place(field, element);
const valueOf = new Map();  // by field, the first button that shows it
for (const button of document.querySelectorAll('.v')) if (!valueOf.has(button.dataset.f)) valueOf.set(button.dataset.f, button);

const isOnPage = element => pages.contains(element);
let lit = null;
const light = field => {
  if (lit === field) return;
  for (const element of places.get(lit) || []) element.classList.remove('lit');
  lit = field;
  for (const element of places.get(field) || []) element.classList.add('lit');
};
// Scrolls a pane only as far as its own edges: the window stays where it is.
const reveal = (pane, element) => {
  if (!element) return;
  const outer = pane.getBoundingClientRect(), inner = element.getBoundingClientRect();
  if (inner.top < outer.top + 40 || inner.bottom > outer.bottom - 20) pane.scrollTop += inner.top - outer.top - (outer.height - Math.min(inner.height, outer.height)) / 2;
  if (inner.left < outer.left || inner.right > outer.right) pane.scrollLeft += inner.left - outer.left - (outer.width - Math.min(inner.width, outer.width)) / 2;
};
// Where a value has no place of its own: a place of what stands beside it in the document.
const beside = field => {
  for (let at = field.slice(0, field.lastIndexOf('/')); at.split('/').length > 4; at = at.slice(0, at.lastIndexOf('/'))) {
    for (const [other, all] of places) if (other.startsWith(at + '/')) { const found = all.find(isOnPage); if (found) return found; }
  }
  return null;
};
const revealOther = (element, field) => {
  const all = places.get(field) || [];
  if (isOnPage(element)) reveal(panel, valueOf.get(field));
  else reveal(pages, all.find(other => isOnPage(other)) || beside(field));
};

const over = target => target instanceof Element ? target.closest('[data-f], [data-fs]') : null;
let waiting = 0;
document.addEventListener('mouseover', event => {
  const element = over(event.target), field = element && fieldsOf(element)[0];
  clearTimeout(waiting);
  if (!field) return light(focused());
  light(field);
  waiting = setTimeout(() => revealOther(element, field), 150);
});
const focused = () => { const element = over(document.activeElement); return element ? fieldsOf(element)[0] : chosenField(); };
document.addEventListener('focusin', event => {
  const element = over(event.target), field = element && fieldsOf(element)[0];
  if (!field) return;
  light(field);
  revealOther(element, field);
  if (element.classList.contains('v')) choose(element);
  else if (element.dataset.go) choose(document.querySelector(`.v[data-v="${CSS.escape(element.dataset.go)}"]`));
  else if (valueOf.has(field)) choose(valueOf.get(field));
});

// -- one stop of the keyboard for many places: arrows move between them

const spots = new Map();
for (const group of document.querySelectorAll('[data-roving]')) {
  const inside = [...group.querySelectorAll('[role="button"]')];
  if (group.closest('.paper')) inside.sort((a, b) => { const s = a.getBBox(), t = b.getBBox(); return s.y - t.y || s.x - t.x; });
  spots.set(group, inside);
  if (inside.length) inside[0].setAttribute('tabindex', '0');
  group.addEventListener('keydown', event => {
    const at = inside.indexOf(event.target);
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? inside.length - 1 : step ? at + step : -1;
    if (at >= 0 && inside[next]) {
      event.preventDefault();
      inside[at].setAttribute('tabindex', '-1');
      inside[next].setAttribute('tabindex', '0');
      inside[next].focus({preventScroll: true});
      reveal(isOnPage(group) ? pages : panel, inside[next]);
    } else if (at >= 0 && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      goTo(fieldsOf(event.target)[0]);
    }
  });
  group.addEventListener('click', event => { const spot = over(event.target); if (spot) goTo(fieldsOf(spot)[0]); });
}
const openAround = element => { for (let outer = element.closest('details'); outer; outer = outer.parentElement.closest('details')) outer.open = true; };
const focusOn = button => { openAround(button); reveal(panel, button); button.focus({preventScroll: true}); };
const goTo = field => { const button = valueOf.get(field); if (button) focusOn(button); };
// The value at a pointer, or the first one below or above it.
const nearest = path => {
  for (let at = path; at; at = at.slice(0, at.lastIndexOf('/'))) {
    for (const button of document.querySelectorAll('.v')) if (button.dataset.v === at || button.dataset.v.startsWith(at + '/')) return button;
  }
  return null;
};
for (const button of document.querySelectorAll('.go')) button.addEventListener('click', () => { const value = nearest(button.dataset.go); if (value) focusOn(value); });

// -- pages

let zoom = 1;
const setZoom = wanted => {
  const before = pages.scrollTop / zoom, across = pages.scrollLeft / zoom;
  zoom = Math.min(5, Math.max(.5, Math.round(wanted * 100) / 100));
  pages.style.setProperty('--zoom', zoom);
  byId('zoom').textContent = percent(zoom);
  pages.scrollTop = before * zoom; pages.scrollLeft = across * zoom;
};
if (byId('zoom')) {
  byId('zoom-in').addEventListener('click', () => setZoom(zoom * 1.25));
  byId('zoom-out').addEventListener('click', () => setZoom(zoom / 1.25));
  pages.addEventListener('wheel', event => { if (event.ctrlKey) { event.preventDefault(); setZoom(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1)); } }, {passive: false});
}
if (byId('page')) byId('page').addEventListener('change', event => { const sheet = byId(`page-${event.target.value}`); pages.scrollTop += sheet.getBoundingClientRect().top - pages.getBoundingClientRect().top; });
if (byId('page')) pages.addEventListener('scroll', () => {
  const top = pages.getBoundingClientRect().top + 60, above = [...document.querySelectorAll('.sheet')].filter(sheet => sheet.getBoundingClientRect().top <= top);
  if (above.length) byId('page').value = above[above.length - 1].id.slice('page-'.length);
}, {passive: true});
byId('split').addEventListener('input', event => document.querySelector('.desk').style.setProperty('--split', event.target.value));

const translate = () => {
  root.lang = root.dataset.lang = ['id', 'en'][language];
  for (const element of document.querySelectorAll('[data-name]')) {
    element.setAttribute('aria-label', word(element.dataset.name, element.dataset));
  }
  for (const group of spots.values()) for (const spot of group) {
    const value = values.get((valueOf.get(fieldsOf(spot)[0]) || {dataset: {}}).dataset.v);
    if (value && spot.tagName !== 'SPAN') spot.setAttribute('aria-label', value.label[language]);
  }
};
byId('language').addEventListener('change', event => { language = event.target.value === 'en' ? 1 : 0; translate(); renderAll(); });
