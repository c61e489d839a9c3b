package io.dioagent.runtime.pipeline;

import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.Patience;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.Request;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import io.dioagent.runtime.plan.WritePlan;
import io.dioagent.runtime.write.BlockingWrite;
import io.dioagent.runtime.write.RequestConstructor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Chunks of one file, each beginning where the one before ends, that are written as one request.
 */
final class Chunks {
  private final FileContext file;
  private final List<Chunk> chunks;
  private final long offset;
  private final long lengthBytes;
  private final Origin origin;

  private final Object drainer;

  /** The chunks' memory: the request's, once there is one. */
  private final NativeBuffer[] buffers;

  /** The buffers are given back by {@link #begin}, or by a request. Its drainer's alone. */
  private boolean begun;

  /** Guarded by the pipeline's lock, as the next one. */
  private BackgroundWrite request;

  private boolean ending;

  /**
   * Chunks to be written.
   *
   * @param chunks at least one
   * @param drainer that writes them; null if they are given up instead
   */
  Chunks(List<Chunk> chunks, Object drainer) {
    this.chunks = chunks;
    this.drainer = drainer;
    Chunk first = chunks.get(0);
    file = first.file();
    offset = first.offset();
    lengthBytes = last().endOffset() - offset;
    origin = first.sealed();
    buffers = new NativeBuffer[chunks.size()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = chunks.get(i).memory();
    }
  }

  /**
   * Makes a request of the bytes that are in the buffers, and gives it those; if it cannot be made,
   * they are given back.
   *
   * @throws IOException if it cannot be made
   */
  <T extends BlockingWrite> T begin(RequestConstructor<T> constructor) throws IOException {
    begun = true;
    T made = null;
    try {
      made = BlockingWrite.begin(file, offset, lengthBytes, origin, lane -> on(lane, constructor));
      return made;
    } finally {
      if (made == null) {
        file.device().release(buffers);
      }
    }
  }

  /** By their drainer, which could not come so far as to {@link #begin}. */
  void releaseUnlessBegun() {
    if (!begun) {
      begun = true;
      file.device().release(buffers);
    }
  }

  private <T extends BlockingWrite> T on(Lane lane, RequestConstructor<T> constructor)
      throws IOException {
    int align = file.alignBytes();
    int piece = Math.max(pieceBytes(), align);
    String whyBuffered = file.ability().whyBuffered(lane);
    List<Part> parts = new ArrayList<>();
    PageClaim claim = new PageClaim();
    for (Chunk chunk : chunks) {
      List<WritePlan.Part> plan =
          WritePlan.cut(chunk.offset(), chunk.lengthBytes(), align, piece, whyBuffered);
      file.failures().refuseIfForbidden(plan);
      for (WritePlan.Part part : plan) {
        parts.add(new Part(part, chunk.address() + part.offset() - chunk.offset()));
        claim.add(part.offset(), part.lengthBytes(), part.whyBuffered() == null);
      }
    }
    T made = null;
    try {
      file.deadline().claim(claim, offset, lengthBytes, origin);
      Request request = Request.on(lane, file, offset, lengthBytes, origin);
      T write = constructor.of(request, lane, buffers, new Parts(parts), claim, -1);
      write.enter();
      made = write;
      return made;
    } finally {
      if (made == null) {
        file.node().claims().release(claim);
      }
    }
  }

  /** Pieces that extend the file go one after the other: then they are as large as can be. */
  private int pieceBytes() {
    boolean extending = endOffset() > file.node().leastSizeBytes();
    return extending ? last().pipeline().largestChunkBytes() : file.runtime().pieceBytes();
  }

  int count() {
    return chunks.size();
  }

  /** In the order of the file. */
  List<Chunk> all() {
    return chunks;
  }

  FileContext file() {
    return file;
  }

  Chunk first() {
    return chunks.get(0);
  }

  Chunk last() {
    return chunks.get(chunks.size() - 1);
  }

  long endOffset() {
    return offset + lengthBytes;
  }

  /** A look at them, once there is a request: whether its deadline is spent. */
  boolean isOverdue() {
    return first().isOverdue(request::whyOnThread);
  }

  /** Returns the cause of the wait of a chunk behind them. */
  Patience.Cause whyBehind(Chunk waiting) {
    return request == null ? waiting.turn().cause() : request.whyOnThread();
  }

  /** Returns the drainer that writes them. */
  Object drainer() {
    return drainer;
  }

  /** Their request is on its way, and may get stuck. */
  void began(BackgroundWrite background) {
    request = background;
  }

  /** Their request; null if there is none yet, or their drainer waits for it itself. */
  BackgroundWrite request() {
    return request;
  }

  /** They are about to end; false if they were before. */
  boolean beginEnd() {
    boolean first = !ending;
    ending = true;
    return first;
  }
}
