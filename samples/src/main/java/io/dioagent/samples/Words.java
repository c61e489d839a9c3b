package io.dioagent.samples;

import java.util.SplittableRandom;

/** Generates text from a seed, with frequent and rare words as in real text. */
final class Words {
  private static final int VOCABULARY = 20_000;
  private static final String[] SYLLABLES = {
    "ba", "co", "di", "fu", "ga", "he", "ji", "ko", "lu", "ma", "ne", "pi", "qua", "ro", "sa", "ti"
  };

  private final SplittableRandom random;

  Words(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns that many words, separated by blanks. */
  String text(int words) {
    StringBuilder text = new StringBuilder(words * 8);
    for (int i = 0; i < words; i++) {
      if (i > 0) {
        text.append(' ');
      }
      appendWord(text);
    }
    return text.toString();
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  int number(int bound) {
    return random.nextInt(bound);
  }

  private void appendWord(StringBuilder text) {
    // The square of a uniform number is mostly near 0, so that low word numbers are frequent.
    double uniform = random.nextDouble();
    int word = (int) (VOCABULARY * uniform * uniform);
    do {
      text.append(SYLLABLES[word % SYLLABLES.length]);
      word /= SYLLABLES.length;
    } while (word > 0);
  }
}
