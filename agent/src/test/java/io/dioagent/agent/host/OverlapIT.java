package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Overlapping writes of one JVM, on a healthy disk: no write and no force fails, and each byte is
 * one of those that were written there. The long form is {@code -Ddio.test.overlap.rounds=3000}.
 */
@Tag("host")
class OverlapIT {
  private final Scratch scratch = Scratch.onDisk();
  private Path one;
  private Path other;

  @BeforeEach
  void prepare() throws IOException {
    one = scratch.newDirectory("one");
    other = scratch.newDirectory("other");
    Need.directWrites(one);
  }

  @AfterEach
  void close() {
    scratch.close();
  }

  private void overlap(String which, int rounds, String options) {
    int all = Integer.getInteger("dio.test.overlap.rounds", rounds);
    long seed = new Random().nextLong();
    System.out.println("overlap: " + which + " " + options + ", seed " + seed);
    JvmResult result =
        AgentJvm.of(
                OverlapApp.class,
                which,
                one.toString(),
                other.toString(),
                String.valueOf(all),
                String.valueOf(seed))
            .compilingAsUsual()
            .agent(options)
            .timeout(Duration.ofSeconds(60 + all))
            .run();
    Need.that(
        result.exitCode() == 0 || !result.err().contains("io_uring_setup("),
        "no io_uring here: " + result.err());
    result.expectExit(0);
    assertEquals(
        all + " rounds: 0 wrong, 0 write errors, 0 force errors",
        result.outLines().get(result.outLines().size() - 1),
        result::toString);
  }

  /**
   * On the disk; and by each engine, and with each answer to collisions, of which there are none.
   */
  @ParameterizedTest
  @CsvSource({
    "threads, 30, engine=aio",
    "threads, 20, 'engine=pwrite,on-collision=fail'",
    "links, 20, 'engine=aio,on-collision=launder'",
    "links, 20, write=pipelined",
    "links, 20, write=behind",
    "async, 40, engine=aio",
    "mixed, 40, write=auto",
    "bytes, 10, write=auto",
    "async, 20, 'engine=io_uring,on-collision=fail'",
    "block, 80, 'engine=aio,on-collision=fail'",
    "bytes, 20, engine=aio",
  })
  void eachByteIsOneThatWasWritten(String which, int rounds, String options) {
    overlap(which, rounds, "tag=" + scratch.directory() + "/**," + options);
  }

  /** By one name of the file in one mode, by the other one in another. */
  @ParameterizedTest
  @CsvSource({"pipelined, sync", "behind, sync", "auto, pipelined"})
  void pipelinedBesideSynchronous(String first, String second) throws IOException {
    Path config = scratch.resolve("config");
    Files.writeString(
        config,
        "tag.p = "
            + one
            + "/**\ntag.p.write = "
            + first
            + "\ntag.s = "
            + other
            + "/**\ntag.s.write = "
            + second
            + "\n");
    overlap("links", 20, "config=" + config);
  }
}
