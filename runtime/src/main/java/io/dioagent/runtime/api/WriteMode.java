package io.dioagent.runtime.api;

/** When a write returns. */
public enum WriteMode {
  /** When the device has the bytes, or with the write's error. */
  SYNC,

  /**
   * When the bytes have been copied; they go to the device after the call has returned. A later
   * error is thrown once by each channel that is open on the file, from its next write, force or
   * close. Until the write has ended, code that accesses the file other than by its {@code
   * DirectFile}s needs a barrier, such as {@code DirectFile.settle}.
   */
  PIPELINED,

  /**
   * When the page cache has the bytes, as without this runtime, by the caller's own system call:
   * see {@code DirectFile.writeBehind}. Behind it they are written back and dropped, in steps and
   * within a bound. A later error is thrown once by each channel that is open on the file, from its
   * next write, force or close. Writes that the runtime makes are as under {@link #SYNC}.
   */
  BEHIND,

  /**
   * As {@link #BEHIND}, but {@link #SYNC} on a file that is open with O_SYNC or O_DSYNC, and for
   * asynchronous writes of whole blocks within the file: see {@code
   * DirectFile.isWrittenBehind(long, long)}.
   */
  AUTO
}
