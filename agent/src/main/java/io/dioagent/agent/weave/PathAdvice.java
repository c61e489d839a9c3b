package io.dioagent.agent.weave;

import net.bytebuddy.asm.Advice;
import sun.nio.ch.DioNotices;

/** Advice for methods that get at a file by its path. */
final class PathAdvice {
  /** Methods that open a file, return its size or times, or rename it; the path comes first. */
  static final class First {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) Object path) {
      DioNotices.path(path);
    }
  }

  /** The same; the path comes second, after an open directory. */
  static final class Second {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(1) Object path) {
      DioNotices.path(path);
    }
  }

  /** Methods that change a file's times, owner or rights, or open it; the path comes first. */
  static final class ChangeFirst {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) Object path) {
      DioNotices.changing(path);
    }
  }

  /** The same; the path comes second. */
  static final class ChangeSecond {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(1) Object path) {
      DioNotices.changing(path);
    }
  }

  /** The same, for any file. */
  static final class ChangeAny {
    @Advice.OnMethodEnter
    static void enter() {
      DioNotices.changing();
    }
  }

  static final class OfFile {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("path") String path) {
      DioNotices.path(path);
    }
  }

  static final class ChangeFile {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("path") String path) {
      DioNotices.changing(path);
    }
  }
}
