package io.dioagent.runtime.engine;

/** The engines, by name. */
public enum EngineKind {
  /** The first of AIO and pwrite that works. */
  AUTO,
  /** {@link KernelAio}. */
  AIO,
  /** {@link KernelUring}. */
  IO_URING,
  /** {@link PwriteEngine}. */
  PWRITE
}
