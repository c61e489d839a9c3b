package io.dioagent.runtime;

import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.pipeline.Pipelines;

/** The barriers of a {@link DirectRuntime}, for files by descriptor or path. Thread-safe. */
final class Barriers {
  private final OpenFiles files;
  private final Pipelines pipelines;

  Barriers(OpenFiles files, Pipelines pipelines) {
    this.files = files;
    this.pipelines = pipelines;
  }

  void settle(int fd) {
    if (pipelines.hasPending()) {
      settle(FileStatus.ifOpen(fd));
    }
  }

  void settlePath(String path) {
    if (pipelines.hasPending()) {
      settle(FileStatus.ifThere(path));
    }
  }

  private void settle(FileStatus status) {
    FileNode node = files.find(status);
    if (node != null) {
      node.settle();
    }
  }

  void sizeChanged(int fd) {
    FileStatus status = FileStatus.ifOpen(fd);
    FileNode node = files.find(status);
    if (node != null) {
      node.truncated(status.sizeBytes());
    }
  }

  void quiet(String path) {
    if (files.pendingNotices().get() == 0) {
      return;
    }
    if (path == null) {
      files.nodes().all().forEach(files::quiet);
    } else {
      FileNode node = files.find(FileStatus.ifThere(path));
      if (node != null) {
        files.quiet(node);
      }
    }
  }

  LockCall lockCall(int fd) {
    FileStatus status = FileStatus.ifOpen(fd);
    return status == null ? null : new LockCall(files.nodes(), files.nodes().hold(status));
  }

  void applicationCloses(int fd) {
    if (files.kept().count() > 0) {
      FileNode node = files.find(FileStatus.ifOpen(fd));
      if (node != null) {
        node.lateCloses().closeAll();
      }
    }
  }

  FileHold keepSynchronous(FileStatus status) {
    return held(files.nodes().hold(status));
  }

  FileHold hold(FileNode node) {
    files.nodes().hold(node);
    return held(node);
  }

  private FileHold held(FileNode node) {
    FileHold hold = new FileHold(files.nodes(), node);
    node.barrier();
    return hold;
  }
}
