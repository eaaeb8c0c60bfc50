// What was chosen is in the address, so that the browser's own way back works.

function choose(focus) {
  const n = chosen(location.hash);
  byId('detail').hidden = n < 0;
  if (n < 0) return open(location.hash);
  const head = detail(n);
  if (focus) {
    byId('detail').scrollIntoView();
    head.focus({preventScroll: true});
  }
  return undefined;
}

// A link to an owner's findings opens them.
function open(hash) {
  const target = hash.startsWith('#owner-') ? byId(hash.slice(1)) : null;
  if (target) {
    target.open = true;
    target.scrollIntoView();
  }
}

for (const one of document.querySelectorAll('details[data-owner]')) {
  one.addEventListener('toggle', () => one.dataset.owner === undefined || writeFindings(one));
}

const wasClosed = [];
window.addEventListener('beforeprint', () => {
  document.querySelectorAll('details[data-owner]').forEach(writeFindings);
  for (const one of document.querySelectorAll('details:not([open])')) {
    wasClosed.push(one);
    one.open = true;
  }
});
window.addEventListener('afterprint', () => {
  for (const one of wasClosed.splice(0)) one.open = false;
});

for (const one of document.querySelectorAll('.needs-script')) one.hidden = false;
byId('query').addEventListener('input', showFound);
byId('query').addEventListener('keydown', walk);
byId('results').addEventListener('keydown', walk);
window.addEventListener('hashchange', () => choose(true));
months();
choose(location.hash.startsWith('#/'));
document.documentElement.dataset.ready = 'yes';
