package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StreamShapeTest {
  private static final StreamShape SHAPE =
      StreamShape.measuring(StreamWay.APPEND, 8000, 7 * 80_000, true);

  @Test
  void theWarmUpIsAnEighthBesideWhatIsMeasured() {
    assertEquals(10, SHAPE.warmUpChunks());
    assertEquals(70, SHAPE.measuredChunks());
  }

  @Test
  void argumentsAreParsed() {
    assertEquals(SHAPE, StreamShape.parse(SHAPE.arguments().toArray(String[]::new), 0));
  }
}
