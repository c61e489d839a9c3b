package io.dioagent.bench.footprint;

import io.dioagent.bench.work.Started;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM's log with {@link #JVM_ARGUMENT} until the program has done its work.
 *
 * @param premainMillis time from the first class of java.lang.instrument to the main class: the
 *     agent's premain and the JVM's work for it; 0 without an agent
 * @param loaded number of loaded classes
 * @param shared number of these from the archive of class data
 * @param moduleGraphShared whether the boot layer's modules come from that archive
 * @param mainShared whether the main class comes from an archive
 */
record ClassLog(
    double premainMillis, int loaded, int shared, boolean moduleGraphShared, boolean mainShared) {

  /** The JVM argument, before the name of the log file. */
  static final String JVM_ARGUMENT = "-Xlog:class+load,cds:file=";

  /** The JVM argument, after the name of the log file. */
  static final String JVM_ARGUMENT_END = ":uptimenanos";

  private static final Pattern LOADED = Pattern.compile("\\[(\\d+)ns] (\\S+) source: (.*)");
  private static final String ARCHIVE = "shared objects file";
  private static final String INSTRUMENT = "sun.instrument.InstrumentationImpl";
  private static final String MAIN = Started.class.getName();
  private static final String AFTERWARDS = Started.Status.class.getName();

  static ClassLog parse(List<String> lines) {
    Map<String, String> sources = new HashMap<>();
    long instrumentNanos = -1;
    long mainNanos = -1;
    boolean moduleGraph = false;
    for (String line : lines) {
      moduleGraph |= line.endsWith("full module graph: enabled");
      Matcher loaded = LOADED.matcher(line);
      if (!loaded.matches()) {
        continue;
      }
      String type = loaded.group(2);
      if (type.equals(AFTERWARDS)) {
        break;
      }
      if (sources.putIfAbsent(type, loaded.group(3)) != null) {
        continue; // Redefined.
      }
      long nanos = Long.parseLong(loaded.group(1));
      if (type.equals(INSTRUMENT)) {
        instrumentNanos = nanos;
      } else if (type.equals(MAIN)) {
        mainNanos = nanos;
      }
    }
    if (mainNanos < 0) {
      throw new IllegalArgumentException("no " + MAIN + " in " + lines.size() + " lines");
    }
    return new ClassLog(
        instrumentNanos < 0 ? 0 : (mainNanos - instrumentNanos) / 1e6,
        sources.size(),
        (int) sources.values().stream().filter(source -> source.contains(ARCHIVE)).count(),
        moduleGraph,
        sources.get(MAIN).contains(ARCHIVE));
  }
}
