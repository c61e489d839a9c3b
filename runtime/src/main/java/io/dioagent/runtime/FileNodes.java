package io.dioagent.runtime;

import io.dioagent.runtime.linux.FileStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that are open, by device and inode. Thread-safe; guarded by its monitor. */
final class FileNodes {
  private final Map<FileNode.Key, FileNode> nodes = new HashMap<>();

  /** The node of a file that is being opened; it is kept while {@link #add} was not undone. */
  synchronized FileNode add(FileStatus status, DirectFile file) {
    FileNode.Key key = keyOf(status);
    FileNode node = nodes.get(key);
    if (node == null) {
      node = new FileNode(key);
      nodes.put(key, node);
    }
    node.files().add(file);
    return node;
  }

  /** A file is closed; its node goes with the last one. */
  synchronized void remove(FileNode node, DirectFile file) {
    node.files().remove(file);
    if (node.files().isEmpty()) {
      nodes.remove(node.key());
    }
  }

  /** The node of a file by its status; null if no file is open on it. */
  synchronized FileNode find(FileStatus status) {
    return nodes.get(keyOf(status));
  }

  /** The files that are open on a node now. */
  synchronized List<DirectFile> openOn(FileNode node) {
    return List.copyOf(node.files());
  }

  private static FileNode.Key keyOf(FileStatus status) {
    return new FileNode.Key(status.device(), status.inode());
  }
}
