package io.dioagent.jmc.report;

import java.util.List;
import org.openjdk.jmc.common.item.IItemCollection;

/**
 * One JVM, and all that the recordings have of it.
 *
 * @param recordings their files, as the user called them
 * @param pid its process id; null if the recordings do not tell
 * @param version of the JVM; null if they do not tell
 * @param startNanos when the first recording began, since the epoch
 * @param endNanos when the last one ended
 * @param items its events, of all kinds
 */
record RecordedJvm(
    List<String> recordings,
    String pid,
    String version,
    long startNanos,
    long endNanos,
    IItemCollection items) {

  /** As {@link #label}, where there is little room; others may be called the same. */
  String shortLabel() {
    if (recordings.size() > 1) {
      return pid == null ? label() : "process " + pid;
    }
    String file = recordings.get(0);
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** A name to tell it from the others. */
  String label() {
    String files = recordings.size() == 1 ? recordings.get(0) : recordings.size() + " recordings";
    return pid == null ? files : files + " (process " + pid + ")";
  }
}
