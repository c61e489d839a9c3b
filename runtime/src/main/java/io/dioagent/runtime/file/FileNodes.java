package io.dioagent.runtime.file;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.base.Waits;
import io.dioagent.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that are open, by device and inode. Thread-safe; guarded by its monitor. */
public final class FileNodes {
  private final Map<FileNode.Key, FileNode> nodes = new HashMap<>();

  /** A file is being opened; its node, which is held, is kept until {@link #remove} as well. */
  synchronized void add(FileNode node, FileContext file) {
    node.addFile(file);
  }

  /** A file is closed; its node goes with the last one. */
  synchronized void remove(FileNode node, FileContext file) {
    node.removeFile(file);
    removeIfUnused(node);
  }

  /** The node of a file that may not be open; it is kept until {@link #release}. */
  public synchronized FileNode hold(FileStatus status) {
    FileNode node = made(status);
    node.addHold(1);
    return node;
  }

  /** The same, of one that is known. */
  public synchronized void hold(FileNode node) {
    node.addHold(1);
  }

  /** Undoes one {@link #hold}. */
  public synchronized void release(FileNode node) {
    node.addHold(-1);
    removeIfUnused(node);
  }

  /** The files that are open on a node. */
  synchronized List<FileContext> files(FileNode node) {
    List<FileContext> all = new ArrayList<>(node.fileCount());
    for (int i = 0; i < node.fileCount(); i++) {
      all.add(node.file(i));
    }
    return all;
  }

  /** All nodes there are. */
  public synchronized List<FileNode> all() {
    return List.copyOf(nodes.values());
  }

  /** The node of a file by its status; null if no file is open on it. */
  public synchronized FileNode find(FileStatus status) {
    return nodes.get(keyOf(status));
  }

  /** A write that had returned has failed: each file that is open on it now is to tell so. */
  public synchronized void record(FileNode node, IOException failure) {
    for (int i = 0; i < node.fileCount(); i++) {
      node.file(i).pendingError().record(failure);
    }
  }

  /** How long a write may take, of any file that is open on a node. */
  public synchronized long longestDeadlineNanos(FileNode node) {
    long longest = 0;
    for (int i = 0; i < node.fileCount(); i++) {
      longest = Math.max(longest, longestNanos(node.file(i).policy()));
    }
    return longest;
  }

  /** How long a write may take under a policy. */
  public static long longestNanos(FilePolicy policy) {
    return policy.onLost() == OnLost.FAIL ? policy.deadline().toNanos() : Waits.FOREVER_NANOS;
  }

  private FileNode made(FileStatus status) {
    FileNode.Key key = keyOf(status);
    FileNode node = nodes.get(key);
    if (node == null) {
      node = new FileNode(key, status.sizeBytes());
      nodes.put(key, node);
    } else if (status.sizeBytes() < node.leastSizeBytes()) {
      node.truncated(status.sizeBytes()); // Somebody opened it with O_TRUNC.
    }
    return node;
  }

  private void removeIfUnused(FileNode node) {
    if (!node.isUsed()) {
      nodes.remove(node.key(), node);
    }
  }

  private static FileNode.Key keyOf(FileStatus status) {
    return new FileNode.Key(status.device(), status.inode());
  }
}
