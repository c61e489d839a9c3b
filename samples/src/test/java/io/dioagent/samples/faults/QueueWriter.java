package io.dioagent.samples.faults;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.dioagent.runtime.AlignedBuffer;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteQueue;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RuntimeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * {@code QueueWriter DEADLINE_MILLIS ON_COLLISION FILE...}: asynchronous writes with the runtime's
 * API, with a thread and a queue per file. Every completion is reported, also a duplicate.
 */
final class QueueWriter implements WriterConsole.Target {
  private static final Duration LOOK_FOR_REQUESTS = Duration.ofMillis(5);
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 3;

  private final DirectRuntime runtime;
  private final DirectFile file;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "queue");
  private volatile boolean closing;

  /** Readable memory holds the bytes; other memory holds none. */
  private record Request(
      AlignedBuffer buffer,
      int lengthBytes,
      long offset,
      boolean readable,
      WriterConsole.Answer answer) {}

  private QueueWriter(DirectRuntime runtime, DirectFile file) {
    this.runtime = runtime;
    this.file = file;
    thread.start();
  }

  public static void main(String[] arguments) throws IOException {
    DirectRuntime runtime = RuntimeWriter.start();
    List<WriterConsole.Target> targets = new ArrayList<>();
    for (DirectFile file : RuntimeWriter.open(runtime, arguments)) {
      targets.add(new QueueWriter(runtime, file));
    }
    WriterConsole.serve(targets);
  }

  @Override
  public void write(ByteBuffer bytes, long offset, WriterConsole.Answer answer) {
    int lengthBytes = bytes.remaining();
    AlignedBuffer buffer = runtime.allocate(lengthBytes);
    buffer.byteBuffer().put(0, bytes, bytes.position(), lengthBytes);
    requests.add(new Request(buffer, lengthBytes, offset, true, answer));
  }

  @Override
  public void writeUnreadable(long offset, WriterConsole.Answer answer) {
    AlignedBuffer buffer = runtime.allocate(Unreadable.BYTES);
    protect(buffer, PROT_NONE);
    requests.add(new Request(buffer, Unreadable.BYTES, offset, false, answer));
  }

  private static void protect(AlignedBuffer buffer, int protection) {
    Function mprotect = NativeLibrary.getInstance("c").getFunction("mprotect");
    Object[] arguments = {
      Native.getDirectBufferPointer(buffer.byteBuffer()), (long) Unreadable.BYTES, protection
    };
    if (mprotect.invokeInt(arguments) != 0) {
      throw new IllegalStateException("mprotect: errno " + Native.getLastError());
    }
  }

  private void run() {
    Map<Long, Request> submitted = new HashMap<>();
    long number = 0;
    try (WriteQueue queue = runtime.newQueue(RuntimeOptions.MAX_QUEUE_DEPTH)) {
      while (!closing || !requests.isEmpty() || queue.inFlight() > 0) {
        for (Request next; (next = requests.poll()) != null; ) {
          submitted.put(++number, next);
          try {
            queue.submit(file, next.buffer, next.lengthBytes, next.offset, number);
          } catch (IOException | RuntimeException e) {
            next.buffer.close();
            next.answer.ended(-1, e.getMessage());
          }
        }
        queue.await(
            1, LOOK_FOR_REQUESTS, (data, result, id) -> report(submitted.get(data), result));
        if (queue.inFlight() == 0) {
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_FOR_REQUESTS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(Request request, long result) {
    if (!request.readable) {
      protect(request.buffer, PROT_READ_WRITE);
    }
    request.buffer.close();
    request.answer.ended(Math.max(-1, result), result < 0 ? Errno.message((int) -result) : null);
  }

  @Override
  public void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
  }
}
