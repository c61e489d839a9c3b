package io.dioagent.runtime;

import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.read.AutoReads;
import io.dioagent.runtime.read.ReadAhead;
import io.dioagent.runtime.read.ReadCall;
import io.dioagent.runtime.read.ReadHistory;
import java.io.IOException;

/** The reads of a {@link DirectFile}. Thread-safe, but for reads at the descriptor's own offset. */
final class FileReads {
  private final FileContext context;
  private final ReadMode mode;

  /** Null if nothing is read ahead. */
  private final ReadAhead ahead;

  /** Null unless the mode is {@link ReadMode#AUTO}. */
  private final AutoReads auto;

  FileReads(FileContext context, ReadHistory history) {
    this.context = context;
    mode = context.policy().read();
    boolean readsAhead = mode != ReadMode.BUFFERED && context.showsEachChange();
    ahead = readsAhead ? new ReadAhead(context) : null;
    auto = mode == ReadMode.AUTO ? new AutoReads(context, history) : null;
  }

  /** As {@link DirectFile#read(ReadSink)}. */
  long atOwnOffset(ReadSink sink) throws IOException {
    int fd = context.descriptors().given();
    long position = ErrnoException.check("lseek", Linux.position(fd));
    long read = at(sink, position);
    if (read > 0) {
      ErrnoException.check("lseek", Linux.seek(fd, position + read));
    }
    return read;
  }

  /** As {@link DirectFile#read(ReadSink, long)}. */
  long at(ReadSink sink, long position) throws IOException {
    return sink.lengthBytes() == 0 ? 0 : ReadCall.read(context, ahead, sink, position);
  }

  /** As {@link DirectFile#readsDirect}. */
  boolean areDirect(long position, long lengthBytes) {
    if (auto == null || !context.policy().fallbackAllowed()) {
      return mode != ReadMode.BUFFERED;
    }
    long at = position < 0 ? Linux.position(context.descriptors().given()) : position;
    return at >= 0 && lengthBytes > 0 && auto.isDirect(at, lengthBytes);
  }

  /** As {@link DirectFile#observeCached}. */
  Observation observeCached(long position, long lengthBytes) {
    RuntimeContext runtime = context.runtime();
    if (!runtime.events().isEnabled()) {
      return null;
    }
    Object token = runtime.events().beginRead();
    long at = position < 0 ? Linux.position(context.descriptors().given()) : position;
    RequestInfo request =
        new RequestInfo(runtime.nextObservedRequestId(), context.path(), at, lengthBytes);
    return result -> runtime.read(token, request, result, 0, Math.max(0, result), 0);
  }

  /** As {@link DirectFile#callerReads}. */
  boolean areByCaller(long lengthBytes) {
    if (lengthBytes >= CachedPages.SMALL_READ_BYTES || !context.policy().fallbackAllowed()) {
      return false;
    }
    context.node().settle();
    if (mode == ReadMode.DIRECT) {
      context.cachedPages().readByCaller(lengthBytes);
    }
    return true;
  }

  /** No more blocks are read ahead. */
  void close() {
    if (ahead != null) {
      ahead.close();
    }
  }
}
