package io.dioagent.agent.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A recording, with all of the agent's events, of a JVM from its start to its end. */
public final class FlightRecording {
  private static final String SETTINGS = "io/dioagent/events/dio.jfc";

  private final Path file;
  private final Path settings;

  /** To be made in a directory, which must not be tagged. */
  public FlightRecording(Path directory) throws IOException {
    file = directory.resolve("recording.jfr");
    settings = directory.resolve("dio.jfc");
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(SETTINGS)) {
      Files.copy(in, settings);
    }
  }

  /** Returns the options that make a JVM record. */
  public String[] jvmArguments() {
    return new String[] {
      "-Xlog:disable",
      "-Xlog:all=error:stderr",
      "-XX:StartFlightRecording=settings=" + settings + ",filename=" + file
    };
  }

  /** Returns the recorded events; the JVM must have ended. */
  public Recorded read() throws IOException {
    return Recorded.of(file);
  }
}
