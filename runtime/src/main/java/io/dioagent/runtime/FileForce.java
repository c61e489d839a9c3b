package io.dioagent.runtime;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.Observed;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;

/** The force of a {@link DirectFile}. Thread-safe. */
final class FileForce {
  private final FileContext context;

  FileForce(FileContext context) {
    this.context = context;
  }

  /** As {@link DirectFile#force}. */
  void run(boolean metadata) throws IOException {
    context.node().settle();
    IOException failed = context.pendingError().take();
    if (failed == null) {
      sync(metadata);
      return;
    }
    try {
      sync(metadata);
    } catch (IOException | RuntimeException | Error e) {
      failed.addSuppressed(e);
    }
    throw failed;
  }

  private void sync(boolean metadata) throws IOException {
    Observed observed = Observed.force(context, metadata);
    int fd = context.descriptors().given();
    long result = -Errno.EINTR;
    context.device().traffic().enter();
    while (result == -Errno.EINTR) {
      result = metadata ? Linux.fsync(fd) : Linux.fdatasync(fd);
    }
    context.device().traffic().leave();
    observed.end(result);
    if (result < 0) {
      throw new IOException(Errno.message((int) -result));
    }
  }
}
