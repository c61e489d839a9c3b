package io.dioagent.agent.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tagged file and a plain one, to which the same happens. Compared past the channels under test:
 * through streams of their own, which the agent does not see. Not thread-safe.
 */
final class Twin implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final FileSide tagged;
  private final FileSide plain;
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
    same("outcome", onTagged, onPlain);
    same("state", tagged.state(), plain.state());
    if (operation.range() != null) {
      compare(operation.range());
    }
  }

  /** Compares all of the files' content, and of those whose name is gone but that are open. */
  void compareAll() throws Difference, IOException {
    compare(new Operation.Range(0, Long.MAX_VALUE));
    for (int slot = 0; slot < FileSide.SLOTS; slot++) {
      Handle handle = tagged.handle(slot);
      if (handle != null && handle.isDetached() && handle.isOpen() && handle.isReadable()) {
        compare(handle.channel(), plain.handle(slot).channel());
      }
    }
  }

  private void compare(Operation.Range range) throws Difference, IOException {
    Path taggedFile = tagged.file();
    if (!Files.exists(taggedFile)) {
      return; // On neither side: that is part of the state.
    }
    try (InputStream taggedIn = Files.newInputStream(taggedFile);
        InputStream plainIn = Files.newInputStream(plain.file())) {
      taggedIn.skipNBytes(Math.min(range.from(), Files.size(taggedFile)));
      plainIn.skipNBytes(Math.min(range.from(), Files.size(plain.file())));
      for (long at = range.from(); at < range.to(); ) {
        int length = (int) Math.min(CHUNK_BYTES, range.to() - at);
        int taggedLength = taggedIn.readNBytes(taggedChunk, 0, length);
        int plainLength = plainIn.readNBytes(plainChunk, 0, length);
        same("content", at, taggedLength, plainLength);
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
