package io.dioagent.agent.management;

import java.util.List;
import java.util.Map;

/** {@code io.dioagent:type=DirectIo}. Counters run from the start of the agent. Thread-safe. */
public interface DirectIoMXBean {
  /** Of the agent. */
  String getVersion();

  /** All options in effect, by key. */
  Map<String, String> getConfiguration();

  /** The options of each tag, by its name, and how many files it has had; as they are now. */
  Map<String, Map<String, String>> getTags();

  /** Writes that ended, well or not. */
  long getWrites();

  /** Bytes written past the page cache. */
  long getDirectBytes();

  /** Bytes written through it. */
  long getBufferedBytes();

  /** Writes that ended with an error. */
  long getErrors();

  /** Requests that passed their deadline. */
  long getLost();

  /** Requests among them that ended after all. */
  long getLate();

  /** Requests among the lost that were never handed to the kernel: none ends late. */
  long getNotStarted();

  /** Completions dropped because the I/O had ended already. */
  long getDuplicates();

  /** Completions dropped because their id was never issued. */
  long getUnknown();

  /** Direct writes whose range stayed in the page cache. */
  long getCollisions();

  /** Files under the agent now. */
  int getOpenFiles();

  /** Buffer memory in use now, the quarantined included. */
  long getBufferBytes();

  /** Buffer memory that the kernel may still read for requests told lost. */
  long getQuarantinedBytes();

  /** What has begun and not ended, the oldest first. */
  List<InFlightRow> getInFlight();

  /** Those of it that should have ended by now. */
  List<InFlightRow> getOverdue();

  /**
   * Changes an option of a tag, for its open files, too: for what begins afterwards, and perhaps
   * for what is under way.
   *
   * @param tag its name, or its glob if it has none
   * @param option deadline, fallback, on-collision or on-lost
   * @throws IllegalArgumentException with one line if any of them is wrong; nothing has changed
   *     then
   */
  void changeTag(String tag, String option, String value);
}
