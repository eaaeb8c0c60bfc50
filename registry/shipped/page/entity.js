// One entity: its chain if it can alert, its month if it is a schedule, its fields, its neighbours.

const [OWNER, ANSWERS, TEAM, LACK] = [6, 7, 8, 9];

function facts(n) {
  const row = data.entities[n];
  const shown = [];
  const add = (label, ...content) => shown.push(el('dt', {}, label), el('dd', {}, content));
  const known = new Set([n, -1, ...fieldsOf(n).flatMap(([, values]) => values)]);
  const derived = [['who owns it', OWNER], ['who answers for it', ANSWERS], ['its team', TEAM]];
  for (const [label, at] of derived) if (!known.has(row[at])) add(label, entity(row[at]));
  if (row[LACK]) add('lacks an owner', el('span', {class: 'lack'}, said(row[LACK])));
  for (const [label, values] of fieldsOf(n)) {
    const items = values.map((one) => (typeof one === 'string' ? said(one) : entity(one)));
    add(label, items.length === 1 ? items : list('ul', items));
  }
  return el('dl', {class: 'facts'}, shown);
}

const KINDS = {error: 'bad', warning: 'warn', info: 'calm'};

function findingItem([, code, name, severity, message, help, n, place], isLinked) {
  const link = isLinked && n >= 0 ? [', ', entity(n, 'see it')] : '';
  return el('li', {}, el('span', {class: `chip ${KINDS[severity]}`}, severity), ' ', said(message), ' ',
    el('span', {class: 'place'}, `${code} ${name}, ${place}`, link), help ? el('span', {class: 'help'}, said(help)) : '');
}

function findingsOf(n) {
  const own = data.findings.filter((one) => one[6] === n);
  if (!own.length) return '';
  return [el('h3', {}, 'What is found of it'), el('ul', {class: 'list'}, own.map((one) => findingItem(one, false)))];
}

// The findings of an owner that do not stand in the page: written when they are asked for.
function writeFindings(details) {
  const owner = Number(details.dataset.owner);
  delete details.dataset.owner;
  const own = data.findings.filter((one) => one[0] === owner);
  details.querySelector('ul').append(...own.map((one) => findingItem(one, true)));
}

function chainsOf(n) {
  const direct = chainOf.get(n);
  if (direct) return [el('h3', {}, 'Its chain'), chainPicture(direct)];
  if (sectionOf(n) !== 'metrics') return '';
  return data.chains.filter((one) => one.metric[1] === n)
    .map((one) => [el('h3', {}, 'The chain of ', entity(one.alert)), chainPicture(one)]);
}

function detail(n) {
  const row = data.entities[n];
  const place = row[3] ? ` ${row[3]}:${row[4]}` : '';
  const lost = stateOf(n) === NOT_LOADED ? 'It did not load: `opmodel check` says why.'
    : stateOf(n) === MISSING ? 'It does not exist: something only names it.' : '';
  const month = scheduleOf.has(n) ? [el('h3', {}, 'Four weeks'), monthOf(scheduleOf.get(n))] : '';
  const head = el('h2', {tabindex: '-1', id: 'chosen'}, nameOf(n));
  byId('detail').replaceChildren(
    el('header', {}, head, el('a', {href: '#answer', class: 'choose'}, 'Back to the answer')),
    el('p', {class: 'about'}, `${kindOf(n)} ${idOf(n)}${place}`),
    lost ? lack(said(lost)) : '',
    ...[chainsOf(n), month].flat(Infinity),
    el('h3', {}, 'What is written of it'), facts(n),
    ...[findingsOf(n)].flat(), ...neighbourhood(n),
  );
  return head;
}

