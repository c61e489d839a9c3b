package io.dioagent.runtime.queue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The pieces of a queue's writes that are not on a lane: those that wait for a submitter thread,
 * and those that such a thread has.
 *
 * <p>The waiting ones are used by the holder of the queue's lock; written ones are posted by any
 * thread, by compare-and-set.
 */
final class WaitingPieces {
  // Pieces for which no submitter thread was free, linked.

  private WaitingPiece firstWaiting;
  private WaitingPiece lastWaiting;

  /** Pieces that submitter threads have written, linked, the last one first. */
  private final AtomicReference<WaitingPiece> posted = new AtomicReference<>();

  private final AtomicInteger handedOver = new AtomicInteger();

  /** By the queue's thread. */
  void handOver(WaitingPiece piece) {
    piece.setNext(null);
    if (firstWaiting == null) {
      firstWaiting = piece;
    } else {
      lastWaiting.setNext(piece);
    }
    lastWaiting = piece;
  }

  /** By a submitter thread. */
  void post(WaitingPiece piece) {
    do {
      piece.setNext(posted.get());
    } while (!posted.compareAndSet(piece.next(), piece));
  }

  /** A piece that cannot be started, as there is no thread or no memory, keeps its place. */
  void start(boolean byQueue) {
    for (WaitingPiece piece; (piece = firstWaiting) != null; ) {
      WaitingPiece following = piece.next(); // Once started, it is linked to what is posted.
      if (!piece.start(byQueue)) {
        break;
      }
      firstWaiting = following;
      handedOver.incrementAndGet();
    }
  }

  /** Whether there is any piece, waiting or with a submitter thread. */
  boolean areOut() {
    return handedOver.get() > 0 || firstWaiting != null;
  }

  void takePosted() {
    for (WaitingPiece piece = posted.getAndSet(null); piece != null; ) {
      WaitingPiece next = piece.next();
      handedOver.decrementAndGet();
      piece.write().pieceWritten(piece);
      piece = next;
    }
  }
}
