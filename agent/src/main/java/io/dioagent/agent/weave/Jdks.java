package io.dioagent.agent.weave;

/**
 * The JDKs that a row of {@link HookTable} is for.
 *
 * @param first release
 * @param last release
 * @param knownFrom the first release that certainly has the method; between {@code first} and this
 *     one, the method is woven if it is there
 * @param knownTo the last such release
 */
record Jdks(int first, int last, int knownFrom, int knownTo) {
  private static final int OLDEST = 17;
  private static final int NEWEST = Integer.MAX_VALUE;

  static final Jdks ALL = between(OLDEST, NEWEST);

  static Jdks between(int first, int last) {
    return new Jdks(first, last, first, last);
  }

  static Jdks until(int last) {
    return between(OLDEST, last);
  }

  static Jdks from(int first) {
    return between(first, NEWEST);
  }

  /** Those that certainly have a method until a release, and those that may. */
  static Jdks until(int knownTo, int last) {
    return new Jdks(OLDEST, last, OLDEST, knownTo);
  }

  /** Those that may have a method from a release on, and those that certainly have it. */
  static Jdks from(int first, int knownFrom) {
    return new Jdks(first, NEWEST, knownFrom, NEWEST);
  }

  boolean include(int feature) {
    return feature >= first && feature <= last;
  }

  boolean require(int feature) {
    return feature >= knownFrom && feature <= knownTo;
  }

  @Override
  public String toString() {
    return first + ".." + (last == NEWEST ? "" : String.valueOf(last));
  }
}
