/**
 * Makes a table that the reader can sort by the buttons in its head.
 *
 * columns: title; value(row), the sort key; cell(row), the content; number, true for numbers
 * sortedBy: index of the column of the first order, from large to small
 */
function sortableTable(caption, columns, rows, sortedBy) {
  const STEP = 50;
  let shown = STEP;
  let column = columns[sortedBy];
  let ascending = false;

  const heads = columns.map((one) => {
    const arrow = el('span', { class: 'arrow', 'aria-hidden': 'true' });
    const head = el('th', { scope: 'col', class: one.number ? 'number' : null },
      button(() => sortBy(one), null, one.title, arrow));
    return { column: one, head, arrow };
  });
  const body = el('tbody');
  const more = button(() => { shown += 4 * STEP; fill(); }, { class: 'more' });

  function sortBy(one) {
    ascending = one === column ? !ascending : !one.number;
    column = one;
    fill();
  }

  function compare(a, b) {
    const [x, y] = [column.value(a), column.value(b)];
    const order = typeof x === 'string' ? x.localeCompare(y) : x - y;
    return ascending ? order : -order;
  }

  function fill() {
    for (const { column: one, head, arrow } of heads) {
      const sorted = one === column;
      head.setAttribute('aria-sort', sorted ? (ascending ? 'ascending' : 'descending') : 'none');
      arrow.textContent = sorted ? (ascending ? '↑' : '↓') : '';
    }
    const sorted = [...rows].sort(compare);
    body.replaceChildren(...sorted.slice(0, shown).map(rowOf));
    more.textContent = 'Show more of the ' + count(rows.length);
    more.hidden = shown >= rows.length;
  }

  function rowOf(row) {
    return el('tr', null, ...columns.map((one) => {
      const content = one.cell(row);
      const nothing = content === 0 || content === '0' || content === UNKNOWN;
      return el('td', { class: [one.number && 'number', nothing && 'nothing'].filter(Boolean).join(' ') || null },
        content);
    }));
  }

  fill();
  const table = el('table', null,
    el('caption', null, caption),
    el('thead', null, el('tr', null, ...heads.map(({ head }) => head))),
    body);
  return el('div', null, scroller(caption, table), more);
}

/** Makes a table with a column for each JVM. rows: title, and a content for each JVM. */
function comparison(caption, heads, rows) {
  return scroller(caption, el('table', { class: 'comparison' },
    el('caption', null, caption),
    heads.length < 2 ? null
      : el('thead', null, el('tr', null, el('td'), ...heads.map((head) => el('th', { scope: 'col' }, name(head))))),
    el('tbody', null, ...rows.map(([title, contents]) => el('tr', null,
      el('th', { scope: 'row' }, title),
      ...contents.map((content) => el('td', { class: content === '0' || content === UNKNOWN ? 'nothing' : null }, content)))))));
}
