/** Lists the bad events. An event's details are made when the reader opens them. */
function badEvents() {
  const STEP = 20;
  const kinds = new Map(data.kinds.map((kind) => [kind.id, kind]));
  const hidden = new Set();
  let injectedToo = true;
  let shown = STEP;

  const list = el('ol', { class: 'events' });
  const more = button(() => {
    const next = list.children.length;
    shown += 5 * STEP;
    fill();
    list.children[next]?.querySelector('summary').focus();
  }, { class: 'more' });
  const none = el('p', { class: 'note' }, 'None of these.');

  function toggle(action, pressed, ...label) {
    return button((self) => {
      const on = self.getAttribute('aria-pressed') !== 'true';
      self.setAttribute('aria-pressed', String(on));
      action(on);
      shown = STEP;
      fill();
    }, { 'aria-pressed': String(pressed), class: 'filter' }, ...label);
  }

  const filters = el('div', { class: 'filters', role: 'group', 'aria-label': 'What to list' },
    ...data.kinds.map((kind) => toggle((on) => on ? hidden.delete(kind.id) : hidden.add(kind.id), true,
      kind.label, el('span', { class: 'value' }, count(kind.count)))),
    data.bad.some((one) => one.fault !== null)
      ? toggle((on) => { injectedToo = on; }, true, 'injected on purpose',
        el('span', { class: 'value' }, count(data.bad.filter((one) => one.fault !== null).length)))
      : null);

  function fill() {
    const wanted = data.bad.filter((one) => !hidden.has(one.kind) && (injectedToo || one.fault === null));
    for (let i = list.children.length; i > Math.min(shown, wanted.length); i--) {
      list.lastChild.remove();
    }
    // An event that stays in its place stays open.
    wanted.slice(0, shown).forEach((one, i) => {
      const old = list.children[i];
      if (old?.event !== one) {
        const item = itemOf(one);
        item.event = one;
        old ? old.replaceWith(item) : list.append(item);
      }
    });
    none.hidden = wanted.length > 0;
    more.textContent = 'Show more of the ' + count(wanted.length);
    more.hidden = shown >= wanted.length;
  }

  function itemOf(one) {
    const details = el('details', null, summaryOf(one));
    details.addEventListener('toggle', () => {
      if (details.open && details.children.length === 1) {
        add(details, detailsOf(one));
      }
    });
    return el('li', null, details);
  }

  function summaryOf(one) {
    return el('summary', null,
      el('span', { class: 'time' }, timeOf(one)),
      el('span', { class: 'kind ' + one.kind.toLowerCase() }, kinds.get(one.kind).label + (one.error ? ' ' + one.error : '')),
      one.path < 0 ? null : el('span', { class: 'file' }, name(lastPart(data.paths[one.path]))),
      one.offset === null && one.length === null ? null : el('span', { class: 'where' }, whereOf(one)),
      one.fault === null ? null : el('span', { class: 'injected' }, 'injected on purpose'));
  }

  function timeOf(one) {
    return axis.relative
      ? '+' + duration((one.atMillis - data.jvms[one.jvm].startMillis) * 1e6)
      : clock(one.atMillis / 1000, 0);
  }

  function lastPart(path) {
    return path.slice(path.lastIndexOf('/') + 1) || path;
  }

  function whereOf(one) {
    return (one.length === null ? '' : exact(one.length) + ' bytes ')
      + (one.offset === null ? 'at an unknown offset' : 'at ' + exact(one.offset));
  }

  function detailsOf(one) {
    const result = one.result === null ? null
      : one.error !== null ? null : exact(one.result) + ' bytes';
    const facts = [
      ['File', one.path < 0 ? null : name(data.paths[one.path])],
      ['Offset', one.offset === null ? null : exact(one.offset)],
      ['Length', one.length === null ? null : exact(one.length) + ' bytes'],
      ['Request id', one.requestId],
      ['Error', one.error],
      ['Ended with', result],
      ['Reason', one.reason],
      ['Policy', one.policy],
      ['Age', one.age > 0 ? duration(one.age) : null],
      ['Deadline', one.deadline > 0 ? duration(one.deadline) : null],
      ['Held for', one.stall > 0 ? duration(one.stall) : null],
      ['Delivered', one.delivered === null || one.delivered === undefined ? null
        : one.delivered ? 'yes: the caller was still waiting' : 'no: the caller had already received an error'],
      ['Thread', one.thread === null || one.thread === undefined ? null : name(one.thread)],
      ['JVM', several ? name(data.jvms[one.jvm].name) : null],
      ['Fault', one.fault === null ? null : name(one.fault)],
      ['Same request', relatedTo(one)],
    ];
    return el('div', { class: 'details' },
      el('dl', null, ...facts.filter(([, fact]) => fact !== null && fact !== undefined)
        .flatMap(([title, fact]) => [el('dt', null, title), el('dd', null, fact)])),
      one.stack < 0
        ? el('p', { class: 'note' }, 'No stack: the thread was no longer known.')
        : el('pre', { tabindex: '0', 'aria-label': 'Stack' }, data.stacks[one.stack]));
  }

  function relatedTo(one) {
    const others = one.requestId === null ? [] : data.bad.filter((other) =>
      other !== one && other.requestId === one.requestId && other.jvm === one.jvm);
    return others.length === 0 ? null
      : others.map((other) => kinds.get(other.kind).label + ' at ' + timeOf(other)).join(', ');
  }

  const cut = data.kinds.filter((kind) => kind.count > data.bad.filter((one) => one.kind === kind.id).length);
  fill();
  return el('div', null, filters,
    cut.length === 0 ? null
      : el('p', { class: 'note' }, 'Listed are the first ' + count(data.badListed) + ' of each kind'
        + (several ? ' and JVM' : '') + '; there are more of: ' + cut.map((kind) => kind.label).join(', ') + '.'),
    none, list, more);
}
