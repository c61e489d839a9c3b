package io.dioagent.jmc.rules;

import java.util.stream.Stream;

/**
 * Bytes written to tagged files.
 *
 * @param directBytes past the page cache
 * @param bufferedBytes through the page cache
 */
record Traffic(long directBytes, long bufferedBytes) {

  /** Adds up the writes if each was recorded, otherwise uses the counters. */
  static Traffic of(DioRecording recording) {
    if (!recording.hasEveryWrite()) {
      Counters counters = Counters.of(recording);
      return new Traffic(
          counters.growthBytes(Fields.DIRECT_BYTES), counters.growthBytes(Fields.BUFFERED_BYTES));
    }
    // Single bytes of a stream are no request, and have no Write event.
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

  /** Returns the buffered share, from 0 to 1. */
  double bufferedShare() {
    return bytes() == 0 ? 0 : (double) bufferedBytes / bytes();
  }
}
