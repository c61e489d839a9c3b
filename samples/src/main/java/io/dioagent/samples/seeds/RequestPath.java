package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.dio.CompletionPolicy;
import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A minimal path of a direct write from io_submit to its completion, on a real file with real AIO.
 * The completion policy is the runtime's or a broken one. The sample takes each step, so that the
 * order shows the defect.
 *
 * <p>Used by one submitting and one reaping thread, which may be the same.
 */
final class RequestPath implements AutoCloseable {
  private static final int DEPTH = 16;

  /** The runtime's own policy. */
  static final CompletionPolicy.Maker RIGHT =
      (lock, ending, touch) -> CompletionPolicy.real(new Dio(lock, ending));

  /** A reaped completion that has not been delivered to its request. */
  record Reaped(Request request, long result) {
    /** Delivers it to the request. */
    void hand() {
      request.ended(result);
    }
  }

  private final EventSink events;
  private final String path;
  private final int fd;
  private final AioContext context;
  private final Submissions submissions = new Submissions(DEPTH);
  private final Completions completions = new Completions(DEPTH);
  private final long memoryAddress;
  private final int memoryBytes;

  /** Requests by the data of the iocb; guarded by this. */
  private final Map<Long, Request> inFlight = new HashMap<>();

  private long requests;
  private long ios;

  /**
   * Opens a path.
   *
   * @param content the byte that all requests write
   * @param longestBytes the length of the longest request
   */
  RequestPath(Stage stage, Path file, AioEngine engine, byte content, int longestBytes)
      throws IOException, AioUnavailableException {
    events = stage.events();
    path = file.toString();
    fd =
        (int)
            ErrnoException.check(
                "open " + path,
                Linux.open(path, Linux.O_RDWR | Linux.O_DIRECT | Linux.O_CLOEXEC, 0));
    memoryBytes = longestBytes;
    memoryAddress = ErrnoException.check("mmap", Linux.mapMemory(longestBytes));
    ByteBuffer memory = Linux.view(memoryAddress, longestBytes);
    while (memory.hasRemaining()) {
      memory.put(content);
    }
    context = engine.open(DEPTH);
  }

  /** Makes a request without submitting an I/O. */
  Request newRequest(long offset, int lengthBytes, CompletionPolicy.Maker maker) {
    return newRequest(offset, lengthBytes, maker, Control.none());
  }

  /** Makes a request whose steps are under control. */
  Request newRequest(long offset, int lengthBytes, CompletionPolicy.Maker maker, Control control) {
    RequestInfo info = new RequestInfo(++requests, path, offset, lengthBytes);
    return new Request(this, info, maker, control);
  }

  EventSink events() {
    return events;
  }

  int fd() {
    return fd;
  }

  /** Returns the address of the bytes of a request. */
  long memoryAddress() {
    return memoryAddress;
  }

  /**
   * Submits one write with io_submit(2).
   *
   * @return 1, or a negative errno
   */
  int submit(Request request, long address, int lengthBytes, long offset) {
    long id = ++ios;
    synchronized (this) {
      inFlight.put(id, request);
    }
    submissions.clearQueue();
    submissions.put((int) (id % DEPTH), id, request.info(), fd, address, lengthBytes, offset, 0);
    int taken = context.submit(submissions, 0, 1);
    if (taken != 1) {
      synchronized (this) {
        inFlight.remove(id);
      }
    }
    return taken;
  }

  /** Writes the bytes of a request through the page cache with pwrite(2). */
  int writeBuffered(long offset, int lengthBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
      return channel.write(Linux.view(memoryAddress, lengthBytes), offset);
    }
  }

  /** Cancels the last submitted write with io_cancel(2). */
  int cancelLast() {
    return context.cancel(submissions, (int) (ios % DEPTH));
  }

  /** Waits for that many completions, and returns them undelivered. */
  List<Reaped> reap(int count) {
    List<Reaped> reaped = new ArrayList<>();
    while (reaped.size() < count) {
      int came = context.reap(completions, 1, Long.MAX_VALUE / 4);
      for (int i = 0; i < came; i++) {
        synchronized (this) {
          Request request = inFlight.remove(completions.data(i));
          reaped.add(new Reaped(request, completions.result(i)));
        }
      }
    }
    return reaped;
  }

  @Override
  public void close() {
    context.close();
    submissions.close();
    completions.close();
    Linux.unmapMemory(memoryAddress, memoryBytes);
    Linux.close(fd);
  }
}
