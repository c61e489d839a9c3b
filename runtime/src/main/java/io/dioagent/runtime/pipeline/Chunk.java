package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.memory.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * Contiguous bytes of one file on their way, in a buffer of the pool's that begins at an aligned
 * offset of the file, so that the aligned middle can go direct.
 *
 * <pre>
 *  file:     | aligned offset          |                        |
 *  buffer:   [   free    | bytes written so far |     room      ]
 * </pre>
 *
 * <p>Owned by its {@link Pipeline}: the one writer whose turn it is puts the bytes in; the other
 * fields are guarded by the pipeline's lock, and the links by the lock of {@link Pipelines}.
 */
final class Chunk {
  private final Pipeline pipeline;
  private final FileContext file;
  private final NativeBuffer[] memory;
  private final long offset;
  private final int from;
  private final long sequence;
  private final Origin origin;
  private final long bornNanoTime = System.nanoTime();
  private int end;
  private boolean sealAsked;
  private boolean isSealed;
  private long sealedNanoTime;

  // Made with the chunk, so that it can be sealed with a full heap.

  private final Patience patience = new Patience();
  private final Patience.Why turn;

  /** Neighbours among the open ones, the older and the younger; both null for one that is not. */
  private Chunk older;

  private Chunk younger;

  /**
   * An empty chunk.
   *
   * @param memory one buffer
   * @param offset of its first byte in the file
   * @param alignBytes a power of two
   * @param sequence its place among those of the pipeline
   */
  Chunk(
      Pipeline pipeline,
      FileContext file,
      NativeBuffer[] memory,
      long offset,
      int alignBytes,
      long sequence,
      Origin origin) {
    this.pipeline = pipeline;
    this.file = file;
    this.memory = memory;
    this.offset = offset;
    this.sequence = sequence;
    this.origin = origin;
    turn = file.device().traffic().watch();
    from = (int) (offset & alignBytes - 1);
    end = from;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  /** The file whose descriptors and policy it is written with. */
  FileContext file() {
    return file;
  }

  NativeBuffer memory() {
    return memory[0];
  }

  /** Gives the memory back of a chunk that is not written. */
  void release() {
    file.device().release(memory);
  }

  long sequence() {
    return sequence;
  }

  long offset() {
    return offset;
  }

  int lengthBytes() {
    return end - from;
  }

  long endOffset() {
    return offset + lengthBytes();
  }

  /** Whether another chunk is of the same file and begins where this one ends. */
  boolean isContinuedBy(Chunk next) {
    return next.offset() == endOffset() && next.file() == file;
  }

  long address() {
    return memory[0].address() + from;
  }

  int capacityBytes() {
    return memory[0].capacityBytes();
  }

  int usedBytes() {
    return end;
  }

  int roomBytes() {
    return capacityBytes() - end;
  }

  /** Returns the place of the next bytes, for the writer whose turn it is. */
  ByteBuffer room(int lengthBytes) {
    return memory[0].bytes().limit(end + lengthBytes).position(end);
  }

  void filled(int lengthBytes) {
    memory[0].bytes().clear();
    end += lengthBytes;
  }

  /** It is to be sealed as soon as the writer has filled it. */
  void askSeal() {
    sealAsked = true;
  }

  boolean isSealAsked() {
    return sealAsked;
  }

  /** Its deadline begins. Allocates nothing. */
  void seal() {
    sealedNanoTime = System.nanoTime();
    patience.resume();
    isSealed = true;
  }

  /** Returns its first writer, and when it was sealed. */
  Origin sealed() {
    if (!isSealed) {
      throw new IllegalStateException("the chunk at " + offset + " is not sealed");
    }
    return new Origin(origin.submitter(), sealedNanoTime, patience);
  }

  long bornNanoTime() {
    return bornNanoTime;
  }

  /** A look at one that is sealed: whether its deadline is spent. */
  boolean isOverdue(Patience.Why why) {
    return patience.isSpentInRounds(
        file.runtime().watchdog().restNanos(), file.deadline().nanos(), why);
  }

  /** Returns the cause of a sealed chunk's wait while nothing of its file is being written. */
  Patience.Why turn() {
    return turn;
  }

  /** Of one that is sealed. */
  InFlightRequest inFlight() {
    RequestInfo request = new RequestInfo(0, file.path(), offset, lengthBytes());
    return file.inFlight("pipelined write", request, sealed(), "what was written before it");
  }

  Chunk older() {
    return older;
  }

  Chunk younger() {
    return younger;
  }

  void setOlder(Chunk chunk) {
    older = chunk;
  }

  void setYounger(Chunk chunk) {
    younger = chunk;
  }
}
