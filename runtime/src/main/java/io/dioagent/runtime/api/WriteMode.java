package io.dioagent.runtime.api;

/** When a write returns. */
public enum WriteMode {
  /** When the device has it, or with its error. */
  SYNC,

  /**
   * When it has been copied; it goes to the device behind its caller. An error that comes later is
   * thrown once, by the next write, force or close of each channel that is open on the file. Until
   * it has ended, who looks at the file past its {@code DirectFile}s needs a barrier, such as
   * {@code DirectFile.settle}.
   */
  PIPELINED
}
