// What the registry says, by number: an entity's number is its place in `entities`.

const data = JSON.parse(byId('data').textContent);
const [LOADED, NOT_LOADED, MISSING] = [0, 1, 2];
const SECTION = data.sections.map((one) => one[0]);

const sectionOf = (n) => SECTION[data.entities[n][0]];
const kindOf = (n) => data.sections[data.entities[n][0]][1];
const idOf = (n) => data.entities[n][1];
const nameOf = (n) => data.entities[n][2] || data.entities[n][1];
const stateOf = (n) => data.entities[n][5];

const address = (n) => `#/${sectionOf(n)}/${encodeURIComponent(idOf(n))}`;

// What only something names is found by its number, too: it may have any text for an id.
const numbers = new Map();
for (let n = data.entities.length - 1; n >= 0; n -= 1) numbers.set(`${sectionOf(n)}/${idOf(n)}`, n);

function chosen(hash) {
  const [mark, section, id] = hash.split('/');
  if (mark !== '#' || id === undefined) return -1;
  try {
    return numbers.get(`${section}/${decodeURIComponent(id)}`) ?? -1;
  } catch {
    return -1;
  }
}

const entity = (n, said) => (n < 0 ? said : el('a', {href: address(n)}, said || nameOf(n)));

// An entity's fields: each label with its values, a text or the number of what is named.
const fieldsOf = (n) => data.fields[n].map(([label, value]) => [data.labels[label], [value].flat()]);

const chainOf = new Map(data.chains.map((one) => [one.alert, one]));
const scheduleOf = new Map(data.schedules.map((one) => [one.schedule, one]));

// References, from and to each entity, gathered when the first is asked for. Two entities that hang
// together in several ways do so in one line.
let around = null;

function put(references, other, means) {
  references.set(other, references.has(other) ? `${references.get(other)}, ${means}` : means);
}

function referencesOf(n) {
  if (around === null) {
    around = data.entities.map(() => ({from: new Map(), to: new Map()}));
    for (let at = 0; at < data.references.length; at += 3) {
      const [source, means, target] = data.references.slice(at, at + 3);
      put(around[source].to, target, data.relations[means]);
      put(around[target].from, source, data.relations[means]);
    }
  }
  const {from, to} = around[n];
  return {from: [...from], to: [...to]};
}

