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
   * Takes on an open descriptor.
   *
   * @throws IOException if it cannot be taken on: the message says what kind of file it is
   */
  Target adopt(int number, TagRule rule) throws IOException;

  /**
   * Copies what a descriptor has, from its offset on, to that of a tagged file, or leaves it or the
   * rest to the JDK: both offsets then stand where it has to go on. By default, all of it.
   *
   * @return what is to be told when the JDK has done its part; null for nothing
   * @throws IOException if that failed
   */
  default Observation copy(int to, int from, TagRule rule) throws IOException {
    return null;
  }

  /** Whether writes that have returned may not be in their files yet. Costs next to nothing. */
  default boolean hasPending() {
    return false;
  }

  /** Waits until what was written to a descriptor's file by this process is in it. */
  default void settle(int number) {}

  /**
   * Waits until what was written to a file by this process is in it.
   *
   * @param path null for any file
   */
  default void settlePath(String path) {}

  /** Whether what has been written may still do something beside. Costs next to nothing. */
  default boolean hasNotices() {
    return false;
  }

  /**
   * Waits until what was written to a file by this process does nothing more to it.
   *
   * @param path null for any file
   */
  default void quiet(String path) {}

  /** A descriptor's file has been given another size by somebody else in this process. */
  default void sizeChanged(int number) {}

  /**
   * The application is about to ask for a lock on a descriptor's file.
   *
   * @return to be closed when it has got it, or not; null for nothing
   */
  default LockCall lockCall(int number) {
    return null;
  }

  /** The application is about to close a descriptor, of any file. Costs next to nothing. */
  default void applicationCloses(int number) {}

  /** How many files there are that {@link #applicationCloses} has something to close for. */
  default int keptDescriptors() {
    return 0;
  }

  /** The JVM ends: all that was written gets into its files, and what still comes at once. */
  default void exit() {}

  /**
   * From now on writes to a descriptor's file return when they are in it, until that is closed.
   *
   * @return null if nothing is pipelined
   * @throws IOException if it cannot be taken on: it is no file on a disk
   */
  default FileHold keepSynchronous(int number) throws IOException {
    return null;
  }

  /** The same, for a file by its path; null if there is none, too. */
  default FileHold keepSynchronous(String path) {
    return null;
  }
}
