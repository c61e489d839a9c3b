package io.dioagent.agent.weave;

import java.io.FileDescriptor;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import sun.nio.ch.DioCalls;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNotices;

/** Advice for the dispatcher of file channels, below all that {@code FileChannelImpl} does. */
final class DispatcherAdvice {
  static final class Write {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int length,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.write(fd, address, length);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class WriteAt {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int length,
        @Advice.Argument(3) long position,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.pwrite(fd, address, length, position);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class Gather {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int count,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.writev(fd, address, count);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class Read {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int length,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.read(fd, address, length);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class ReadAt {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int length,
        @Advice.Argument(3) long position,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.pread(fd, address, length, position);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class Scatter {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) long address,
        @Advice.Argument(2) int count,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.readv(fd, address, count);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class Force {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor fd,
        @Advice.Argument(1) boolean metadata,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.force(fd, metadata);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class Touch {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) FileDescriptor fd) {
      DioNotices.touching(fd);
    }
  }

  static final class Truncate {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) FileDescriptor fd) {
      DioNotices.entering(fd);
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(@Advice.Argument(0) FileDescriptor fd) {
      DioNotices.changed(fd);
    }
  }

  static final class Lock {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) FileDescriptor fd) {
      DioNotices.locking(fd);
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class, backupArguments = false)
    static void exit(@Advice.Return int result, @Advice.Thrown Throwable thrown) {
      DioNotices.locked(thrown == null ? result : DioHook.FAILED);
    }
  }

  /** Ends a method that returns an int with the answer, if its advice above has one. */
  static final class IntAnswer {
    @Advice.OnMethodExit(backupArguments = false)
    static void exit(
        @Advice.Enter boolean answered,
        @Advice.Local("answer") long answer,
        @Advice.Return(readOnly = false) int result) {
      if (answered) {
        result = (int) answer;
      }
    }
  }

  static final class LongAnswer {
    @Advice.OnMethodExit(backupArguments = false)
    static void exit(
        @Advice.Enter boolean answered,
        @Advice.Local("answer") long answer,
        @Advice.Return(readOnly = false) long result) {
      if (answered) {
        result = answer;
      }
    }
  }
}
