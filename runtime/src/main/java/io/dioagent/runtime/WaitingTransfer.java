package io.dioagent.runtime;

import io.dioagent.runtime.dio.Dio;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.util.concurrent.TimeUnit;

/**
 * What of a write has to wait inside the kernel, in the order of the file: on a submitter thread,
 * which owns the write meanwhile. Every step may take for ever, and asks before it writes whether
 * the caller is still there.
 */
final class WaitingTransfer {
  private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(365);

  private final DirectFile file;
  private final Lane lane;
  private final Dio dio;
  private final RequestInfo request;
  private final Parts parts;
  private final DirectTransfer direct;

  /** Where an append goes, as pwritev2 takes it: -1 is the descriptor's own position. */
  private final long appendPosition;

  WaitingTransfer(
      DirectFile file,
      Lane lane,
      Dio dio,
      RequestInfo request,
      Parts parts,
      DirectTransfer direct,
      long appendPosition) {
    this.file = file;
    this.lane = lane;
    this.dio = dio;
    this.request = request;
    this.parts = parts;
    this.direct = direct;
    this.appendPosition = appendPosition;
  }

  /** Writes all that is left, and waits until the device has it. */
  void run() {
    try {
      if (file.isAppend()) {
        append();
        flushAppended();
      } else {
        writeRest();
        flushBuffered();
        checkCollision(file.policy().onCollision());
      }
    } catch (ErrnoException e) {
      dio.pending(e.errno());
    } catch (RuntimeException | Error e) {
      // A defect of ours: the caller gets an error, never silence.
      dio.pending(Errno.EIO);
      file.runtime().defect("write of " + request, e);
    }
  }

  private boolean isReleased() {
    return dio.state() == Dio.State.OVERDUE;
  }

  private void writeRest() throws ErrnoException {
    long sizeBytes = -1;
    for (int next; (next = parts.firstOpen()) >= 0 && !isReleased(); ) {
      Part part = parts.get(next);
      if (part.isDirect()) {
        if (sizeBytes < 0) {
          sizeBytes = FileStatus.of(file.descriptors().given()).sizeBytes();
        }
        queueFrom(next, sizeBytes);
        direct.submit();
        while (direct.inFlight() > 0) {
          direct.reap(FOREVER_NANOS);
        }
      } else {
        writeBuffered(part);
        if (part.isOpen()) {
          return;
        }
      }
    }
  }

  /**
   * Queues the direct parts that may be in flight side by side. Those that extend the file go one
   * after the other: where one fails, no byte behind it is in the file.
   */
  private void queueFrom(int first, long sizeBytes) {
    int queued = 0;
    for (int i = first; i < parts.count() && parts.get(i).isDirect(); i++) {
      Part part = parts.get(i);
      boolean extending = part.offset() + part.lengthBytes() > sizeBytes;
      if (!part.isOpen()) {
        continue;
      }
      if ((extending && queued > 0) || !direct.queue(part, 0)) {
        return;
      }
      queued++;
    }
  }

  private void writeBuffered(Part part) throws ErrnoException {
    direct.waitFor("a buffered write");
    int fd = file.descriptors().buffered();
    while (part.isOpen() && !isReleased()) {
      lane.clearGather();
      lane.gather(part.restAddress(), part.restBytes());
      long written = file.writeGathered(lane, fd, part.restOffset());
      if (written < 0) {
        part.failed((int) -written);
      } else {
        part.wroteBuffered((int) written);
        dio.buffered(written);
        if (written == 0) {
          return;
        }
      }
    }
  }

  /** One system call, so that what other processes append does not come between. */
  private void append() throws ErrnoException {
    direct.waitFor("a buffered write");
    int fd = file.descriptors().buffered();
    lane.clearGather();
    for (int i = 0; i < parts.count(); i++) {
      lane.gather(parts.get(i).restAddress(), parts.get(i).restBytes());
    }
    if (isReleased()) {
      return;
    }
    long written = file.writeGathered(lane, fd, appendPosition);
    if (written < 0) {
      parts.get(0).failed((int) -written);
      return;
    }
    dio.buffered(written);
    for (int i = 0; i < parts.count(); i++) {
      int bytes = (int) Math.min(written, parts.get(i).lengthBytes());
      parts.get(i).wroteBuffered(bytes);
      written -= bytes;
    }
  }

  private void flushAppended() throws ErrnoException {
    long bytes = parts.bufferedBytes();
    if (bytes == 0) {
      return;
    }
    // A positional write on O_APPEND does not tell where it went: then it is all of the file.
    long end = appendPosition < 0 ? Linux.position(file.descriptors().buffered()) : 0;
    flush(end < bytes ? 0 : end - bytes, end < bytes ? 0 : bytes);
  }

  /** A buffered part, too, has ended only when the device has it. */
  private void flushBuffered() throws ErrnoException {
    for (int i = 0; i < parts.count(); i++) {
      if (parts.get(i).bufferedBytes() == 0) {
        continue;
      }
      long from = parts.get(i).offset();
      while (i + 1 < parts.count() && parts.get(i + 1).bufferedBytes() > 0) {
        i++;
      }
      flush(from, parts.get(i).restOffset() - from);
    }
  }

  private void flush(long offset, long lengthBytes) throws ErrnoException {
    if (isReleased()) {
      return;
    }
    direct.waitFor("write-back (sync_file_range)");
    long flushed = file.flushRange(offset, lengthBytes);
    if (flushed < 0) {
      dio.pending((int) -flushed);
    }
  }

  /** Whether the cache holds some of what was written past it: asked without blocking. */
  boolean suspectCollision() {
    long from = parts.directFrom();
    if (from < 0 || parts.firstError() != 0) {
      return false;
    }
    try {
      int fd = file.descriptors().direct();
      return lane.cacheStatus().query(fd, from, parts.directEnd() - from) > 0;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /**
   * Where the kernel could not drop a cached page after a direct write it marks the mapping with
   * EIO (dio_warn_stale_pagecache), which our own descriptor learns of here, and the application's
   * at its next fsync.
   */
  private void checkCollision(OnCollision policy) throws ErrnoException {
    if (isReleased() || !suspectCollision()) {
      return;
    }
    long from = parts.directFrom();
    long length = parts.directEnd() - from;
    direct.waitFor("write-back (sync_file_range)");
    long marked =
        Linux.syncFileRange(
            file.descriptors().direct(), from, length, Linux.SYNC_FILE_RANGE_WAIT_BEFORE);
    if (marked >= 0) {
      return;
    }
    file.runtime()
        .collided(
            new RequestInfo(request.requestId(), file.path(), from, length),
            policy,
            "sync_file_range says " + Errno.name((int) -marked) + " after the direct write");
    if (policy == OnCollision.FAIL) {
      dio.pending((int) -marked);
    } else if (policy == OnCollision.LAUNDER) {
      file.flushRange(from, length);
      for (int i = 0; i < parts.count(); i++) {
        if (parts.get(i).isDirect()) {
          dio.again(parts.get(i).doneBytes());
          parts.get(i).startAgain();
        }
      }
      writeRest();
      checkCollision(OnCollision.REPORT);
    }
  }
}
