// Elements, made from text alone: nothing here reads markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== '') made.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== '') made.append(child);
  }
  return made;
}

const el = (name, attributes, ...children) =>
  fill(document.createElement(name), attributes, children);

const svg = (name, attributes, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

// What stands between backticks is an id or a field: a message reads better so.
function said(text) {
  const parts = text.split('`');
  return parts.length % 2 ? parts.map((part, at) => (at % 2 ? el('code', {}, part) : part)) : text;
}

const byId = (id) => document.getElementById(id);

const counted = (number, noun, several) => `${number} ${number === 1 ? noun : several || noun + 's'}`;

// Only a web address becomes a link; anything else, such as a script's, stays text.
function outward(url) {
  return /^https?:\/\//i.test(url) ? el('a', {href: url, rel: 'noreferrer noopener'}, url) : url;
}

