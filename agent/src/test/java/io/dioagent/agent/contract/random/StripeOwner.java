package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/** One thread of {@link CrowdOperations}, with the stripes that are its own. */
final class StripeOwner {
  private static final int PAGE_BYTES = 4096;
  private static final int LONGEST_TAIL_BYTES = 1 << 20;
  private static final int LARGEST_RECORD_BYTES = 20_000;
  private static final int REMEMBERED = 10;
  private static final int SABOTAGED_EVERY = 20;

  private final int thread;
  private final Dice dice;
  private final SharedFile file;
  private final Stripes stripes;
  private final Tail tail;
  private final Deque<String> last = new ArrayDeque<>();

  StripeOwner(int thread, Dice dice, SharedFile file, Stripes stripes, Tail tail) {
    this.thread = thread;
    this.dice = dice;
    this.file = file;
    this.stripes = stripes;
    this.tail = tail;
  }

  /**
   * Does operations until there is a difference.
   *
   * @param sabotages whether it damages a stripe of its own after 9 in 10
   * @param isOver whether it is to end before
   * @return the difference; null if there was none
   */
  String run(int operations, boolean sabotages, BooleanSupplier isOver) {
    int done = 0;
    try (StripeWriter writer = shared(() -> new StripeWriter(file, dice, thread));
        StripeReader reader = shared(() -> new StripeReader(file, dice))) {
      while (done < operations && !isOver.getAsBoolean()) {
        if (sabotages && done >= operations / 10 * 9 && done % SABOTAGED_EVERY == 0) {
          damage();
        }
        done++;
        if (dice.percent(3)) {
          alone();
        } else {
          besideOthers(writer, reader);
        }
      }
      return null;
    } catch (Exception | Error e) {
      return "thread " + thread + ", operation " + done + ": " + e + "\n" + String.join("\n", last);
    }
  }

  /** Opens something while no other moves the file away. */
  private <T> T shared(Callable<T> opening) throws Exception {
    Lock shared = file.sharedLock();
    shared.lock();
    try {
      return opening.call();
    } finally {
      shared.unlock();
    }
  }

  private void remember(String operation) {
    last.addLast(operation);
    if (last.size() > REMEMBERED) {
      last.removeFirst();
    }
  }

  // ---- beside others ----

  private void besideOthers(StripeWriter writer, StripeReader reader) throws Exception {
    Lock shared = file.sharedLock();
    shared.lock();
    try {
      int kind = dice.below(100);
      if (kind < 75) {
        write(writer);
      } else if (kind < 85) {
        append();
      } else if (kind < 90) {
        force();
      } else {
        expectSize();
      }
      if (dice.percent(60)) {
        read(reader);
      }
    } finally {
      shared.unlock();
    }
  }

  private void write(StripeWriter writer) throws Exception {
    int stripe = stripes.ownedBy(thread, dice);
    int from = from(stripe);
    byte[] bytes = Bytes.of(dice.number(), length(stripe, from));
    Object how = writer.write(stripes.offset(stripe) + from, bytes);
    stripes.wrote(stripe, from, bytes);
    long offset = stripes.offset(stripe) + from;
    remember("write " + bytes.length + " at " + offset + ", stripe " + stripe + ", by " + how);
  }

  /** Somewhere in a stripe, half of the times at a page of the file. */
  private int from(int stripe) {
    int from = dice.below(stripes.lengthBytes(stripe));
    int toPage = (int) (-(stripes.offset(stripe) + from) & (PAGE_BYTES - 1));
    boolean fits = from + toPage < stripes.lengthBytes(stripe);
    return dice.percent(10) ? 0 : fits && dice.percent(50) ? from + toPage : from;
  }

  /** Within the rest of a stripe; now and then all of it. */
  private int length(int stripe, int from) {
    int left = stripes.lengthBytes(stripe) - from;
    return dice.percent(20) ? left : Math.min(left, dice.length());
  }

  private void append() throws IOException, Difference {
    byte[] record = tail.record(thread, dice.below(LARGEST_RECORD_BYTES));
    int kind = dice.below(4);
    int written = record.length;
    if (kind < 2) {
      written = file.appending(dice).write(ByteBuffer.wrap(record));
    } else if (kind == 2) {
      file.appendingStream().write(record);
    } else {
      try (FileChannel channel = FileChannel.open(file.side().file(), StandardOpenOption.APPEND)) {
        written = channel.write(ByteBuffer.wrap(record));
      }
    }
    if (written != record.length) {
      throw new Difference("appended", written, record.length);
    }
    tail.appended(thread, record);
    remember("append " + record.length);
  }

  private void force() throws IOException {
    if (!file.mayHold() || dice.percent(50)) {
      file.channel(dice).force(dice.percent(50));
    } else {
      file.randomAccess().getFD().sync();
    }
    remember("force");
  }

  /** At least as much as is certain to be there. */
  private void expectSize() throws IOException, Difference {
    long least = stripes.endOffset() + tail.lengthBytes();
    int kind = dice.below(file.mayHold() ? 5 : 4);
    long size =
        switch (kind) {
          case 0 -> file.channel(dice).size();
          case 1 -> file.side().file().toFile().length();
          case 2 -> Files.size(file.side().path(Opening.name(dice)));
          case 3 -> file.asynchronous(dice).size();
          default -> file.randomAccess().length();
        };
    if (size < least) {
      throw new Difference("size by " + kind, size, "at least " + least);
    }
    remember("size " + size);
  }

  /** With a bit of its neighbours, of which nothing is known. */
  private void read(StripeReader reader) throws Exception {
    int stripe = stripes.ownedBy(thread, dice);
    int from = from(stripe);
    int length = length(stripe, from);
    long offset = stripes.offset(stripe) + from;
    int before = (int) Math.min(offset, dice.percent(30) ? dice.below(5000) : 0);
    int behind = (int) Math.min(stripes.endOffset() - offset - length, dice.below(5000));
    StripeReader.Found found = reader.read(offset - before, before + length + behind);
    stripes.expect(stripe, from, found.content().array(), before, length, found.how());
  }

  // ---- while no other does anything ----

  private void alone() throws Exception {
    Lock exclusive = file.exclusiveLock();
    exclusive.lock();
    try {
      int kind = dice.below(100);
      if (kind < 10 || tail.lengthBytes() > LONGEST_TAIL_BYTES) {
        cut();
      } else if (kind < 60) {
        SharedFile.Part part = dice.oneOf(SharedFile.Part.values());
        file.reopen(part, dice);
        remember("reopen " + part);
      } else if (kind < 65) {
        moveAndBack();
      } else if (kind < 95 && file.mayHold()) {
        writeMapping();
      } else {
        compareAll();
      }
    } finally {
      exclusive.unlock();
    }
  }

  /** At the end of a stripe, and lengthens it to the end of the last one. */
  private void cut() throws IOException, Difference {
    compareAll();
    int stripe = dice.percent(50) ? stripes.count() : dice.below(stripes.count());
    if (!file.mayHold() || dice.percent(50)) {
      file.channel(dice).truncate(stripes.offset(stripe));
    } else {
      file.randomAccess().setLength(stripes.offset(stripe));
    }
    int kind = file.mayHold() ? dice.below(3) : 0;
    if (kind == 2) {
      file.randomAccess().setLength(stripes.endOffset());
    } else if (stripe < stripes.count()) {
      ByteBuffer zero = ByteBuffer.allocate(1);
      long end = stripes.endOffset() - 1;
      int written =
          kind == 0
              ? file.channel(dice).write(zero, end)
              : file.channel(dice).map(MapMode.READ_WRITE, end, 1).capacity();
      if (written != 1) {
        throw new Difference("written at " + end, written, 1);
      }
    }
    stripes.cutFrom(stripe);
    tail.cut();
    remember("cut from stripe " + stripe);
    compareAll();
  }

  private void moveAndBack() throws IOException {
    Files.move(file.side().file(), file.side().aside());
    try {
      file.channel(dice).force(true);
    } finally {
      Files.move(file.side().aside(), file.side().file());
    }
    remember("move and back");
  }

  /** Beside a direct write to the same page it might lose, or win: so with none beside it. */
  private void writeMapping() throws IOException {
    int stripe = stripes.ownedBy(thread, dice);
    int from = from(stripe);
    byte[] bytes = Bytes.of(dice.number(), length(stripe, from));
    long offset = stripes.offset(stripe) + from;
    var mapping = file.channel(dice).map(MapMode.READ_WRITE, offset, bytes.length);
    mapping.put(bytes);
    if (dice.percent(20)) {
      mapping.force();
    }
    stripes.wrote(stripe, from, bytes);
    remember("write mapping of " + bytes.length + " at " + offset);
  }

  private void compareAll() throws IOException, Difference {
    Reading reading = Reading.any(dice, file.mayHold());
    byte[] found;
    byte[] appended;
    try (InputStream in = reading.open(file.side().path(Opening.name(dice)))) {
      found = in.readNBytes((int) stripes.endOffset());
      appended = in.readAllBytes();
    }
    if (found.length < stripes.endOffset()) {
      throw new Difference("size, read by " + reading, found.length, stripes.endOffset());
    }
    for (int stripe = 0; stripe < stripes.count(); stripe++) {
      int from = (int) stripes.offset(stripe);
      stripes.expect(stripe, 0, found, from, stripes.lengthBytes(stripe), reading);
    }
    tail.expect(appended);
    remember("compare all by " + reading);
  }

  /** Past all that the agent sees. */
  private void damage() throws IOException {
    int stripe = stripes.ownedBy(thread, dice);
    Lock exclusive = file.exclusiveLock();
    exclusive.lock();
    try (RandomAccessFile foreign =
        new RandomAccessFile(file.side().path(FileSide.Name.FOREIGN_LINK).toFile(), "rw")) {
      foreign.seek(stripes.offset(stripe));
      int before = foreign.read();
      foreign.seek(stripes.offset(stripe));
      foreign.write(before + 1);
    } finally {
      exclusive.unlock();
    }
  }
}
