package io.dioagent.runtime;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.device.Io;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.NativeBuffer;

/**
 * Finds how a file system handles a file of its own that is written only for this trial: whether
 * extending writes are asynchronous, and whether buffered ones can be uncached.
 *
 * @param extendingAsynchronous whether io_submit(2) returned before a write that extends the file
 *     had ended; meaningless if it cannot go direct
 * @param uncachedBuffered whether pwritev2(2) takes RWF_DONTCACHE
 */
public record WriteTrial(boolean extendingAsynchronous, boolean uncachedBuffered) {
  /** Long enough that the device has not finished it when io_submit returns, unless that waits. */
  private static final int BYTES = 1 << 20;

  private static final int TRIES = 5;

  private static final long ENOUGH_NANOS = 10_000_000_000L;

  /**
   * Writes some megabytes to the end of a file that is open for writing, and empty.
   *
   * @throws IllegalStateException if there is no memory, or no context for it
   */
  static WriteTrial of(FileContext file) {
    RuntimeContext runtime = file.runtime();
    Lane lane = runtime.lanes().borrow(Limit.until(System.nanoTime() + ENOUGH_NANOS));
    NativeBuffer[] memory =
        file.device().acquireMemory(1, Math.min(BYTES, runtime.pieceBytes()), Limit.FOREVER);
    try {
      int asynchronous = 0;
      long end = 0;
      for (int i = 0; i < TRIES && file.ability().isDirect() && lane.canGoDirect(); i++) {
        Extension extension = new Extension(file, end, memory[0].capacityBytes());
        lane.queue(
            extension,
            file.descriptors().directIfOpen(),
            memory[0].address(),
            memory[0].capacityBytes(),
            end,
            0);
        long unused = lane.submit();
        if (!extension.ended && lane.reap(0, 0) == 0) {
          asynchronous++;
        }
        while (!extension.ended) {
          lane.reap(1, ENOUGH_NANOS);
        }
        end += memory[0].capacityBytes();
      }
      lane.gatherList().clear();
      lane.gatherList().add(memory[0].address(), file.alignBytes());
      RequestInfo part = new RequestInfo(0, file.path(), 0, file.alignBytes());
      int fd = file.descriptors().buffered();
      long uncached = lane.pageCache().write(part, fd, lane.gatherList(), 0, Linux.RWF_DONTCACHE);
      return new WriteTrial(asynchronous > TRIES / 2, uncached > 0);
    } finally {
      file.device().release(memory);
      runtime.lanes().giveBack(lane);
    }
  }

  /** One write beyond the end. */
  private static final class Extension implements Io {
    private final RequestInfo request;
    private boolean ended;

    Extension(FileContext file, long offset, long lengthBytes) {
      request = new RequestInfo(0, file.path(), offset, lengthBytes);
    }

    @Override
    public RequestInfo request() {
      return request;
    }

    @Override
    public void completed(long result) {
      ended = true;
    }

    @Override
    public void refused(int errno) {
      ended = true;
    }
  }
}
