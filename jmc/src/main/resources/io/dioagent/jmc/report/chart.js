const COLOURS = 8;
const drawn = [];

function css(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

/** Canvases do not follow the style sheet, so they are drawn again. */
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  drawn.forEach((plot) => plot.redraw());
});

/**
 * Makes a chart in a figure. The tables have the same numbers, so to a screen reader it is a picture.
 *
 * series: label, values, colour (1 to 8), dash, fill, dots (no line), show
 * x: values; scale (of uPlot), format(value, distance)
 * y: scale, format(value), splits
 * value(value, series): text in the legend
 */
function chart({ title, note, height = 220, x, y, series, value, sync }) {
  const place = el('div', { class: 'plot', role: 'img', 'aria-label': title });
  const at = el('span', { class: 'at' });
  const legend = el('ul', { class: 'legend' }, el('li', null, at));
  const figure = el('figure', null,
    el('figcaption', null, el('strong', null, title), note ? el('span', { class: 'note' }, note) : null),
    place, legend);
  const shown = series.map(() => el('span', { class: 'value' }));

  series.forEach((one, i) => add(legend, el('li', null, button((toggle) => {
    const on = toggle.getAttribute('aria-pressed') !== 'true';
    toggle.setAttribute('aria-pressed', String(on));
    plot.setSeries(i + 1, { show: on });
  }, { 'aria-pressed': 'true', class: 'key' },
  el('span', { class: 'swatch colour' + one.colour + (one.dash ? ' dashed' : '') }), name(one.label), shown[i]))));

  function showValues(plot) {
    const index = plot.cursor.idx;
    const known = index !== null && index !== undefined && plot.cursor.left >= 0;
    at.textContent = known ? x.format(x.values[index], 0) : '';
    series.forEach((one, i) => {
      const here = known ? one.values[index] : null;
      shown[i].textContent = here === null || here === undefined ? '' : value(here, one, index);
    });
  }

  const line = { stroke: () => css('--line'), width: 1 };
  const axis = {
    stroke: () => css('--dim'), font: '12px system-ui, sans-serif', grid: line, ticks: { ...line, size: 4 },
  };
  const plot = new uPlot({
    width: 300,
    height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, sync: { key: sync ?? null, scales: ['x', null] }, drag: { x: true, y: false } },
    scales: { x: x.scale, y: y.scale },
    axes: [
      { ...axis, space: x.space ?? 64, incrs: x.incrs, values: (u, splits, i, space, distance) =>
        splits.map((split) => x.format(split, distance)) },
      { ...axis, size: y.size ?? 68, splits: y.splits, values: (u, splits) =>
        splits.map((split) => split === null || split < 0 ? null : rounded(y.format(split))) },
    ],
    series: [{}, ...series.map((one) => seriesOf(one))],
    hooks: { setCursor: [showValues] },
  }, [x.values, ...series.map((one) => one.values)], place);
  drawn.push(plot);

  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width > 0 && width !== plot.width) {
      plot.setSize({ width, height });
    }
  }).observe(place);
  return figure;
}

/** Removes needless zeros from a tick's text: 5 MB/s, not 5.00 MB/s. */
function rounded(text) {
  return text.replace(/(\.\d*?)0+ /, '$1 ').replace('. ', ' ');
}

function seriesOf({ label, values, colour, dash, fill, dots, paths }) {
  const stroke = () => css('--colour' + colour);
  const few = values.filter((value) => value !== null).length <= 60;
  return {
    label,
    stroke,
    width: 1.5,
    dash: dash ? [5, 4] : undefined,
    fill: fill ? () => css('--colour' + colour) + '22' : undefined,
    spanGaps: true,
    paths: dots ? () => null : paths,
    points: { show: dots || (few && !paths), size: dots ? 9 : 4, space: 0, fill: stroke, stroke },
  };
}
