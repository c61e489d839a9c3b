package io.dioagent.samples.seeds;

import io.dioagent.events.DioEvents;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;

/**
 * Runs one sample in one variant, in a JVM of its own with a recording of its own: {@code
 * SampleMain NAME VARIANT DIRECTORY RECORDING.jfr}. Prints the steps and facts. The parent process
 * judges them and the recording. Ends when its parent process does.
 */
public final class SampleMain {
  private SampleMain() {}

  /** Runs the sample. */
  public static void main(String[] args) {
    int status = 1;
    try {
      if (args.length != 4) {
        throw new IllegalArgumentException("expected NAME VARIANT DIRECTORY RECORDING.jfr");
      }
      endWithParent();
      run(args[0], args[1], Path.of(args[2]), Path.of(args[3]));
      status = 0;
    } catch (Throwable e) {
      System.err.println("SampleMain " + String.join(" ", args) + ": " + e);
      e.printStackTrace();
    }
    // A broken sample may leave threads that wait for ever.
    System.exit(status);
  }

  private static void run(String name, String variantName, Path directory, Path file)
      throws Exception {
    Sample sample = Catalogue.sample(name);
    Variant variant =
        sample.variants().stream()
            .filter(one -> one.name().equals(variantName))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "variant is "
                            + variantName
                            + ", expected one of "
                            + sample.variants().stream().map(Variant::name).toList()));
    try (Recording recording = new Recording(DioEvents.configuration())) {
      // Emitted by the writer's thread; the other events have the submitter's stack as a field.
      for (String event : List.of("Write", "BufferedFallback", "Force")) {
        recording.enable("io.dioagent." + event).withStackTrace();
      }
      recording.start();
      try {
        sample.run(variant, new Stage(directory.toRealPath(), System.out));
      } finally {
        recording.stop();
        recording.dump(file);
      }
    }
  }

  /** Halts this JVM when the parent process ends, for any reason. */
  private static void endWithParent() {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    Thread watch =
        new Thread(
            () -> {
              parent.onExit().join();
              Runtime.getRuntime().halt(3);
            },
            "end-with-parent");
    watch.setDaemon(true);
    watch.start();
  }
}
