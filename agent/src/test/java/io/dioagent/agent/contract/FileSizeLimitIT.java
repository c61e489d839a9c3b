package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A file-size limit that comes and goes while the application runs (setrlimit(2)): a short write up
 * to it, then "File too large", the same with the agent and without. A JVM whose own recording
 * comes to the limit crashes, so there is none here.
 */
@Tag("one-jdk")
class FileSizeLimitIT {
  private static final int[] LENGTHS = {
    512, 4096, 5000, 65_536, (256 << 10) + 1, 1 << 20, (1 << 20) + 4096, 3 << 20
  };

  /** In a file of this size the writes extend nothing, and are submitted side by side. */
  private static final int OVERWRITTEN_BYTES = 6 << 20;

  private int shortWrites;

  @ParameterizedTest
  @CsvSource({
    "65536, ''",
    "66048, ''",
    "70001, ''",
    "1048576, ''",
    "2621441, ''",
    "70001, ',write=auto'"
  })
  void sameAtTheLimit(long limit, String options) throws IOException {
    Need.command("prlimit", "--version");
    try (Scratch scratch = Scratch.onDisk();
        ScriptedPair pair =
            ScriptedPair.startUnrecorded(scratch, "tag=DIR/**,log=debug" + options)) {
      pair.both("open a DIR/file CREATE,READ,WRITE");
      pair.both("open b DIR/file APPEND");
      pair.both("file c DIR/file rw");
      for (int length : LENGTHS) {
        atTheLimit(pair, limit, length);
      }
      assertTrue(pair.toString().contains("java.io.IOException: File too large"), pair::toString);
      assertTrue(shortWrites > 0, pair::toString);
      pair.agentJvm().awaitErr("tagged by");
    }
  }

  private void atTheLimit(ScriptedPair pair, long limit, int length) {
    pair.both("truncate a 0");
    limit(pair, String.valueOf(limit));
    pair.both("position a " + Math.max(0, limit - length / 2 - 2L * length));
    for (int i = 0; i < 5; i++) {
      write(pair, "write a " + length);
    }
    pair.both("hash DIR/file");
    pair.both("truncate a 0");
    aroundTheLimit(pair, limit, length);
    pair.both("truncate a 0");
    pair.both("position a " + Math.max(0, limit - length));
    pair.both("gather a " + length / 2 + ",0," + length / 3 + "," + length);
    pair.both("gather a " + length + ",1");
    write(pair, "write b " + length);
    write(pair, "write b " + length);
    pair.both("position c " + Math.max(0, limit - length / 3));
    write(pair, "write c " + length);
    write(pair, "write c " + length);
    pair.both("hash DIR/file");

    limit(pair, "unlimited");
    write(pair, "writeAt a " + OVERWRITTEN_BYTES + " 0");
    limit(pair, String.valueOf(limit));
    aroundTheLimit(pair, limit, length);

    limit(pair, "unlimited");
    write(pair, "write a " + length);
    write(pair, "write b " + length);
    write(pair, "write c " + length);
    pair.both("gather c " + length + "," + length);
    write(pair, "writeAt c " + length + " " + Math.max(0, limit - length / 2));
    pair.both("hash DIR/file");
  }

  private void aroundTheLimit(ScriptedPair pair, long limit, int length) {
    for (long offset :
        new long[] {
          0, limit - length, limit - length + 1, limit - 1, limit, limit + 1, limit - length / 2
        }) {
      write(pair, "writeAt a " + length + " " + Math.max(0, offset));
    }
    pair.both("hash DIR/file");
  }

  private void write(ScriptedPair pair, String command) {
    String answer = pair.both(command);
    String asked = command.split(" ", -1)[2];
    if (Character.isDigit(answer.charAt(0)) && !answer.startsWith(asked + ",")) {
      shortWrites++;
    }
  }

  private static void limit(ScriptedPair pair, String bytes) {
    for (long pid : pair.pids()) {
      String fsize = "--fsize=" + bytes + ":unlimited";
      Command.run("prlimit", "--pid", String.valueOf(pid), fsize).expectExit(0);
    }
  }
}
