// Search over everything that the page knows: every word must occur; ids and names come first.

const MOST_FOUND = 60;
let texts = null;

function gathered() {
  if (texts !== null) return texts;
  const entities = data.entities.map((row, n) => {
    const own = [kindOf(n), row[1], row[2], row[3]];
    for (const [label, values] of fieldsOf(n)) {
      own.push(label, ...values.map((one) => (typeof one === 'string' ? one : `${idOf(one)} ${nameOf(one)}`)));
    }
    for (const at of [OWNER, ANSWERS, TEAM]) if (row[at] >= 0) own.push(nameOf(row[at]));
    return own.join('\n').toLowerCase();
  });
  const findings = data.findings.map((one) => [one[1], one[2], one[3], one[4], one[5], one[7], data.owners[one[0]][0]].join('\n').toLowerCase());
  const deployed = data.deployed.map((one) => one.join('\n').toLowerCase());
  texts = {entities, findings, deployed};
  return texts;
}

function rank(n, words) {
  const id = idOf(n).toLowerCase();
  const name = nameOf(n).toLowerCase();
  const whole = words.join(' ');
  if (id === whole || name === whole) return 0;
  if (id.startsWith(whole) || name.startsWith(whole)) return 1;
  return words.every((word) => id.includes(word) || name.includes(word)) ? 2 : 3;
}

function search(words) {
  const {entities, findings, deployed} = gathered();
  const matches = (text) => words.every((word) => text.includes(word));
  const numbersOf = (all) => all.map((text, n) => (matches(text) ? n : -1)).filter((n) => n >= 0);
  const found = numbersOf(entities).map((n) => [rank(n, words), n]);
  found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return {entities: found.map((one) => one[1]), findings: numbersOf(findings), deployed: numbersOf(deployed)};
}

const entityResult = (n) => el('li', {}, entity(n), el('span', {class: 'place'},
  `${kindOf(n)} ${idOf(n)}${data.entities[n][3] ? `, ${data.entities[n][3]}:${data.entities[n][4]}` : ''}`));

function findingResult(at) {
  const [owner, code, , severity, message, , n, place] = data.findings[at];
  const target = n >= 0 ? address(n) : `#owner-${owner}`;
  return el('li', {}, el('a', {href: target}, said(message)), el('span', {class: 'place'}, `${severity} ${code}, ${place}`));
}

const deployedResult = (at) => el('li', {}, el('a', {href: '#deployed'}, data.deployed[at][0]),
  el('span', {class: 'place'}, `deployed alert, ${data.deployed[at][1]}: ${data.deployed[at][2]}`));

function showFound() {
  const words = byId('query').value.toLowerCase().split(/\s+/).filter(Boolean);
  byId('searching').hidden = !words.length;
  if (!words.length) {
    byId('found').textContent = '';
    return byId('results').replaceChildren();
  }
  const found = search(words);
  const all = [...found.entities.map((n) => [entityResult, n]), ...found.findings.map((n) => [findingResult, n]),
    ...found.deployed.map((n) => [deployedResult, n])];
  const kinds = [['entities', 'entity', 'entities'], ['findings', 'finding'], ['deployed', 'deployed alert']]
    .filter(([kind]) => data[kind].length)
    .map(([kind, ...nouns]) => `${found[kind].length} of ${counted(data[kind].length, ...nouns)}`);
  const cut = all.length > MOST_FOUND ? `; the first ${MOST_FOUND} are shown` : '';
  byId('found').textContent = `${kinds.join(', ')}${cut}.`;
  return byId('results').replaceChildren(...all.slice(0, MOST_FOUND).map(([show, n]) => show(n)));
}

// Down leads from the field to what is found, and up and down through it.
function walk(event) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [byId('query'), ...byId('results').querySelectorAll('a')];
  const next = stops[stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

