package io.dioagent.runtime;

import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.FileNodes;

/**
 * The application's call for a lock on a file. While it is under way, no descriptor of the runtime
 * on that file is closed, except with one of the application. Closed once, when the call has
 * returned.
 */
public final class LockCall implements AutoCloseable {
  private final FileNodes nodes;
  private final FileNode node;

  LockCall(FileNodes nodes, FileNode node) {
    this.nodes = nodes;
    this.node = node;
    node.lateCloses().lockCallBegins();
  }

  @Override
  public void close() {
    node.lateCloses().lockCallEnds();
    nodes.release(node);
  }
}
