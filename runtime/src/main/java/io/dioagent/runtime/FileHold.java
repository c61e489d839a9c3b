package io.dioagent.runtime;

import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.FileNodes;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes writes to a file wait for their end although its policy is {@link WriteMode#PIPELINED}.
 * Applies to the file on the disk, through all channels, until it is closed. Thread-safe.
 */
public final class FileHold implements AutoCloseable {
  private final FileNodes nodes;
  private final FileNode node;
  private final AtomicBoolean closed = new AtomicBoolean();

  FileHold(FileNodes nodes, FileNode node) {
    this.nodes = nodes;
    this.node = node;
    node.onlookers().incrementAndGet();
  }

  /** Ends the hold. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      node.onlookers().decrementAndGet();
      nodes.release(node);
    }
  }
}
