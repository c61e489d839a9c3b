package io.dioagent.agent.apps;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Handlers of asynchronous writes, and the executors that call them. */
final class AsyncHandlers {
  private final AsyncFile file;

  AsyncHandlers(AsyncFile file) {
    this.file = file;
  }

  /** Handlers are called by the channel's own threads. */
  String executor() throws Exception {
    AtomicInteger made = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "mine-" + made.incrementAndGet()));
    AsyncCalls calls = new AsyncCalls(200);
    try (AsynchronousFileChannel channel = file.open(pool)) {
      for (int i = 0; i < 200; i++) {
        int length = i % 10 == 0 ? 100 : AsyncFile.BLOCK;
        channel.write(ByteBuffer.allocate(length), (long) i * AsyncFile.BLOCK, i, calls);
      }
      calls.await();
    } finally {
      pool.shutdown();
    }
    AsyncCalls others = new AsyncCalls(1);
    try (AsynchronousFileChannel channel = file.open()) {
      channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), 0, 0, others);
      others.await();
    }
    return calls.all.size() + " by " + calls.threads + ", 1 by " + others.threads;
  }

  /** A handler that throws: ends its thread, and affects no other. */
  String throwing() throws Exception {
    List<String> uncaught = Collections.synchronizedList(new ArrayList<>());
    ExecutorService pool =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((by, e) -> uncaught.add(e.getMessage()));
              return thread;
            });
    AsyncCalls calls = new AsyncCalls(20);
    AtomicInteger thrown = new AtomicInteger();
    CompletionHandler<Integer, Object> handler =
        new CompletionHandler<>() {
          @Override
          public void completed(Integer result, Object attachment) {
            calls.completed(result, attachment);
            if (thrown.getAndIncrement() % 2 == 0) {
              throw new IllegalStateException("mine");
            }
          }

          @Override
          public void failed(Throwable failure, Object attachment) {
            calls.failed(failure, attachment);
          }
        };
    try (AsynchronousFileChannel channel = file.open(pool)) {
      for (int i = 0; i < 20; i++) {
        channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), (long) i * AsyncFile.BLOCK, i, handler);
      }
      calls.await();
    }
    pool.shutdown();
    boolean over = pool.awaitTermination(60, TimeUnit.SECONDS);
    return calls.all.size() + ", uncaught " + uncaught.size() + " " + over;
  }

  /** A handler that waits for the next one's call, as it may where there are threads enough. */
  String waiting() throws Exception {
    int count = 20;
    CountDownLatch[] called = new CountDownLatch[count + 1];
    for (int i = 0; i <= count; i++) {
      called[i] = new CountDownLatch(1);
    }
    called[count].countDown();
    AtomicInteger inTime = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(count);
    try (AsynchronousFileChannel channel = file.open()) {
      for (int i = 0; i < count; i++) {
        channel.write(
            ByteBuffer.allocate(AsyncFile.BLOCK),
            (long) i * AsyncFile.BLOCK,
            i,
            new CompletionHandler<Integer, Integer>() {
              @Override
              public void completed(Integer result, Integer number) {
                called[number].countDown();
                try {
                  if (called[number + 1].await(30, TimeUnit.SECONDS)) {
                    inTime.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                over.countDown();
              }

              @Override
              public void failed(Throwable failure, Integer number) {
                over.countDown();
              }
            });
      }
      boolean all = over.await(60, TimeUnit.SECONDS);
      return inTime + " " + all;
    }
  }

  String rejected() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    AsyncCalls calls = new AsyncCalls(0);
    try (AsynchronousFileChannel channel = file.open(pool)) {
      pool.shutdown();
      ByteBuffer source = ByteBuffer.allocate(AsyncFile.BLOCK);
      try {
        channel.write(source, 0, 0, calls);
        return "accepted";
      } catch (RejectedExecutionException e) {
        return "refused at " + source.position() + " " + calls.await();
      }
    }
  }

  /** The executor goes while a write is in flight: its handler is called all the same. */
  String shutDown() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    AsyncCalls calls = new AsyncCalls(8);
    AsynchronousFileChannel channel = file.open(pool);
    for (int i = 0; i < 8; i++) {
      channel.write(ByteBuffer.allocate(AsyncFile.BLOCK), (long) i * AsyncFile.BLOCK, i, calls);
    }
    pool.shutdownNow();
    channel.close();
    return String.join(" ", calls.await());
  }
}
