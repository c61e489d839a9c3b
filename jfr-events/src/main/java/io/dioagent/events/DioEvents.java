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

/** All events, and the settings that record all of them. Thread-safe. */
public final class DioEvents {

  private static final List<Class<? extends Event>> ALL =
      List.of(
          AgentConfiguration.class,
          BufferedFallback.class,
          CompletionError.class,
          DuplicateCompletion.class,
          FaultInjected.class,
          Force.class,
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

  /** The event classes, by name. */
  public static List<Class<? extends Event>> all() {
    return ALL;
  }

  /**
   * The settings in {@code dio.jfc}: these events only, all of them, without thresholds. Here
   * because a module does not show its resources to others.
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
