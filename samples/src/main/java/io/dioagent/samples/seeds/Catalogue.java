package io.dioagent.samples.seeds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The samples by name, as listed in {@code samples.txt}, which {@code samples/run.sh} also reads.
 */
final class Catalogue {

  /**
   * A line of {@code samples.txt}.
   *
   * @param seeds the numbers of the patches
   * @param about the defect, in one line
   */
  record Entry(String name, String seeds, String about) {}

  private Catalogue() {}

  /** Returns all samples in the order of the seeds. */
  static List<Entry> entries() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Catalogue.class.getResourceAsStream("samples.txt"), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(line -> line.split(" +", 3))
          .map(words -> new Entry(words[0], words[1], words[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("samples.txt cannot be read", e);
    }
  }

  /** Makes the sample of this name. */
  static Sample sample(String name) {
    return switch (name) {
      case "lost-error" -> new LostError();
      case "error-overwrites-count" -> new ErrorOverwritesCount();
      case "whole-request-redo" -> new WholeRequestRedo();
      case "count-race" -> new CountRace();
      case "completion-on-submit-error" -> new CompletionOnSubmitError();
      case "double-completion" -> new DoubleCompletion();
      case "unheard-flush-error" -> new UnheardFlushError();
      case "event-after-cancel" -> new EventAfterCancel();
      case "stale-page" -> new StalePage();
      default ->
          throw new IllegalArgumentException(
              "sample is "
                  + name
                  + ", expected one of "
                  + entries().stream().map(Entry::name).toList());
    };
  }
}
