const sections = [];

/** Adds a section to the page, unless it is empty. */
function section(id, title, ...children) {
  const content = children.filter((child) => child !== null);
  if (content.length > 0) {
    sections.push([id, title]);
    add(document.getElementById('main'), el('section', { id, 'aria-labelledby': id + '-title' },
      el('h2', { id: id + '-title' }, title), ...content));
  }
}

function about() {
  const files = data.jvms.flatMap((jvm) => jvm.recordings);
  const start = Math.min(...data.jvms.map((jvm) => jvm.startMillis));
  add(document.getElementById('about'),
    files.length === 1 ? name(files[0]) : count(files.length) + ' recordings of ' + count(data.jvms.length)
      + (data.jvms.length === 1 ? ' JVM' : ' JVMs'),
    ', from ' + moment(start) + ', made ' + moment(data.createdMillis));
}

function verdict() {
  const total = (field) => data.jvms.reduce((sum, jvm) => sum + jvm.verdict[field], 0);
  const direct = total('directBytes');
  const buffered = total('bufferedBytes');
  const tile = (label, value, wrong) => el('div', { class: 'tile' + (wrong ? ' wrong' : '') },
    el('dt', null, label), el('dd', null, value));
  const counted = (label, field) => tile(label, count(total(field)), total(field) > 0);
  const box = el('div', { class: 'verdict ' + (data.clean ? 'good' : 'wrong') },
    el('p', { class: 'headline' }, data.headline),
    el('ul', null, ...data.sentences.map((sentence) => el('li', null, sentence))));
  section('verdict', 'Verdict', box,
    el('dl', { class: 'tiles' },
      counted('not ended', 'inFlight'),
      counted('lost', 'lost'),
      counted('duplicate', 'duplicate'),
      counted('late', 'late'),
      counted('unknown', 'unknown'),
      counted('errors', 'errors'),
      tile('through the page cache', direct + buffered === 0 ? UNKNOWN : percent(buffered / (direct + buffered)))),
    ...data.notes.map((note) => el('p', { class: 'note' }, note)),
    numbers());
}

function numbers() {
  const each = (title, content) => [title, data.jvms.map(content)];
  const counted = (title, field) => each(title, (jvm) => count(jvm.verdict[field]));
  const table = comparison('In numbers', data.jvms.map((jvm) => jvm.label), [
    each('Began', (jvm) => moment(jvm.startMillis)),
    each('Recorded for', (jvm) => duration(jvm.seconds * 1e9)),
    each('Java', (jvm) => jvm.version ?? UNKNOWN),
    counted('Writes', 'writes'),
    each('Past the page cache', (jvm) => bytes(jvm.verdict.directBytes)),
    each('Through the page cache', (jvm) => bytes(jvm.verdict.bufferedBytes)
      + (jvm.verdict.bufferedBytes > 0 ? ' (' + percent(jvm.fallbackShare) + ')' : '')),
    counted('Not ended at the end', 'inFlight'),
    counted('Lost', 'lost'),
    counted('Late', 'late'),
    counted('Duplicate', 'duplicate'),
    counted('Unknown', 'unknown'),
    counted('Errors', 'errors'),
    counted('Failed forces', 'failedForces'),
    counted('Page-cache collisions', 'collisions'),
    counted('Stalled submissions', 'stalls'),
    counted('Injected faults', 'injected'),
    each('Memory held by lost requests, at most', (jvm) => bytes(jvm.mostQuarantinedBytes)),
  ]);
  return several ? table : el('details', null, el('summary', null, 'All numbers'), table);
}

function charts() {
  const some = data.jvms.some((jvm) => jvm.operations.length > 0);
  const counters = data.jvms.some((jvm) => jvm.inFlight !== null && jvm.inFlight !== undefined || jvm.underWay);
  if (!some && !counters) {
    return;
  }
  section('charts', 'Over time',
    el('div', { class: 'charts' },
      throughputChart(),
      some ? latencyChart() : null,
      some ? histogramChart() : null,
      counters ? queueChart() : null),
    some ? latencies() : null);
}

function latencies() {
  const rows = data.jvms.flatMap((jvm, i) => jvm.operations.map((one) => ({ jvm: i, ...one })));
  const time = (title, field) =>
    ({ title, number: true, value: (row) => row[field], cell: (row) => duration(row[field]) });
  return sortableTable('Latencies, accurate to 2 %', [
    ...jvmColumn(),
    { title: 'Operation', value: (row) => row.name, cell: (row) => row.name },
    { title: 'Count', number: true, value: (row) => row.count, cell: (row) => count(row.count) },
    time('Mean', 'mean'),
    time('Median', 'p50'),
    time('90 %', 'p90'),
    time('99 %', 'p99'),
    time('99.9 %', 'p999'),
    { title: 'Slowest', number: true, value: (row) => row.max, cell: slowest },
  ], rows, several ? 2 : 1);
}

/** The longest duration; one that had not ended took longer. */
function slowest(row) {
  return duration(row.max) + (row.unended ? ', not ended' : '');
}

function jvmColumn() {
  const label = (row) => data.jvms[row.jvm].name;
  return several ? [{ title: 'JVM', value: label, cell: (row) => name(label(row)) }] : [];
}

function bad() {
  if (data.kinds.length > 0) {
    section('bad', 'What went wrong', badChart(), badEvents());
  }
}

function rules() {
  const RANK = ['WARNING', 'INFO', 'FAILED', 'OK', 'NA', 'IGNORE'];
  const LABEL = { WARNING: 'warning', INFO: 'notice', FAILED: 'failed', OK: 'ok', NA: 'not applicable', IGNORE: 'ignored' };
  const findings = data.rules.flatMap((rule) => rule.findings.map((finding, jvm) => ({ ...finding, jvm })))
    .sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
  if (findings.length === 0) {
    return;
  }
  section('rules', 'Rules of JDK Mission Control', el('ul', { class: 'rules' }, ...findings.map((one) => {
    const texts = [one.explanation, one.solution].filter((text) => text);
    const title = [
      el('span', { class: 'severity ' + one.severity.toLowerCase() }, LABEL[one.severity]),
      el('span', { class: 'rule' }, one.rule),
      several ? el('span', { class: 'note' }, name(data.jvms[one.jvm].name)) : null,
      one.summary ? el('span', { class: 'said' }, one.summary) : null,
    ];
    return el('li', null, texts.length === 0
      ? el('div', { class: 'line' }, ...title)
      : el('details', { open: one.severity === 'WARNING' }, el('summary', null, ...title),
        el('div', { class: 'details' }, ...texts.map((text) => el('p', null, text)))));
  })));
}

function files() {
  if (data.files.length === 0) {
    return;
  }
  const path = (row) => data.paths[row.path];
  const number = (title, field, format) =>
    ({ title, number: true, value: (row) => row[field], cell: (row) => row[field] === 0 ? '0' : format(row[field]) });
  const share = (row) => row.directBytes + row.bufferedBytes === 0
    ? -1 : row.bufferedBytes / (row.directBytes + row.bufferedBytes);
  const DIRECT = { true: 'yes', false: 'no' };
  const reads = data.files.some((row) => row.reads > 0);
  const columns = [
    { title: 'File', value: path, cell: (row) => name(path(row)) },
    ...jvmColumn(),
    number('Bad events', 'bad', count),
    number('Writes', 'writes', count),
    number('Past the page cache', 'directBytes', bytes),
    number('Through the page cache', 'bufferedBytes', bytes),
    { title: 'Share', number: true, value: share, cell: (row) => share(row) < 0 ? UNKNOWN : percent(share(row)) },
    ...(reads ? [number('Reads', 'reads', count), number('Read', 'readBytes', bytes)] : []),
    number('Mean', 'mean', duration),
    number('99 %', 'p99', duration),
    { title: 'Slowest', number: true, value: (row) => row.max, cell: (row) => row.max === 0 ? '0' : slowest(row) },
    { title: 'Can go direct', value: (row) => DIRECT[row.direct] ?? '', cell: (row) => row.direct === null || row.direct === undefined
      ? UNKNOWN : DIRECT[row.direct] + (row.reason ? ': ' + row.reason : '') },
  ];
  section('files', 'Files',
    data.files.length < data.filesInAll
      ? el('p', { class: 'note' }, 'Listed are ' + count(data.files.length) + ' of ' + count(data.filesInAll)
        + ': those with bad events, then those with most bytes.') : null,
    sortableTable('Files, with the latencies of their writes', columns, data.files,
      columns.findIndex((column) => column.title === (data.files.some((row) => row.bad > 0)
        ? 'Bad events' : 'Past the page cache'))));
}

function fallbacks() {
  if (data.fallbacks.length > 0) {
    section('fallbacks', 'Why bytes went through the page cache', sortableTable('By reason', [
      { title: 'Reason', value: (row) => row.reason, cell: (row) => name(row.reason) },
      ...jvmColumn(),
      { title: 'Parts', number: true, value: (row) => row.parts, cell: (row) => count(row.parts) },
      { title: 'Bytes', number: true, value: (row) => row.bytes, cell: (row) => bytes(row.bytes) },
    ], data.fallbacks, several ? 3 : 2));
  }
}

function configuration() {
  if (data.options.length === 0) {
    return;
  }
  const cell = (settings) => settings.length === 0 ? UNKNOWN
    : el('div', null, ...settings.map((setting) => el('div', { class: 'setting' },
      name(setting.value ?? UNKNOWN), el('span', { class: 'note' }, setting.source ?? ''))));
  section('configuration', 'Configuration', comparison('Options of the agent, and where they were set',
    data.jvms.map((jvm) => jvm.name),
    data.options.map((option) => [option.key, option.values.map(cell)])));
}

function navigation() {
  add(document.getElementById('nav'),
    ...sections.slice(1).map(([id, title]) => el('a', { href: '#' + id }, title)));
}

about();
verdict();
bad();
rules();
charts();
files();
fallbacks();
configuration();
navigation();
