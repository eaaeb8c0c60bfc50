// Who is on call, day by day on the clocks of one zone; where nobody is, it says so in red.

const MOST_MONTHS = 6;
const MOST_GAPS = 3;

// The parts of a schedule, whoever is on them: in order, and nobody where there is a gap.
function parts(schedule) {
  const lost = schedule.lost.map(([start, end, because]) => ({start, end, lost: because}));
  const turns = schedule.shifts.map(([start, end, who, shadows]) => ({start, end, who, shadows}));
  const gaps = schedule.gaps.map(([start, end]) => ({start, end, who: null}));
  return {turns: [...turns, ...gaps].sort((one, other) => one.start - other.start), lost};
}

function entry(part, start, end, colors) {
  const from = part.start > start ? time(wallAt(zone, part.start)) : '';
  const until = part.end < end ? time(wallAt(zone, part.end)) : '';
  const when = from && until ? `${from}–${until}` : from ? `from ${from}` : until ? `until ${until}` : '';
  if (part.who === null || part.lost) {
    const why = part.lost ? `all ${part.lost === 'left' ? 'have left' : 'are away'}` : 'nobody';
    return el('span', {class: 'turn nobody'}, `${why} ${when}`);
  }
  const shown = part.who.map((n, at) => [at ? ', ' : '', entity(n)]);
  return el('span', {class: `turn p${colors.get(String(part.who)) % 6}`}, shown, when ? ` ${when}` : '');
}

function dayCell(wall, days, colors) {
  const {start, end} = days.get(wall);
  if (end <= data.at || start >= data.end) return el('td', {class: 'out'}, el('span', {class: 'day'}, date(wall)));
  const first = Math.max(start, data.at);
  const last = Math.min(end, data.end);
  const within = (part) => part.start < last && part.end > first;
  const shown = [...days.parts.turns, ...days.parts.lost].filter(within);
  return el('td', {}, el('span', {class: 'day'}, date(wall)), shown.map((part) => entry(part, first, last, colors)));
}

// The instant of a wall time; of one that the clocks skip, that at which they do.
const instantOf = (wall) => wall - offsetAt(zone, wall - offsetAt(zone, wall));

function monthOf(schedule) {
  const first = Math.floor(wallAt(zone, data.at) / DAY) * DAY;
  const monday = first - weekday(first) * DAY;
  const last = wallAt(zone, data.end);
  const days = new Map();
  days.parts = parts(schedule);
  const colors = new Map();
  for (const {who} of days.parts.turns) {
    if (who !== null && !colors.has(String(who))) colors.set(String(who), colors.size);
  }
  const weeks = [];
  for (let week = monday; week < last; week += 7 * DAY) {
    const cells = [0, 1, 2, 3, 4, 5, 6].map((ahead) => {
      const wall = week + ahead * DAY;
      days.set(wall, {start: instantOf(wall), end: instantOf(wall + DAY)});
      return dayCell(wall, days, colors);
    });
    weeks.push(el('tr', {}, cells));
  }
  const head = el('tr', {}, WEEKDAYS.map((day) => el('th', {scope: 'col'}, day)));
  const name = nameOf(schedule.schedule);
  return el('div', {class: 'scroll', role: 'group', tabindex: '0', 'aria-label': `Calendar of ${name}`},
    el('table', {class: 'month'}, el('caption', {}, `${name}, times in ${zone}`),
      el('thead', {}, head), el('tbody', {}, weeks)), gapList(schedule));
}

const spansOf = (schedule) => [...schedule.gaps.map((one) => [...one, '']), ...schedule.lost]
  .sort((one, other) => one[0] - other[0]);

const spanWords = ([start, end, because]) => `${moment(zone, start)} to ${moment(zone, end)}`
  + (because ? `: all who are on call ${because === 'left' ? 'have left' : 'are away'}` : '');

function gapList(schedule) {
  const spans = spansOf(schedule);
  if (!spans.length) return el('p', {class: 'about'}, 'Somebody is on call all the time that is asked for.');
  const items = spans.map((span) => el('li', {}, spanWords(span)));
  return el('details', {}, el('summary', {}, `${counted(spans.length, 'gap')}, in ${zone}`), el('ul', {class: 'list'}, items));
}

function zoneChoice() {
  const options = [...offsets.keys()].sort().map((name) => el('option', {value: name}, name));
  const choice = el('select', {id: 'zone'}, options);
  choice.value = zone;
  choice.addEventListener('change', () => {
    zone = choice.value;
    months();
    choose(false);
    byId('zone').focus();
  });
  return el('p', {class: 'choose'}, el('label', {for: 'zone'}, 'Times in the zone '), choice);
}

// The table's own times are on the clocks of the registry; a reader elsewhere sees their own.
const asWritten = new Map();

function retell(row) {
  const schedule = scheduleOf.get(Number(row.dataset.schedule));
  const [until, gaps] = [row.querySelector('.until'), row.querySelector('.gaps')];
  if (!asWritten.has(row)) asWritten.set(row, [[...until.childNodes], [...gaps.childNodes]]);
  if (zone === data.zone) {
    until.replaceChildren(...asWritten.get(row)[0]);
    gaps.replaceChildren(...asWritten.get(row)[1]);
    return;
  }
  const now = schedule.shifts.find(([start, end]) => start <= data.at && data.at < end);
  if (now && now[1] < data.end) until.replaceChildren(moment(zone, now[1]));
  const spans = spansOf(schedule);
  const more = spans.length > MOST_GAPS ? [`and ${spans.length - MOST_GAPS} more, listed below its calendar`] : [];
  const words = [...spans.slice(0, MOST_GAPS).map(spanWords), ...more];
  if (spans.length) gaps.replaceChildren(...words.map((one) => el('span', {class: 'why'}, one)));
}

function months() {
  const place = byId('months');
  if (!place) return;
  for (const one of document.querySelectorAll('#calendar .zone')) one.textContent = zone;
  document.querySelectorAll('#calendar tr[data-schedule]').forEach(retell);
  const shown = data.schedules.slice(0, MOST_MONTHS);
  const more = data.schedules.length - shown.length;
  place.replaceChildren(
    zoneChoice(), ...shown.map(monthOf),
    more > 0 ? el('p', {class: 'about'}, `${counted(more, 'schedule')} more: choose one in the table above.`) : '',
  );
  place.hidden = false;
}

