package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FioResultTest {

  @Test
  void speedIsReadFromTheFirstJob() throws IOException {
    FioResult result =
        FioResult.parse(
            """
            note: both iodepth >= 1 and a synchronous engine
            {"jobs":[{"error":0,"usr_cpu":20.0,"sys_cpu":4.69,
            "write":{"iops":1234.5,"bw_bytes":5056512,"total_ios":9}}]}
            """);
    assertEquals(1234.5, result.writesPerSecond());
    assertEquals(5056512, result.bytesPerSecond());
    assertEquals(200, result.cpuMicrosPerWrite(), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fio: cannot open",
        "{}",
        "{\"jobs\":",
        "{\"jobs\":[]}",
        "{\"jobs\":[{\"error\":5,\"write\":{\"iops\":1,\"bw_bytes\":4096}}]}",
        "{\"jobs\":[{\"error\":0,\"write\":{\"iops\":0,\"bw_bytes\":0}}]}",
      })
  void outputWithoutASpeedIsRefused(String output) {
    assertThrows(IOException.class, () -> FioResult.parse(output));
  }
}
