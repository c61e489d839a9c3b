package io.dioagent.samples.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;

/**
 * The expected contents of a file of zeros after requests; requests of one range are issued one
 * after the other. Ranges of successful requests hold their bytes. Ranges of later failed requests
 * may hold anything.
 */
final class Model {
  private Model() {}

  /** Compares an application's first file byte by byte; fails at the first difference. */
  static void check(Path file, long lengthBytes, List<Request> all) throws IOException {
    check(file, lengthBytes, all, 0);
  }

  /** Compares the file with this index byte by byte. */
  static void check(Path file, long lengthBytes, List<Request> all, int index) throws IOException {
    List<Request> requests =
        all.stream()
            .filter(request -> request.file() == index && request.lengthBytes() > 0)
            .toList();
    byte[] expected = new byte[(int) lengthBytes];
    BitSet unknown = new BitSet();
    for (Request request : requests) {
      Ending ending = request.ending();
      int from = (int) request.offset();
      int written = (int) Math.max(0, ending.result());
      byte[] bytes = Pattern.bytes(request.number(), request.offset(), written);
      System.arraycopy(bytes, 0, expected, from, written);
      unknown.clear(from, from + written);
      unknown.set(from + written, from + request.lengthBytes());
    }
    byte[] actual = read(file, (int) lengthBytes);
    for (int i = 0; i < actual.length; i++) {
      if (actual[i] != expected[i] && !unknown.get(i)) {
        throw new AssertionError(
            file + " differs from the model at " + i + ", within " + covering(requests, i));
      }
    }
  }

  private static List<Request> covering(List<Request> requests, long at) {
    return requests.stream()
        .filter(request -> request.offset() <= at && at < request.offset() + request.lengthBytes())
        .toList();
  }

  private static byte[] read(Path file, int lengthBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    }
    if (bytes.hasRemaining()) {
      throw new AssertionError(
          file + " has " + bytes.position() + " bytes, expected at least " + lengthBytes);
    }
    return bytes.array();
  }
}
