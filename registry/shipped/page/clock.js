// Civil time by the offsets that the page brings: never by the browser's own rules.

const offsets = new Map();
for (const [history, names] of data.zones) {
  for (const name of names.split(' ')) offsets.set(name, history);
}

const MINUTE = 60000;
const DAY = 1440 * MINUTE;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function offsetAt(zone, instant) {
  const history = offsets.get(zone);
  let found = history[0][1];
  for (const [from, offset] of history) {
    if (from <= instant) found = offset;
  }
  return found;
}

// A wall time is a number of milliseconds, as if the zone were UTC.
const wallAt = (zone, instant) => instant + offsetAt(zone, instant);

const two = (number) => String(number).padStart(2, '0');
const weekday = (wall) => (new Date(wall).getUTCDay() + 6) % 7;

function time(wall) {
  const at = new Date(wall);
  const seconds = at.getUTCSeconds() ? `:${two(at.getUTCSeconds())}` : '';
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${seconds}`;
}

function date(wall) {
  const at = new Date(wall);
  return `${WEEKDAYS[weekday(wall)]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

const moment = (zone, instant) => `${date(wallAt(zone, instant))} ${time(wallAt(zone, instant))}`;

function ownZone() {
  if (data.zone_named) return data.zone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return offsets.has(own) ? own : data.zone;
}

let zone = ownZone();

