package io.dioagent.jmc.rules;

import java.util.stream.Stream;

/**
 * Bytes written to tagged files.
 *
 * @param directBytes past the page cache
 * @param bufferedBytes through it
 */
record Traffic(long directBytes, long bufferedBytes) {

  /** From the writes if each was recorded, else from the counters. */
  static Traffic of(DioRecording recording) {
    if (!recording.hasEveryWrite()) {
      Counters counters = Counters.of(recording);
      return new Traffic(
          counters.growthBytes(Fields.DIRECT_BYTES), counters.growthBytes(Fields.BUFFERED_BYTES));
    }
    // What a stream writes byte by byte is no request, and in no Write.
    Stream<Traffic> ofNoRequest =
        recording.stream(EventKind.BUFFERED_FALLBACK)
            .filter(event -> event.requestId() == 0)
            .map(event -> new Traffic(0, event.lengthBytes()));
    Stream<Traffic> writes =
        recording.stream(EventKind.WRITE)
            .map(
                event ->
                    new Traffic(
                        event.bytes(Fields.DIRECT_BYTES), event.bytes(Fields.BUFFERED_BYTES)));
    return Stream.concat(writes, ofNoRequest).reduce(new Traffic(0, 0), Traffic::plus);
  }

  private Traffic plus(Traffic other) {
    return new Traffic(directBytes + other.directBytes, bufferedBytes + other.bufferedBytes);
  }

  long bytes() {
    return directBytes + bufferedBytes;
  }

  /** From 0 to 1. */
  double bufferedShare() {
    return bytes() == 0 ? 0 : (double) bufferedBytes / bytes();
  }
}
