package io.dioagent.samples.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** One fault under one layer: the fixtures, which are undone after the test, and the account. */
final class Run implements AutoCloseable {
  private final Fixtures fixtures = new Fixtures();
  private final WorkDirectory work = fixtures.own(new WorkDirectory());
  private final List<Application> applications = new ArrayList<>();
  private Account others = Account.NONE;
  private final List<String> notes = new ArrayList<>();

  WorkDirectory work() {
    return work;
  }

  /** Adds a fixture to undo after the test. */
  <T extends Fixture> T own(T fixture) {
    return fixtures.own(fixture);
  }

  /** Makes an empty file system on a disk with injectable faults. */
  Disk disk(FileSystem type, String... options) {
    return own(Disk.make(work, type, 512, options));
  }

  /** Starts an application that writes a file, with its defaults. */
  Application start(Layer layer, Path file) {
    return start(application(layer, file));
  }

  /** Starts an application with a deadline, after which writes count as lost. */
  Application start(Layer layer, Path file, Duration deadline) {
    return start(application(layer, file).deadline(deadline));
  }

  Application.Builder application(Layer layer, Path file) {
    return new Application.Builder(work, layer, file);
  }

  Application start(Application.Builder how) {
    Application application = own(how.start());
    applications.add(application);
    return application;
  }

  /** Skips the test with a reason, which the table shows. */
  static void skipUnless(boolean condition, String reason) {
    Assumptions.assumeTrue(condition, reason);
  }

  /**
   * Waits for the end of all requests and of the application. Checks the rules for all faults: each
   * request ended once, the runtime dropped nothing, and nothing is left in flight or in use.
   */
  Recorded end(Application application) {
    application.awaitAll();
    application.settled();
    Recorded recorded = endAnyhow(application);
    Account account = Account.of(application);
    assertEquals(0, recorded.count("DuplicateCompletion"), "DuplicateCompletion");
    assertEquals(0, recorded.count("UnknownCompletion"), "UnknownCompletion");
    assertEquals(account.overdue(), recorded.count("LostCompletion"), "LostCompletion, " + account);
    assertTrue(
        recorded.count("LateCompletion") <= account.overdue(),
        () -> recorded.count("LateCompletion") + " LateCompletion, " + account);
    assertEquals(0, recorded.statistics().getLong("quarantinedBytes"), "quarantinedBytes");
    return recorded;
  }

  /**
   * Waits for the end of all requests and of the application. Checks only that each request ended
   * once.
   */
  Recorded endAnyhow(Application application) {
    application.awaitAll();
    Recorded recorded = application.recorded();
    application.requests().forEach(Request::ending);
    application.end();
    return recorded;
  }

  /** Adds a note to the outcome in the table. */
  void note(String text) {
    notes.add(text);
  }

  /** Adds the requests of another program. */
  void add(Account account) {
    others = others.plus(account);
  }

  /** Returns the counts of all requests. */
  Account account() {
    return applications.stream().map(Account::of).reduce(others, Account::plus);
  }

  /** Describes the errors of the applications. */
  String outcome() {
    Map<String, Integer> errors = new TreeMap<>();
    int shorter = 0;
    for (Application application : applications) {
      for (Request request : application.requests()) {
        for (Ending ending : request.endings()) {
          if (ending.failed()) {
            boolean late = ending.age().compareTo(application.deadline()) >= 0;
            errors.merge(late ? "deadline passed" : ending.error(), 1, Integer::sum);
          } else if (ending.result() < request.lengthBytes()) {
            shorter++;
          }
        }
      }
    }
    if (shorter > 0) {
      errors.put("short result", shorter);
    }
    List<String> parts =
        errors.entrySet().stream()
            .map(error -> error.getValue() + " x " + error.getKey())
            .collect(Collectors.toCollection(ArrayList::new));
    parts.addAll(notes);
    return parts.isEmpty() ? "no error" : String.join(", ", parts);
  }

  @Override
  public void close() {
    fixtures.close();
  }
}
