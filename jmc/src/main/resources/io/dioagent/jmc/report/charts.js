const axis = data.axis;
const several = data.jvms.length > 1;

/** The middles of the buckets, in seconds. */
const times = Array.from({ length: axis.buckets },
  (none, i) => axis.originSeconds + (i + 0.5) * axis.bucketSeconds);

function timeAxis() {
  return {
    values: times,
    scale: { time: !axis.relative },
    space: axis.buckets * axis.bucketSeconds < 8 ? 100 : 72,
    format: (seconds, distance) => axis.relative
      ? duration(seconds * 1e9)
      : clock(seconds, distance || axis.bucketSeconds),
  };
}

/** With one JVM each line has its own colour; with several, each JVM has one. */
function line(jvmIndex, label, values, colour, more) {
  return {
    label: several ? data.jvms[jvmIndex].name + ': ' + label : label,
    values,
    colour: several ? jvmIndex % COLOURS + 1 : colour,
    ...more,
  };
}

function lines(ofJvm) {
  return data.jvms.flatMap((jvm, i) => ofJvm(jvm, i).filter((one) => one.values !== null));
}

const fromZero = { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] };

function throughputChart() {
  return chart({
    title: 'Throughput',
    note: 'written' + (data.jvms.some((jvm) => jvm.readRate) ? ' and read' : '') + ' per second',
    x: timeAxis(),
    y: { scale: fromZero, format: rate, size: 76 },
    value: rate,
    sync: 'time',
    series: lines((jvm, i) => [
      line(i, 'past the page cache', jvm.directRate, 1, { fill: !several }),
      line(i, 'through the page cache', jvm.bufferedRate, 2, { dash: several }),
      line(i, 'read', jvm.readRate, 3, { dash: several }),
    ]),
  });
}

/** Several JVMs are compared by their first operation: writes, if there are any. */
function compared(operations) {
  return several ? operations.slice(0, 1) : operations;
}

function atLeastOne(nanos) {
  return nanos.map((value) => value === null ? null : Math.max(1, value));
}

function latencyChart() {
  const COLOUR_OF = { write: [1, 4, 5], read: [3, 6, 8], force: [2, 7, 8] };
  return chart({
    title: 'Latency',
    note: 'of operations that ended then',
    x: timeAxis(),
    y: { scale: { distr: 3 }, format: duration },
    value: duration,
    sync: 'time',
    series: lines((jvm, i) => compared(jvm.operations).flatMap((one) => [
      line(i, one.name + ', median', atLeastOne(one.p50ByTime), COLOUR_OF[one.name][0], { dash: several }),
      line(i, one.name + ', 99 %', atLeastOne(one.p99ByTime), COLOUR_OF[one.name][1]),
      one.name !== 'write' || several ? { values: null }
        : line(i, one.name + ', slowest', atLeastOne(one.maxByTime), COLOUR_OF[one.name][2], { dash: true }),
    ])),
  });
}

/** Begin of a class of durations, two for each doubling. */
function classBegin(index) {
  return 2 ** Math.floor(index / 2) * (index % 2 ? 1.5 : 1);
}

function histogramChart() {
  const all = data.jvms.flatMap((jvm) => compared(jvm.operations));
  const first = Math.min(...all.map((one) => one.firstClass)) - 1;
  const last = Math.max(...all.map((one) => one.firstClass + one.classes.length));
  const classes = Array.from({ length: last - first + 1 }, (none, i) => first + i);
  const stepped = uPlot.paths.stepped({ align: 1 });
  const COLOUR_OF = { write: 1, read: 3, force: 2 };
  return chart({
    title: 'Latency histogram',
    note: 'number of operations by duration',
    x: {
      values: classes,
      scale: { time: false },
      incrs: [2, 4, 6, 8, 10, 20],
      format: (index, distance) => distance === 0
        ? duration(classBegin(index)) + ' to ' + duration(classBegin(index + 1))
        : roughly(classBegin(index)),
    },
    y: { scale: { distr: 4, range: (u, min, max) => [0, max * 1.2] }, format: count },
    value: count,
    series: lines((jvm, i) => compared(jvm.operations).map((one) => line(i, one.name + 's',
      classes.map((index) => one.classes[index - one.firstClass] ?? 0), COLOUR_OF[one.name],
      { fill: !several, paths: stepped }))),
  });
}

/** A duration in two digits. */
function roughly(nanos) {
  return rounded(duration(Number(nanos.toPrecision(2))));
}

function queueChart() {
  return chart({
    title: 'Queue depth',
    note: 'native I/Os in flight, sampled, and writes under way on average',
    x: timeAxis(),
    y: { scale: fromZero, format: (value) => String(Math.round(value * 100) / 100), size: 48 },
    value: (value) => String(Math.round(value * 100) / 100),
    sync: 'time',
    series: lines((jvm, i) => [
      line(i, 'I/Os in flight', jvm.inFlight, 6),
      line(i, 'writes under way', jvm.underWay, 1, { dash: several }),
    ]),
  });
}

/** Times of the bad events: a row for each kind. */
function badChart() {
  const COLOUR_OF = {
    LOST: 5, IN_FLIGHT: 5, DUPLICATE: 4, UNKNOWN: 7, ERROR: 5, FAILED_FORCE: 5, LATE: 2, COLLISION: 3, STALL: 6,
  };
  const rows = data.kinds.length;
  const countsOf = (kind) => times.map((none, i) =>
    data.jvms.reduce((sum, jvm) => sum + (jvm.badByTime[kind.id]?.[i] ?? 0), 0));
  const counts = new Map(data.kinds.map((kind) => [kind.label, countsOf(kind)]));
  return chart({
    title: 'When it happened',
    height: 48 + 28 * rows,
    x: timeAxis(),
    y: {
      scale: { range: [0.4, rows + 0.6] },
      splits: () => data.kinds.map((none, i) => rows - i),
      format: (row) => data.kinds[rows - row]?.label ?? '',
      size: 92,
    },
    value: (none, one, index) => count(counts.get(one.label)[index]),
    sync: 'time',
    series: data.kinds.map((kind, i) => ({
      label: kind.label,
      colour: COLOUR_OF[kind.id],
      values: counts.get(kind.label).map((value) => value > 0 ? rows - i : null),
      dots: true,
    })),
  });
}
