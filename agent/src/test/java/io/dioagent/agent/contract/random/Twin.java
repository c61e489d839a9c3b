package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tagged file and a plain one, to which the same happens. They are compared by channels and
 * streams that are opened for that, and by those under test. Not thread-safe.
 */
final class Twin implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSide tagged;
  private final FileSide plain;

  /** Where operations may have written since it was last looked. */
  private final List<Operation.Range> unseen = new ArrayList<>();

  private final byte[] taggedChunk = new byte[CHUNK_BYTES];
  private final byte[] plainChunk = new byte[CHUNK_BYTES];

  Twin(FileSide tagged, FileSide plain) {
    this.tagged = tagged;
    this.plain = plain;
  }

  FileSide tagged() {
    return tagged;
  }

  /** Does an operation on both, with a sabotage of the tagged one in between if there is one. */
  void run(Operation operation, Sabotage sabotage) throws Difference, IOException {
    String onPlain = operation.outcomeOn(plain);
    String onTagged = operation.outcomeOn(tagged);
    if (sabotage != null) {
      onTagged = sabotage.strike(tagged, operation, onTagged);
    }
    if (operation.range() != null) {
      unseen.add(operation.range());
    }
    same("outcome", onTagged, onPlain);
  }

  /** Compares all that the operations since the last time may have changed. */
  void look(Reading reading) throws Difference, IOException {
    same("state", tagged.state(), plain.state());
    for (Operation.Range range : unseen) {
      compare(range, reading);
    }
    unseen.clear();
  }

  /** Compares all of the files' content, and of those whose name is gone but that are open. */
  void compareAll(Reading reading) throws Difference, IOException {
    look(reading);
    compare(new Operation.Range(0, Long.MAX_VALUE), reading);
    for (int slot = 0; slot < FileSide.SLOTS; slot++) {
      Handle handle = tagged.handle(slot);
      if (handle != null && handle.isDetached() && handle.isOpen() && handle.isReadable()) {
        compare(handle.channel(), plain.handle(slot).channel());
      }
    }
  }

  /** Closes everything, and lets another process compare the files. */
  void compareFromOutside() throws Difference, IOException {
    close();
    if (Files.exists(tagged.file())) {
      String said = Command.run("cmp", tagged.file().toString(), plain.file().toString()).out();
      same("cmp", said, "");
    }
  }

  private void compare(Operation.Range range, Reading reading) throws Difference, IOException {
    Path taggedFile = tagged.file();
    if (!Files.exists(taggedFile)) {
      return; // On neither side: that is part of the state.
    }
    try (InputStream taggedIn = reading.open(taggedFile);
        InputStream plainIn = reading.open(plain.file())) {
      taggedIn.skipNBytes(Math.min(range.from(), Files.size(taggedFile)));
      plainIn.skipNBytes(Math.min(range.from(), Files.size(plain.file())));
      for (long at = range.from(); at < range.to(); ) {
        int length = (int) Math.min(CHUNK_BYTES, range.to() - at);
        int taggedLength = taggedIn.readNBytes(taggedChunk, 0, length);
        int plainLength = plainIn.readNBytes(plainChunk, 0, length);
        same("content by " + reading, at, taggedLength, plainLength);
        if (taggedLength < length) {
          return;
        }
        at += length;
      }
    }
  }

  private void compare(FileChannel taggedChannel, FileChannel plainChannel)
      throws Difference, IOException {
    for (long at = 0; at < plainChannel.size(); at += CHUNK_BYTES) {
      int taggedLength = taggedChannel.read(ByteBuffer.wrap(taggedChunk), at);
      int plainLength = plainChannel.read(ByteBuffer.wrap(plainChunk), at);
      same("content of the file that was deleted", at, taggedLength, plainLength);
    }
  }

  private void same(String what, long at, int taggedLength, int plainLength) throws Difference {
    int where = Arrays.mismatch(taggedChunk, 0, taggedLength, plainChunk, 0, plainLength);
    if (where >= 0) {
      throw new Difference(
          what + " at " + (at + where),
          excerpt(taggedChunk, where, taggedLength),
          excerpt(plainChunk, where, plainLength));
    }
  }

  private static String excerpt(byte[] chunk, int from, int length) {
    StringBuilder excerpt = new StringBuilder();
    for (int i = from; i < Math.min(from + 16, length); i++) {
      excerpt.append(String.format("%02x ", chunk[i]));
    }
    return length <= from ? "end of file" : excerpt.toString();
  }

  private static void same(String what, String onTagged, String onPlain) throws Difference {
    if (!onTagged.equals(onPlain)) {
      throw new Difference(what, onTagged, onPlain);
    }
  }

  @Override
  public void close() throws IOException {
    try (plain) {
      tagged.close();
    }
  }
}
