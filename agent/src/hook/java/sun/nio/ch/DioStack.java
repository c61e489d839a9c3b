package sun.nio.ch;

import jdk.internal.vm.annotation.DontInline;

/** Checks that the calling thread has enough stack left for the agent. Called by any thread. */
public final class DioStack {
  /**
   * The depth that is required, in frames of 1 KB and more: twice the measured maximum of a first
   * operation, in the interpreter, while its classes are loaded. With less stack the operation is
   * not begun.
   */
  private static final int FRAMES = 48;

  /**
   * The depth that is required for a write by the caller's own system call, whose classes are
   * loaded: in frames of 1 KB and more, twice the measured maximum. With less stack the write is
   * not begun.
   */
  private static final int CALLER_FRAMES = 10;

  /** The depth that is required to pass a task to another thread, and to wait for it. */
  private static final int FEW_FRAMES = 3;

  private DioStack() {}

  /**
   * Throws the application's own StackOverflowError if this thread has less stack left than the
   * agent and its runtime need. Called before anything is acquired or done: a later overflow would
   * leave locks locked forever.
   */
  public static void requireStack() {
    if (descend(FRAMES, FRAMES) == 0) {
      throw new IllegalStateException("a sum of positive numbers is 0");
    }
  }

  /** As {@link #requireStack}, for a write by the caller's own system call. */
  static void requireLittleStack() {
    if (descend(CALLER_FRAMES, CALLER_FRAMES) == 0) {
      throw new IllegalStateException("a sum of positive numbers is 0");
    }
  }

  /** Whether {@link #requireStack} returns. */
  public static boolean hasStack() {
    return hasStack(FRAMES);
  }

  /** Whether enough is left to pass a task to another thread, and to wait for it. */
  static boolean hasLittleStack() {
    return hasStack(FEW_FRAMES);
  }

  private static boolean hasStack(int frames) {
    try {
      return descend(frames, frames) != 0;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  /**
   * Takes 1 to 1.5 KB of stack per level. In the interpreter 60 variables of two slots each take
   * it; compiled, as many that live across a call and are its arguments. Each level has the same
   * frame size, but only the last one executes the code with these variables.
   */
  @DontInline
  private static long descend(int levels, long seed) {
    if (levels > 0) {
      return descend(levels - 1, seed) + levels;
    }
    long a1 = seed + 1;
    long a2 = seed + 2;
    long a3 = seed + 3;
    long a4 = seed + 4;
    long a5 = seed + 5;
    long a6 = seed + 6;
    long a7 = seed + 7;
    long a8 = seed + 8;
    long a9 = seed + 9;
    long a10 = seed + 10;
    long a11 = seed + 11;
    long a12 = seed + 12;
    long a13 = seed + 13;
    long a14 = seed + 14;
    long a15 = seed + 15;
    long a16 = seed + 16;
    long a17 = seed + 17;
    long a18 = seed + 18;
    long a19 = seed + 19;
    long a20 = seed + 20;
    long a21 = seed + 21;
    long a22 = seed + 22;
    long a23 = seed + 23;
    long a24 = seed + 24;
    long a25 = seed + 25;
    long a26 = seed + 26;
    long a27 = seed + 27;
    long a28 = seed + 28;
    long a29 = seed + 29;
    long a30 = seed + 30;
    long a31 = seed + 31;
    long a32 = seed + 32;
    long a33 = seed + 33;
    long a34 = seed + 34;
    long a35 = seed + 35;
    long a36 = seed + 36;
    long a37 = seed + 37;
    long a38 = seed + 38;
    long a39 = seed + 39;
    long a40 = seed + 40;
    long a41 = seed + 41;
    long a42 = seed + 42;
    long a43 = seed + 43;
    long a44 = seed + 44;
    long a45 = seed + 45;
    long a46 = seed + 46;
    long a47 = seed + 47;
    long a48 = seed + 48;
    long a49 = seed + 49;
    long a50 = seed + 50;
    long a51 = seed + 51;
    long a52 = seed + 52;
    long a53 = seed + 53;
    long a54 = seed + 54;
    long a55 = seed + 55;
    long a56 = seed + 56;
    long a57 = seed + 57;
    long a58 = seed + 58;
    long a59 = seed + 59;
    long a60 = seed + 60;
    long bottom =
        bottom(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
            a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36,
            a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53,
            a54, a55, a56, a57, a58, a59, a60);
    return bottom + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15
        + a16 + a17 + a18 + a19 + a20 + a21 + a22 + a23 + a24 + a25 + a26 + a27 + a28 + a29 + a30
        + a31 + a32 + a33 + a34 + a35 + a36 + a37 + a38 + a39 + a40 + a41 + a42 + a43 + a44 + a45
        + a46 + a47 + a48 + a49 + a50 + a51 + a52 + a53 + a54 + a55 + a56 + a57 + a58 + a59 + a60;
  }

  @DontInline
  private static long bottom(
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      long a8,
      long a9,
      long a10,
      long a11,
      long a12,
      long a13,
      long a14,
      long a15,
      long a16,
      long a17,
      long a18,
      long a19,
      long a20,
      long a21,
      long a22,
      long a23,
      long a24,
      long a25,
      long a26,
      long a27,
      long a28,
      long a29,
      long a30,
      long a31,
      long a32,
      long a33,
      long a34,
      long a35,
      long a36,
      long a37,
      long a38,
      long a39,
      long a40,
      long a41,
      long a42,
      long a43,
      long a44,
      long a45,
      long a46,
      long a47,
      long a48,
      long a49,
      long a50,
      long a51,
      long a52,
      long a53,
      long a54,
      long a55,
      long a56,
      long a57,
      long a58,
      long a59,
      long a60) {
    return a1 ^ a60;
  }
}
