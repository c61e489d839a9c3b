package io.dioagent.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.Event;

/** Lists all events, and reads the settings that record them. Thread-safe. */
public final class DioEvents {

  private static final List<Class<? extends Event>> ALL =
      List.of(
          AgentConfiguration.class,
          BufferedFallback.class,
          CompletionError.class,
          DuplicateCompletion.class,
          FaultInjected.class,
          Force.class,
          InFlight.class,
          LateCompletion.class,
          LostCompletion.class,
          PageCacheCollision.class,
          Read.class,
          RuntimeStatistics.class,
          SubmissionStall.class,
          TaggedFile.class,
          UnknownCompletion.class,
          Write.class);

  private DioEvents() {}

  /** Returns the event classes, sorted by name. */
  public static List<Class<? extends Event>> all() {
    return ALL;
  }

  /**
   * Returns the settings in {@code dio.jfc}: only these events, all of them, without thresholds.
   * The method is here because other modules cannot read this module's resources.
   */
  public static Configuration configuration() {
    try (InputStream file = DioEvents.class.getResourceAsStream("dio.jfc");
        Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
      return Configuration.create(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("dio.jfc cannot be read", e);
    } catch (ParseException e) {
      throw new IllegalStateException("dio.jfc is not a valid settings file", e);
    }
  }
}
