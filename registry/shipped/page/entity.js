// One entity: its chain if it can alert, its month if it is a schedule, its fields, its neighbours.

const [OWNER, ANSWERS, TEAM, LACK] = [6, 7, 8, 9];

function facts(n) {
  const row = data.entities[n];
  const shown = [];
  const add = (label, ...content) => shown.push(el('dt', {}, label), el('dd', {}, content));
  if (row[OWNER] >= 0 && row[OWNER] !== n) add('owner', entity(row[OWNER]));
  if (row[ANSWERS] >= 0) add('answers for it', entity(row[ANSWERS]));
  if (row[TEAM] >= 0 && row[TEAM] !== n) add('team', entity(row[TEAM]));
  if (row[LACK]) add('lacks an owner', el('span', {class: 'lack'}, said(row[LACK])));
  for (const [label, values] of data.fields[n]) {
    const items = values.map((one) => (typeof one === 'string' ? said(one) : entity(one[1], one[0])));
    add(label, items.length === 1 ? items : list('ul', items));
  }
  return el('dl', {class: 'facts'}, shown);
}

function findingsOf(n) {
  const own = data.findings.filter((one) => one[6] === n);
  if (!own.length) return '';
  const kinds = {error: 'bad', warning: 'warn', info: 'calm'};
  const items = own.map(([, code, name, severity, message, help]) => el('li', {},
    el('span', {class: `chip ${kinds[severity]}`}, severity), ' ', said(message), ' ',
    el('span', {class: 'place'}, `${code} ${name}`), help ? el('span', {class: 'help'}, said(help)) : ''));
  return [el('h3', {}, 'What is found of it'), el('ul', {class: 'list'}, items)];
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

