package io.dioagent.bench.row;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dioagent.bench.work.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GenuineTest {
  private static final double BYTES = 1e9;

  @Test
  void bytesUnknownToTheKernelFail() {
    assertDoesNotThrow(() -> Genuine.checkWritten(answers(Answer.DEVICE_BYTES, BYTES), 1));
    assertMessage(
        "1000000000 bytes written, the kernel knows of 999999999",
        () -> Genuine.checkWritten(answers(Answer.DEVICE_BYTES, BYTES - 1), 1));
  }

  @Test
  void bufferedBytesAreNotDirect() {
    Map<String, Double> answers = answers(Answer.DIRECT_BYTES, 0.9 * BYTES);
    answers.put(Answer.BUFFERED_BYTES, 0.1 * BYTES);
    assertDoesNotThrow(() -> Genuine.checkWritten(answers, 0.9));
    assertMessage(
        "not direct: of 1000000000 bytes 900000000 are said to be direct and 100000000 buffered",
        () -> Genuine.checkWritten(answers, 1));
  }

  @Test
  void bytesInNeitherCountFail() {
    Map<String, Double> answers = answers(Answer.DIRECT_BYTES, 0.95 * BYTES);
    answers.put(Answer.BUFFERED_BYTES, 0.0);
    assertThrows(IOException.class, () -> Genuine.checkWritten(answers, 0.9));
  }

  @Test
  void bytesPassedToWriteAreNotSubmitted() {
    assertDoesNotThrow(() -> Genuine.checkSubmitted(answers(Answer.CALL_BYTES, 0.01 * BYTES)));
    assertMessage(
        "not by io_submit(2): 1000000000 bytes of 1000000000 went by write(2) and its kin",
        () -> Genuine.checkSubmitted(answers(Answer.CALL_BYTES, BYTES)));
  }

  @Test
  void anAgentWithoutDescriptorIsNotBehind() {
    assertDoesNotThrow(() -> Genuine.checkBehind(answers(Answer.DESCRIPTORS, 2), true));
    assertDoesNotThrow(() -> Genuine.checkBehind(answers(Answer.DESCRIPTORS, 1), false));
    assertMessage(
        "1 descriptors were open on the file, expected 2",
        () -> Genuine.checkBehind(answers(Answer.DESCRIPTORS, 1), true));
  }

  private static void assertMessage(String message, Executable check) {
    assertEquals(message, assertThrows(IOException.class, check).getMessage());
  }

  private static Map<String, Double> answers(String name, double value) {
    Map<String, Double> answers = new HashMap<>();
    answers.put(Answer.WRITTEN_BYTES, BYTES);
    answers.put(Answer.DEVICE_BYTES, BYTES);
    answers.put(name, value);
    return answers;
  }
}
