package io.dioagent.agent.apps;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asynchronous writes with faults of the agent: delayed or failing ones. */
final class AsyncFaults {
  private final AsyncFile file;

  AsyncFaults(AsyncFile file) {
    this.file = file;
  }

  String closeInFlight() throws Exception {
    byte[] bytes = AsyncFile.bytes(32 * AsyncFile.BLOCK, 8);
    AsynchronousFileChannel channel = file.open();
    AsyncCalls calls = new AsyncCalls(16);
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      ByteBuffer source = ByteBuffer.wrap(bytes, i * AsyncFile.BLOCK, AsyncFile.BLOCK);
      if (i % 2 == 0) {
        channel.write(source, (long) i * AsyncFile.BLOCK, i, calls);
      } else {
        futures.add(channel.write(source, (long) i * AsyncFile.BLOCK));
      }
    }
    channel.close();
    // The writes that close() waited for are in the file; their Futures end at the same time, as in
    // the JDK.
    String there = file.check(bytes, 0);
    int done = 0;
    for (Future<Integer> one : futures) {
      done += one.get(10, TimeUnit.SECONDS) == AsyncFile.BLOCK ? 1 : 0;
    }
    return done
        + " done, "
        + new TreeSet<>(calls.await()).size()
        + " of "
        + calls.all.size()
        + " "
        + there;
  }

  /** With a fault on the second block: its failure is reported once, also after close. */
  String failing() throws Exception {
    AsynchronousFileChannel channel = file.open();
    AsyncCalls calls = new AsyncCalls(2);
    ByteBuffer failed = ByteBuffer.allocate(AsyncFile.BLOCK);
    channel.write(failed, AsyncFile.BLOCK, 1, calls);
    channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0, 0, calls);
    List<String> said = calls.await();
    ByteBuffer late = ByteBuffer.allocate(AsyncFile.BLOCK);
    Future<Integer> closing =
        channel.write(late, 2 * AsyncFile.BLOCK); // Still under way, by a fault.
    channel.close();
    String closed;
    try {
      closed = "written " + closing.get();
    } catch (ExecutionException e) {
      closed = e.getCause() instanceof AsynchronousCloseException ? "closed" : e.toString();
    }
    return said + " at " + failed.position() + ", " + closed + " at " + late.position();
  }

  /** 2,000 in flight at once, and how many threads there are meanwhile. */
  String threads() throws Exception {
    int count = 2000;
    AsyncCalls calls = new AsyncCalls(count);
    int before = Thread.activeCount();
    int most = 0;
    try (AsynchronousFileChannel channel = file.open()) {
      for (int i = 0; i < count; i++) {
        channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), (long) i * AsyncFile.BLOCK, i, calls);
      }
      while (!calls.expected.await(5, TimeUnit.MILLISECONDS)) {
        most = Math.max(most, Thread.getAllStackTraces().size());
      }
    }
    return calls.await().size() + " by " + (most < before + 60 ? "few threads" : most + " threads");
  }
}
