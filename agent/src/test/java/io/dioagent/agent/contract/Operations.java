package io.dioagent.agent.contract;

import io.dioagent.agent.contract.Operation.Range;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses operations at random: which, on which channel, of what size, where. What it chooses
 * depends on the seed and on the plain file only. Not thread-safe.
 */
final class Operations {
  private static final int ALL_SLOTS = FileSide.SLOTS;
  private static final int SOURCE_BYTES = 4 << 20;

  private final Dice dice;
  private final FileSide plain;

  Operations(long seed, FileSide plain) {
    dice = new Dice(seed);
    this.plain = plain;
  }

  /** The bytes of the file that both sides transfer from. */
  static byte[] source() {
    return Bytes.of(-1, SOURCE_BYTES);
  }

  /** The next one. The very first opens a channel that can do everything. */
  Operation next(int number) throws IOException {
    if (number == 1) {
      return Opening.readWrite(0);
    }
    if (plain.sizeBytes() > Dice.USUAL_FILE_BYTES && dice.percent(30)) {
      return truncate(dice.below(Dice.USUAL_FILE_BYTES));
    }
    int kind = dice.below(1000);
    if (kind < 210) {
      return write();
    } else if (kind < 420) {
      return writeAt();
    } else if (kind < 510) {
      return gather();
    } else if (kind < 560) {
      return read();
    } else if (kind < 620) {
      return readAt();
    } else if (kind < 650) {
      return scatter();
    } else if (kind < 700) {
      return truncate(dice.offset(plain.sizeBytes()));
    } else if (kind < 760) {
      return position();
    } else if (kind < 775) {
      return force();
    } else if (kind < 810) {
      return transferTo();
    } else if (kind < 855) {
      return transferFrom();
    } else if (kind < 870) {
      return transferWithin();
    } else if (kind < 890) {
      return readMapping();
    } else if (kind < 905) {
      return writeMapping();
    } else if (kind < 915) {
      return writeFromMapping();
    } else if (kind < 950) {
      return new Opening(dice).next(dice.below(ALL_SLOTS));
    } else if (kind < 960) {
      return close();
    } else if (kind < 980) {
      return pastTheChannel();
    } else if (kind < 988) {
      return Opening.wholeFile(dice, plain.sizeBytes());
    } else if (kind < 993) {
      return farAway();
    } else if (kind < 996) {
      return interrupted();
    }
    return outOfRange();
  }

  // ---- writing ----

  private Operation write() throws IOException {
    int slot = writableSlot();
    byte[] bytes = bytes();
    BufferKind kind = bufferKind();
    return new Operation(
        "write " + bytes.length + " " + kind + " on " + slot,
        atPosition(slot, bytes.length),
        side -> {
          ByteBuffer buffer = kind.holding(bytes);
          return channel(side, slot).write(buffer) + left(buffer);
        });
  }

  private Operation writeAt() throws IOException {
    int slot = writableSlot();
    byte[] bytes = bytes();
    long offset = dice.offset(plain.sizeBytes());
    BufferKind kind = bufferKind();
    return new Operation(
        "write " + bytes.length + " " + kind + " at " + offset + " on " + slot,
        Range.around(offset, bytes.length),
        side -> {
          ByteBuffer buffer = kind.holding(bytes);
          return channel(side, slot).write(buffer, offset) + left(buffer);
        });
  }

  private Operation gather() throws IOException {
    int slot = writableSlot();
    List<byte[]> parts = new ArrayList<>();
    List<BufferKind> kinds = new ArrayList<>();
    int total = 0;
    for (int count = dice.below(dice.percent(5) ? 40 : 7); count >= 0; count--) {
      byte[] part = dice.percent(15) ? new byte[0] : bytes();
      if (total + part.length <= Dice.LARGEST_BYTES) {
        total += part.length;
        parts.add(part);
        kinds.add(bufferKind());
      }
    }
    int from = dice.percent(20) ? dice.below(parts.size() + 1) : 0;
    int count = dice.percent(20) ? dice.below(parts.size() - from + 1) : parts.size() - from;
    StringBuilder text = new StringBuilder("write");
    for (int i = 0; i < parts.size(); i++) {
      text.append(i == 0 ? " {" : ", ")
          .append(parts.get(i).length)
          .append(' ')
          .append(kinds.get(i));
    }
    text.append("} from ").append(from).append(" count ").append(count).append(" on ").append(slot);
    return new Operation(
        text.toString(),
        atPosition(slot, total),
        side -> {
          ByteBuffer[] buffers = new ByteBuffer[parts.size()];
          for (int i = 0; i < buffers.length; i++) {
            buffers[i] = kinds.get(i).holding(parts.get(i));
          }
          long written = channel(side, slot).write(buffers, from, count);
          StringBuilder left = new StringBuilder();
          for (ByteBuffer buffer : buffers) {
            left.append(left(buffer));
          }
          return written + left.toString();
        });
  }

  private Operation truncate(long sizeBytes) {
    int slot = writableSlot();
    return new Operation(
        "truncate to " + sizeBytes + " on " + slot,
        null,
        side -> channel(side, slot).truncate(sizeBytes).size());
  }

  private Operation force() {
    int slot = writableSlot();
    boolean metadata = dice.percent(50);
    return new Operation(
        "force " + metadata + " on " + slot,
        null,
        side -> {
          channel(side, slot).force(metadata);
          return "forced";
        });
  }

  /** Not by a channel: where the agent sees nothing. */
  private Operation pastTheChannel() throws IOException {
    byte[] bytes = bytes();
    for (int slot = 0; slot < ALL_SLOTS; slot++) {
      Handle handle = plain.handle(slot);
      if (handle != null && handle.isOpen() && handle.randomAccessFile() != null) {
        return onRandomAccessFile(slot, bytes);
      }
    }
    for (int slot = 0; slot < ALL_SLOTS; slot++) {
      Handle handle = plain.handle(slot);
      if (handle != null && handle.isOpen() && handle.outputStream() != null) {
        return onOutputStream(slot, bytes);
      }
    }
    return new Opening(dice).next(dice.below(ALL_SLOTS));
  }

  private Operation onRandomAccessFile(int slot, byte[] bytes) throws IOException {
    int kind = dice.below(4);
    long offset = dice.offset(plain.sizeBytes());
    if (kind == 0) {
      return new Operation(
          "RandomAccessFile.setLength " + offset + " on " + slot,
          null,
          side -> {
            file(side, slot).setLength(offset);
            return "set";
          });
    } else if (kind == 1) {
      return new Operation(
          "RandomAccessFile.seek " + offset + " and read " + bytes.length + " on " + slot,
          null,
          side -> {
            file(side, slot).seek(offset);
            byte[] read = new byte[bytes.length];
            int count = file(side, slot).read(read);
            return count + ", " + Bytes.hash(ByteBuffer.wrap(read));
          });
    }
    return new Operation(
        "RandomAccessFile.write " + bytes.length + " on " + slot,
        atPosition(slot, bytes.length),
        side -> {
          file(side, slot).write(bytes);
          return "written";
        });
  }

  private Operation onOutputStream(int slot, byte[] bytes) throws IOException {
    return new Operation(
        "FileOutputStream.write " + bytes.length + " on " + slot,
        atPosition(slot, bytes.length),
        side -> {
          side.handle(slot).outputStream().write(bytes);
          return "written";
        });
  }

  /** Where no file of that size fits on any disk, and where none is allowed at all. */
  private Operation farAway() {
    int slot = writableSlot();
    byte[] bytes = Bytes.of(dice.number(), dice.oneOf(1, 511, 4096, 4097, 70_000, 1 << 20));
    long offset = (1L << dice.oneOf(32, 36, 40, 43, 44, 46, 62)) + dice.oneOf(-4096, -1, 0, 511);
    return new Operation(
        "write " + bytes.length + " at " + offset + ", read and truncate, on " + slot,
        null,
        side -> {
          FileChannel channel = channel(side, slot);
          long size = channel.size();
          StringBuilder outcome = new StringBuilder();
          try {
            outcome.append(channel.write(ByteBuffer.wrap(bytes), offset));
          } catch (IOException e) {
            outcome.append(e);
          }
          outcome.append(" size ").append(channel.size());
          if (side.handle(slot).isReadable()) {
            ByteBuffer read = ByteBuffer.allocate(bytes.length);
            outcome.append(" read ").append(channel.read(read, offset));
            outcome.append(Bytes.hash(read.flip()));
          }
          return outcome.append(channel.truncate(size).size());
        });
  }

  private Operation interrupted() {
    int slot = writableSlot();
    byte[] bytes = bytes();
    return new Operation(
        "write " + bytes.length + " with the interrupt set, on " + slot,
        null,
        side -> {
          FileChannel channel = channel(side, slot);
          Thread.currentThread().interrupt();
          String outcome;
          try {
            outcome = "wrote " + channel.write(ByteBuffer.wrap(bytes));
          } catch (IOException e) {
            outcome = e.toString();
          }
          return outcome + ", interrupt still set: " + Thread.interrupted();
        });
  }

  private Operation outOfRange() {
    int slot = writableSlot();
    byte[] bytes = bytes();
    long offset = -1 - dice.below(5000L);
    int kind = dice.below(5);
    return new Operation(
        "out of range " + offset + ", kind " + kind + " on " + slot,
        null,
        side -> {
          FileChannel channel = channel(side, slot);
          return switch (kind) {
            case 0 -> channel.write(ByteBuffer.wrap(bytes), offset);
            case 1 -> channel.read(ByteBuffer.allocate(10), offset);
            case 2 -> channel.position(offset);
            case 3 -> channel.truncate(offset);
            default -> channel.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0, 2);
          };
        });
  }

  // ---- reading ----

  private Operation read() {
    int slot = readableSlot();
    int length = dice.length();
    BufferKind kind = bufferKind();
    return new Operation(
        "read " + length + " " + kind + " on " + slot,
        null,
        side -> {
          ByteBuffer buffer = kind.empty(length);
          int start = buffer.position();
          return channel(side, slot).read(buffer) + left(buffer) + content(buffer, start);
        });
  }

  private Operation readAt() throws IOException {
    int slot = readableSlot();
    int length = dice.length();
    long offset = dice.offset(plain.sizeBytes());
    BufferKind kind = bufferKind();
    return new Operation(
        "read " + length + " " + kind + " at " + offset + " on " + slot,
        null,
        side -> {
          ByteBuffer buffer = kind.empty(length);
          int start = buffer.position();
          return channel(side, slot).read(buffer, offset) + left(buffer) + content(buffer, start);
        });
  }

  private Operation scatter() {
    int slot = readableSlot();
    int[] lengths = new int[1 + dice.below(6)];
    BufferKind[] kinds = new BufferKind[lengths.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = dice.percent(15) ? 0 : dice.length() / lengths.length;
      kinds[i] = bufferKind();
    }
    return new Operation(
        "read " + Arrays.toString(lengths) + " " + Arrays.toString(kinds) + " on " + slot,
        null,
        side -> {
          ByteBuffer[] buffers = new ByteBuffer[lengths.length];
          int[] starts = new int[lengths.length];
          for (int i = 0; i < buffers.length; i++) {
            buffers[i] = kinds[i].empty(lengths[i]);
            starts[i] = buffers[i].position();
          }
          StringBuilder outcome = new StringBuilder().append(channel(side, slot).read(buffers));
          for (int i = 0; i < buffers.length; i++) {
            outcome.append(left(buffers[i])).append(content(buffers[i], starts[i]));
          }
          return outcome;
        });
  }

  private Operation position() throws IOException {
    int slot = dice.percent(80) ? writableSlot() : readableSlot();
    long offset = dice.offset(plain.sizeBytes());
    return new Operation(
        "position " + offset + " on " + slot,
        null,
        side -> channel(side, slot).position(offset).position());
  }

  // ---- transfers and mappings ----

  private Operation transferTo() throws IOException {
    int slot = readableSlot();
    long offset = dice.offset(plain.sizeBytes());
    int length = dice.length();
    long seed = dice.number();
    if (dice.percent(40)) {
      return new Operation(
          "transferTo a foreign channel, " + length + " at " + offset + " on " + slot,
          null,
          side -> {
            HashingSink sink = new HashingSink(seed);
            return channel(side, slot).transferTo(offset, length, sink) + " " + sink.taken();
          });
    }
    boolean append = dice.percent(30);
    return new Operation(
        "transferTo a file"
            + (append ? "'s end, " : ", ")
            + length
            + " at "
            + offset
            + " on "
            + slot,
        null,
        side -> {
          try (FileChannel sink =
              FileChannel.open(
                  side.sink(),
                  StandardOpenOption.CREATE,
                  append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE)) {
            long transferred = channel(side, slot).transferTo(offset, length, sink);
            String outcome = transferred + ", sink at " + sink.position() + " of " + sink.size();
            if (sink.size() > Dice.USUAL_FILE_BYTES) {
              sink.truncate(0);
            }
            byte[] content = Files.readAllBytes(side.sink());
            return outcome + ": " + Bytes.hash(ByteBuffer.wrap(content));
          }
        });
  }

  private Operation transferFrom() throws IOException {
    int slot = writableSlot();
    long offset = dice.offset(plain.sizeBytes());
    int length = dice.length();
    long seed = dice.number();
    Range range = Range.around(offset, length);
    if (dice.percent(50)) {
      int available = dice.percent(70) ? length : dice.length();
      return new Operation(
          "transferFrom a foreign channel, " + length + " at " + offset + " on " + slot,
          range,
          side -> {
            ChunkedSource source = new ChunkedSource(seed, available);
            return channel(side, slot).transferFrom(source, offset, length)
                + ", left "
                + source.remaining();
          });
    }
    long from = dice.below((long) SOURCE_BYTES);
    return new Operation(
        "transferFrom a file at " + from + ", " + length + " at " + offset + " on " + slot,
        range,
        side -> {
          try (FileChannel source = FileChannel.open(side.source())) {
            source.position(from);
            return channel(side, slot).transferFrom(source, offset, length)
                + ", source at "
                + source.position();
          }
        });
  }

  /** From one channel of the file to another, where the two ranges do not meet. */
  private Operation transferWithin() throws IOException {
    int from = readableSlot();
    int to = writableSlot();
    long size = plain.sizeBytes();
    int length = (int) Math.min(dice.length(), size / 2);
    long source = size / 2 == length ? 0 : dice.below(size / 2 - length + 1);
    long target = size / 2 + dice.below(size / 2 + 1);
    return new Operation(
        "transferTo " + length + " at " + source + " from " + from + " to " + to + " at " + target,
        Range.around(target, length),
        side -> {
          FileChannel channel = channel(side, to);
          channel.position(target);
          return channel(side, from).transferTo(source, length, channel);
        });
  }

  private Operation readMapping() throws IOException {
    int slot = readableSlot();
    long size = plain.sizeBytes();
    long offset = Math.min(size, dice.offset(size));
    long length = Math.min(dice.length(), size - offset);
    return new Operation(
        "read a mapping of " + length + " at " + offset + " on " + slot,
        null,
        side -> Bytes.hash(channel(side, slot).map(MapMode.READ_ONLY, offset, length)));
  }

  private Operation writeMapping() throws IOException {
    int slot = readableSlot();
    long offset = dice.offset(plain.sizeBytes());
    byte[] bytes = bytes();
    boolean force = dice.percent(30);
    return new Operation(
        "write a mapping of "
            + bytes.length
            + " at "
            + offset
            + (force ? ", force" : "")
            + " on "
            + slot,
        Range.around(offset, bytes.length),
        side -> {
          var mapping = channel(side, slot).map(MapMode.READ_WRITE, offset, bytes.length);
          mapping.put(bytes);
          if (force) {
            mapping.force();
          }
          return "put";
        });
  }

  /** A channel's own mapping is what is written to another place of the file. */
  private Operation writeFromMapping() throws IOException {
    int slot = readableSlot();
    long size = plain.sizeBytes();
    int length = (int) Math.min(dice.length(), size / 2);
    long source = dice.below(size / 2 - length + 1);
    long target = size / 2 + dice.below(size / 2 + 1);
    return new Operation(
        "write a mapping of " + length + " at " + source + " to " + target + " on " + slot,
        Range.around(target, length),
        side -> {
          FileChannel channel = channel(side, slot);
          return channel.write(channel.map(MapMode.READ_ONLY, source, length), target);
        });
  }

  private Operation close() {
    int slot = dice.below(ALL_SLOTS);
    return new Operation(
        "close " + slot,
        null,
        side -> {
          channel(side, slot).close();
          return "closed";
        });
  }

  // ---- what they are made of ----

  private byte[] bytes() {
    return Bytes.of(dice.number(), dice.length());
  }

  private BufferKind bufferKind() {
    return dice.oneOf(BufferKind.values());
  }

  private int writableSlot() {
    return slot(true);
  }

  private int readableSlot() {
    return slot(false);
  }

  /** Mostly one that can do it; sometimes any. */
  private int slot(boolean writable) {
    int first = dice.below(ALL_SLOTS);
    if (dice.percent(3)) {
      return first;
    }
    for (int i = 0; i < ALL_SLOTS; i++) {
      int slot = (first + i) % ALL_SLOTS;
      Handle handle = plain.handle(slot);
      if (handle != null
          && handle.isOpen()
          && (writable ? handle.isWritable() : handle.isReadable())) {
        return slot;
      }
    }
    return first;
  }

  /** What a write at the channel's own position may change. */
  private Range atPosition(int slot, int lengthBytes) throws IOException {
    Handle handle = plain.handle(slot);
    if (handle == null || !handle.isOpen()) {
      return null;
    }
    return Range.around(handle.channel().position(), lengthBytes);
  }

  private static FileChannel channel(FileSide side, int slot) throws IOException {
    Handle handle = side.handle(slot);
    if (handle == null) {
      throw new IOException("nothing open at " + slot);
    }
    return handle.channel();
  }

  private static RandomAccessFile file(FileSide side, int slot) {
    return side.handle(slot).randomAccessFile();
  }

  private static String left(ByteBuffer buffer) {
    return " [" + buffer.position() + ".." + buffer.limit() + "]";
  }

  private static String content(ByteBuffer buffer, int start) {
    return Bytes.hash(buffer.duplicate().flip().position(start));
  }
}
