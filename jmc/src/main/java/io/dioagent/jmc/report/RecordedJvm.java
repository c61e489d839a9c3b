package io.dioagent.jmc.report;

import java.util.List;
import org.openjdk.jmc.common.item.IItemCollection;

/**
 * One JVM, with its part of the recordings.
 *
 * @param recordings the files, as the user named them
 * @param pid process id; null if not recorded
 * @param version of the JVM; null if not recorded
 * @param startNanos when the first recording began, since the epoch
 * @param endNanos when the last recording ended
 * @param items its events, of all kinds
 */
record RecordedJvm(
    List<String> recordings,
    String pid,
    String version,
    long startNanos,
    long endNanos,
    IItemCollection items) {

  /** Returns a shorter {@link #label}, which other JVMs may have, too. */
  String shortLabel() {
    if (recordings.size() > 1) {
      return pid == null ? label() : "process " + pid;
    }
    String file = recordings.get(0);
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** Returns a name that is unique among the JVMs. */
  String label() {
    String files = recordings.size() == 1 ? recordings.get(0) : recordings.size() + " recordings";
    return pid == null ? files : files + " (process " + pid + ")";
  }
}
