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
 * The way of a direct write from io_submit to its completion, as short as it can be, on a real file
 * by real AIO, with the completion policy to choose: the runtime's own, or one that is broken. Each
 * step is the sample's to take, so that they come in the order that shows the defect.
 *
 * <p>One thread submits and one thread reaps; they may be two.
 */
final class RequestPath implements AutoCloseable {
  private static final int DEPTH = 16;

  /** The runtime's own policy. */
  static final CompletionPolicy.Maker RIGHT =
      (lock, ending, touch) -> CompletionPolicy.real(new Dio(lock, ending));

  /** A device's answer that has been reaped, and that its request has not been told of. */
  record Reaped(Request request, long result) {
    /** Tells the request. */
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

  /** By the iocb's data; guarded by this. */
  private final Map<Long, Request> inFlight = new HashMap<>();

  private long requests;
  private long ios;

  /**
   * A path.
   *
   * @param content what all requests write
   * @param longestBytes of a request
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

  /** A request that nothing has been submitted of. */
  Request newRequest(long offset, int lengthBytes, CompletionPolicy.Maker maker) {
    return newRequest(offset, lengthBytes, maker, Control.none());
  }

  /** The same, under control. */
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

  /** Where a request's bytes lie. */
  long memoryAddress() {
    return memoryAddress;
  }

  /**
   * io_submit(2) of one write.
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

  /** pwrite(2) of what all requests write; all of it is written. */
  int writeBuffered(long offset, int lengthBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
      return channel.write(Linux.view(memoryAddress, lengthBytes), offset);
    }
  }

  /** io_cancel(2) of what was submitted last. */
  int cancelLast() {
    return context.cancel(submissions, (int) (ios % DEPTH));
  }

  /** Waits for so many completions, and keeps them. */
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
