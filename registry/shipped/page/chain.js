// An alert's chain as a picture: metric, alert, people, runbook, switch; a link in red is broken.

function card(kind, state, ...content) {
  return el('li', {}, el('div', {class: `link ${state}`}, el('h4', {}, kind), content));
}

const main = (...content) => el('p', {class: 'main'}, content);
const small = (...content) => el('p', {class: 'about'}, content);
const lack = (...content) => el('p', {class: 'lack'}, content);
const list = (kind, texts) => (texts.length ? el(kind, {}, texts.map((one) => el('li', {}, typeof one === 'string' ? said(one) : one))) : '');

function person([name, number, but, until, ways, standsFor]) {
  const shown = [entity(number, name)];
  if (standsFor) shown.push(el('span', {class: 'about'}, ` for ${standsFor}`));
  if (until) shown.push(el('span', {class: 'about'}, ` until ${moment(zone, until)}`));
  if (ways.length) shown.push(el('span', {class: 'place'}, ways.join(', ')));
  if (but) shown.push(el('span', {class: 'why lack'}, said(but)));
  return shown;
}

const people = (all) => list('ul', all.map(person));

function stepTitle(step) {
  if (step.left_out) return step.left_out === 'never' ? 'Never paged' : 'Not paged at this hour';
  if (step.held) return `Held until ${moment(zone, step.held)}`;
  return step.after === '0m' ? 'Paged at once' : `Paged after ${step.after}`;
}

function stepCard(step) {
  const fails = step.breaks || step.people.some((one) => one[2]);
  const nobody = step.left_out === 'skipped' ? '' : lack('nobody');
  return card(
    stepTitle(step),
    fails ? 'broken' : 'holds',
    main(entity(step.via[1], step.via[0])),
    step.in_turn ? small('one of those whom this step names, in turn; which cannot be told') : '',
    step.people.length ? people(step.people) : nobody,
    step.shadows.length ? [small('told as well'), people(step.shadows)] : '',
    step.breaks ? lack(said(step.breaks)) : '',
  );
}

function toldCard(told) {
  const fails = told.some((one) => one[3] || !one[2]);
  return card('Told, without a page', fails ? 'broken' : 'holds', told.map(([id, n, reader, but]) => [
    main(entity(n, id)),
    reader ? small('read by ', entity(reader[1], reader[0])) : '',
    but || !reader ? lack(said(but || 'no person reads it')) : '',
  ]));
}

function bookCard(one) {
  const book = one.runbook;
  if (!book) return card('Runbook', one.response === 'page' ? 'broken' : '', lack(said(one.no_runbook)));
  const says = [
    ['First', book.first], ['Then', book.mitigations], ['Roll back', book.rollback],
    ['Over when', book.resolved],
  ].filter(([, texts]) => texts.length);
  return card(
    'Runbook', one.is_told ? 'holds' : 'broken',
    main(entity(book.id[1], book.id[0])),
    book.url ? small(outward(book.url)) : '',
    says.map(([head, texts]) => [small(head), list('ol', texts)]),
    book.escalate_to ? [small('Calls in ', entity(book.escalate_to[1], book.escalate_to[0])), people(book.called_in)] : '',
    one.is_told ? '' : lack('it says nothing to do'),
    one.is_told && !says.length && !book.url ? small('its steps stand in the runbook itself') : '',
  );
}

function switchCard(one) {
  return card(
    'Switch', one.but || !one.operators.length ? 'broken' : 'holds',
    main(entity(one.id[1], one.id[0])),
    one.action ? small(said(one.action)) : '',
    one.within ? small(`takes effect within ${one.within}`) : '',
    one.operators.length ? [small('may flip it now'), people(one.operators)] : lack('nobody may flip it now'),
    one.but ? lack(said(one.but)) : '',
  );
}

function chainPicture(one) {
  const told = one.told.length ? [toldCard(one.told)] : [];
  const nobody = one.steps.length || one.told.length ? [] : [card('Paged', 'broken', lack('nobody'))];
  const cards = [
    card('Metric', one.metric[1] < 0 ? 'broken' : 'holds', main(entity(one.metric[1], one.metric[0])),
      one.decision ? small(said(`Decision: ${one.decision}`)) : ''),
    card('Alert', 'holds', main(entity(one.alert)), small(`${one.severity}, ${one.response === 'page' ? 'pages' : 'files a ticket'}`),
      one.when ? small(`fires when ${one.when}`) : lack('no threshold'),
      one.within ? small(`somebody responds within ${one.within}`) : '',
      one.owner ? small('owned by ', entity(one.owner[1], one.owner[0])) : lack('no one person owns it'),
      one.accountable ? small('accountable for its layer: ', entity(one.accountable[1], one.accountable[0])) : small('nobody is accountable for its layer')),
    ...one.steps.map(stepCard), ...nobody, ...told, bookCard(one), ...one.switches.map(switchCard),
  ];
  const again = one.repeats ? small(`Without an acknowledgement, all of it again: ${counted(one.repeats, 'time')}.`) : '';
  const breaks = one.breaks.map((why) => lack(said(why)));
  return el('div', {}, breaks, el('ol', {class: 'chain', 'aria-label': `The chain of ${idOf(one.alert)}`}, cards), again);
}

