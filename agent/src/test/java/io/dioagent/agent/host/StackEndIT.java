package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.Scratch;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The application's stack ends within a write, a read, a force or a close, at every distance: it
 * gets its own StackOverflowError, the agent leaves nothing half done, and all goes on.
 *
 * <p>{@code -Ddio.test.stack.overflows=10000} is the long form, {@code -Ddio.test.stack.seed}
 * repeats a run's choices.
 */
@Tag("host")
class StackEndIT {
  private static final int OVERFLOWS = Integer.getInteger("dio.test.stack.overflows", 100);
  private static final long SEED = Long.getLong("dio.test.stack.seed", System.nanoTime());

  /**
   * Without it JDK 17's second compiler throws an ArrayIndexOutOfBoundsException of its own where
   * the stack ends, with no agent there.
   */
  private static final String FULL_TRACES = "-XX:-OmitStackTraceInFastThrow";

  private final Scratch scratch = Scratch.onDisk();

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  /** By the interpreter, by the first compiler, and by whichever the JVM finds best. */
  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
  void allGoesOn(String compilation) throws IOException {
    Path data = directories();
    String settings =
        tag(data, "sync", "")
            + tag(data, "pipelined", "write = pipelined")
            + tag(data, "behind", "write = behind")
            + tag(data, "direct", "read = direct");
    Path config = Files.writeString(scratch.resolve("config.properties"), settings);
    JvmResult result = run(compilation, data, true, "config=" + config);
    assertTrue(!result.err().contains("[dio-agent]"), result::toString);
  }

  /** The expectations hold without the agent, except for the JVM's own asynchronous channels. */
  @Test
  void aPlainJvmGoesOn() throws IOException {
    JvmResult unused = run("-XX:+TieredCompilation", directories(), false, null);
  }

  private JvmResult run(String compilation, Path data, boolean asynchronous, String options)
      throws IOException {
    AgentJvm jvm =
        AgentJvm.of(
                StackEndApp.class,
                data.toString(),
                scratch.newDirectory("untagged").toString(),
                String.valueOf(OVERFLOWS),
                String.valueOf(SEED),
                String.valueOf(asynchronous))
            .compilingAsUsual()
            .jvm(compilation, "-Xmx256m", FULL_TRACES)
            .timeout(Duration.ofSeconds(120 + OVERFLOWS / 20));
    if (options != null) {
      jvm.agent(options);
    }
    JvmResult result = jvm.run().expectExit(0);
    assertTrue(result.out().endsWith("all is well\n"), result::toString);
    System.out.println(compilation + ", seed " + SEED + ": " + result.outLines().get(0));
    return result;
  }

  private Path directories() throws IOException {
    Path data = scratch.newDirectory("data");
    for (String mode : new String[] {"sync", "pipelined", "behind", "direct"}) {
      Files.createDirectory(data.resolve(mode));
    }
    return data;
  }

  private static String tag(Path data, String mode, String setting) {
    String tag = "tag." + mode + " = " + data.resolve(mode) + "/**\n";
    return setting.isEmpty() ? tag : tag + "tag." + mode + "." + setting + "\n";
  }
}
