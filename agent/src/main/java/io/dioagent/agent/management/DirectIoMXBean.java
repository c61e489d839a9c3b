package io.dioagent.agent.management;

import java.util.List;
import java.util.Map;

/** {@code io.dioagent:type=DirectIo}. Counters run from the start of the agent. Thread-safe. */
public interface DirectIoMXBean {
  /** Returns the agent's version. */
  String getVersion();

  /** Returns all options in effect, by key. */
  Map<String, String> getConfiguration();

  /** Returns each tag's current options and number of files, by its name. */
  Map<String, Map<String, String>> getTags();

  /** Returns the number of writes that ended, with success or an error. */
  long getWrites();

  /** Returns the bytes written past the page cache. */
  long getDirectBytes();

  /** Returns the bytes written through the page cache. */
  long getBufferedBytes();

  /** Returns the number of writes that ended with an error. */
  long getErrors();

  /** Returns the number of requests that passed their deadline. */
  long getLost();

  /** Returns the number of lost requests that ended after all. */
  long getLate();

  /**
   * Returns the number of lost requests that were never submitted to the kernel: none ends late.
   */
  long getNotStarted();

  /** Returns the number of completions dropped because the I/O had ended already. */
  long getDuplicates();

  /** Returns the number of completions dropped because their id was never issued. */
  long getUnknown();

  /** Returns the number of direct writes whose range stayed in the page cache. */
  long getCollisions();

  /** Returns the number of files under the agent now. */
  int getOpenFiles();

  /** Returns the bytes of buffer memory in use now, quarantined memory included. */
  long getBufferBytes();

  /**
   * Returns the bytes of buffer memory that the kernel may still read for requests reported lost.
   */
  long getQuarantinedBytes();

  /**
   * Returns the real paths of tags that are open in the process, sorted, also of those that were
   * not used since the agent came.
   */
  List<String> getOpenPaths();

  /**
   * Returns the requests that have begun and not ended, the oldest first. With them the JDK's own
   * calls that the kernel held when the agent came, or at the last {@code status}, and still holds:
   * operation "native write" and so on.
   */
  List<InFlightRow> getInFlight();

  /** Returns the requests in flight that should have ended by now. */
  List<InFlightRow> getOverdue();

  /**
   * Changes an option of a tag, also for its open files. Applies to requests that begin afterwards,
   * and perhaps to those under way.
   *
   * @param tag its name, or its glob if it has none
   * @param option deadline, fallback, on-collision or on-lost
   * @throws IllegalArgumentException with one line if any argument is wrong; nothing has changed
   *     then
   */
  void changeTag(String tag, String option, String value);
}
