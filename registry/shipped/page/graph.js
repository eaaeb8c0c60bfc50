// What refers to an entity, on the left, and what it refers to, on the right. The lists below the
// picture say the same, whole, so that the picture itself is hidden from readers that speak.

const MOST_DRAWN = 9;
const BOX = {width: 250, height: 40, gap: 12};

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function box(n, x, y, extra) {
  const state = stateOf(n) === LOADED ? '' : 'lacking';
  return svg('a', {href: address(n), tabindex: '-1', class: `${extra} ${state}`.trim()},
    svg('rect', {x, y, width: BOX.width, height: BOX.height, rx: 7}),
    svg('text', {x: x + 10, y: y + 17}, short(nameOf(n), 32)),
    svg('text', {x: x + 10, y: y + 32, class: 'kind'}, short(`${kindOf(n)} ${idOf(n)}`, 38)));
}

function picture(n) {
  const {from, to} = referencesOf(n);
  const sides = [from.slice(0, MOST_DRAWN), to.slice(0, MOST_DRAWN)];
  const rows = Math.max(1, ...sides.map((side) => side.length));
  const step = BOX.height + BOX.gap;
  const height = rows * step;
  const middle = height / 2;
  const center = 375;
  const drawn = [];
  sides.forEach((side, right) => {
    side.forEach(([other, means], row) => {
      const y = (height - side.length * step) / 2 + row * step + BOX.gap / 2;
      const x = right ? 750 : 0;
      const [begin, end] = right ? [center + BOX.width, 750] : [BOX.width, center];
      const [first, last] = right ? [middle, y + BOX.height / 2] : [y + BOX.height / 2, middle];
      const half = (begin + end) / 2;
      drawn.push(svg('path', {d: `M${begin} ${first}C${half} ${first} ${half} ${last} ${end} ${last}`}));
      const [at, anchor] = right ? [end - 6, 'end'] : [begin + 6, 'start'];
      drawn.push(svg('text', {x: at, y: (right ? last : first) - 5, class: 'means', 'text-anchor': anchor}, short(means, 20)));
      drawn.push(box(other, x, y, ''));
    });
  });
  drawn.push(box(n, center, middle - BOX.height / 2, 'middle'));
  return svg('svg', {class: 'around', viewBox: `0 0 1000 ${height}`, 'aria-hidden': 'true', focusable: 'false'}, drawn);
}

function side(title, references, named) {
  if (!references.length) return el('div', {}, el('h4', {}, title), el('p', {class: 'about'}, 'nothing'));
  const items = references.map(([other, means]) => {
    const one = [entity(other), el('span', {class: 'about'}, ` (${kindOf(other)})`)];
    const lost = stateOf(other) === MISSING ? el('span', {class: 'lack'}, ' does not exist') : '';
    return el('li', {}, named ? [one, ` ${means} ${named}`, lost] : [`${means} `, one, lost]);
  });
  return el('div', {}, el('h4', {}, title), el('ul', {class: 'list'}, items));
}

function neighbourhood(n) {
  const {from, to} = referencesOf(n);
  const more = Math.max(from.length, to.length) > MOST_DRAWN
    ? el('p', {class: 'about'}, `The picture shows the first ${MOST_DRAWN} of each side; the lists have all.`) : '';
  return [
    el('h3', {}, 'What it hangs together with'), picture(n), more,
    el('div', {class: 'sides'}, side('Refers to it', from, short(nameOf(n), 40)), side('It refers to', to, '')),
  ];
}

