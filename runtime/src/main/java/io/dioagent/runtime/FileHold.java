package io.dioagent.runtime;

import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.FileNodes;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A reason why writes to a file wait for their end although its policy is {@link
 * WriteMode#PIPELINED}. It holds for the file on the disk, whatever is open on it, until it is
 * closed. Thread-safe.
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

  /** The reason is gone. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      node.onlookers().decrementAndGet();
      nodes.release(node);
    }
  }
}
