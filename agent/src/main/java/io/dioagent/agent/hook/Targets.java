package io.dioagent.agent.hook;

import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.FileHold;
import io.dioagent.runtime.LockCall;
import io.dioagent.runtime.api.Observation;
import java.io.IOException;

/** Makes targets. */
interface Targets {
  /** Before the first start, when nothing is tagged. */
  Targets NONE =
      new Targets() {
        @Override
        public Target adopt(int number, TagRule rule) throws IOException {
          throw new IOException("not started");
        }
      };

  /**
   * Makes a target of an open descriptor.
   *
   * @throws IOException if that is not possible: the message names the kind of file
   */
  Target adopt(int number, TagRule rule) throws IOException;

  /**
   * Copies a descriptor's content, from its offset on, to a tagged file's descriptor. May leave all
   * or the rest to the JDK: both offsets then stand where the JDK has to go on. By default leaves
   * all.
   *
   * @return to be ended when the JDK has done its part; null for none
   * @throws IOException if the copy failed
   */
  default Observation copy(int to, int from, TagRule rule) throws IOException {
    return null;
  }

  /** Whether writes that have returned may not be in their files yet. Costs next to nothing. */
  default boolean hasPending() {
    return false;
  }

  /** Waits until all writes of this process to a descriptor's file are in it. */
  default void settle(int number) {}

  /**
   * Waits until all writes of this process to a file are in it.
   *
   * @param path null for any file
   */
  default void settlePath(String path) {}

  /** Whether earlier writes may still have side effects on their files. Costs next to nothing. */
  default boolean hasNotices() {
    return false;
  }

  /**
   * Waits until this process's writes to a file have no more side effects on it.
   *
   * @param path null for any file
   */
  default void quiet(String path) {}

  /** Called when other code in this process has changed the size of a descriptor's file. */
  default void sizeChanged(int number) {}

  /**
   * Called before the application requests a lock on a descriptor's file.
   *
   * @return to be closed when the request has ended; null for none
   */
  default LockCall lockCall(int number) {
    return null;
  }

  /** Called before the application closes a descriptor, of any file. Costs next to nothing. */
  default void applicationCloses(int number) {}

  /** Returns for how many files {@link #applicationCloses} has descriptors to close. */
  default int keptDescriptors() {
    return 0;
  }

  /** Called when the JVM ends: writes out all pending data, and makes later writes synchronous. */
  default void exit() {}

  /**
   * Makes writes to a descriptor's file return once they are in it, until the hold is closed.
   *
   * @return the hold; null if nothing is pipelined
   * @throws IOException if the descriptor is of no file on a disk
   */
  default FileHold keepSynchronous(int number) throws IOException {
    return null;
  }

  /** As {@link #keepSynchronous(int)}, by the file's path; null also if there is no such file. */
  default FileHold keepSynchronous(String path) {
    return null;
  }
}
