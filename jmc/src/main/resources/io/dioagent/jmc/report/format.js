const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en');

function count(value) {
  return whole.format(value);
}

/** Formats a number given as text, because it may be too large for a script's numbers. */
function exact(text) {
  return text === null || text === undefined ? UNKNOWN : whole.format(BigInt(text));
}

/** Formats with three digits. */
function short(value) {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function scaled(value, base, units) {
  let unit = 0;
  while (unit < units.length - 1 && value >= base * 0.9995) {
    value /= base;
    unit++;
  }
  return (unit === 0 ? whole.format(Math.round(value)) : short(value)) + ' ' + units[unit];
}

function bytes(value) {
  return scaled(value, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
}

function rate(value) {
  return bytes(value) + '/s';
}

function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.1) {
    return '< 0.1 %';
  }
  return value > 99.9 && value < 100 ? '> 99.9 %' : value.toFixed(1) + ' %';
}

/** Formats nanoseconds. */
function duration(nanos) {
  if (nanos < 60e9) {
    return scaled(nanos, 1000, ['ns', 'µs', 'ms', 's']);
  }
  const seconds = Math.round(nanos / 1e9);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  return parts.filter(([value]) => value > 0).map(([value, unit]) => value + ' ' + unit).join(' ');
}

function twoDigits(value) {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Formats the local time of day, as exact as ticks at this distance need. */
function clock(epochSeconds, distanceSeconds) {
  const date = new Date(epochSeconds * 1000);
  const minutes = twoDigits(date.getHours()) + ':' + twoDigits(date.getMinutes());
  if (distanceSeconds >= 86400) {
    return date.getFullYear() + '-' + twoDigits(date.getMonth() + 1) + '-' + twoDigits(date.getDate());
  } else if (distanceSeconds >= 60) {
    return minutes;
  }
  const seconds = minutes + ':' + twoDigits(date.getSeconds());
  return distanceSeconds >= 1
    ? seconds
    : seconds + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

/** Formats local date and time. */
function moment(millis) {
  return clock(millis / 1000, 86400) + ' ' + clock(millis / 1000, 1);
}
