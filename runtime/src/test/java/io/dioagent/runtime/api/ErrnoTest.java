package io.dioagent.runtime.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrnoTest {

  private static final int LC_ALL_MASK = 0x1fbf;

  /**
   * All numbers, compared with the libc of this machine, in the C locale regardless of the
   * machine's.
   */
  @Test
  void messagesAreThoseOfGlibc() {
    NativeLibrary libc = NativeLibrary.getInstance("c");
    assumeTrue(has(libc, "gnu_get_libc_version"), "not glibc, which has other texts");
    Pointer locale =
        (Pointer)
            libc.getFunction("newlocale")
                .invoke(Pointer.class, new Object[] {LC_ALL_MASK, "C", null});
    Function strerror = libc.getFunction("strerror_l");
    for (int errno = -1; errno <= 200; errno++) {
      assertEquals(
          strerror.invokeString(new Object[] {errno, locale}, false),
          Errno.message(errno),
          "errno " + errno);
    }
    libc.getFunction("freelocale").invoke(new Object[] {locale});
  }

  @Test
  void namesAreThoseOfGlibc() {
    NativeLibrary libc = NativeLibrary.getInstance("c");
    assumeTrue(has(libc, "strerrorname_np"), "glibc before 2.32, or another libc");
    Function names = libc.getFunction("strerrorname_np");
    for (int errno = 1; errno <= 200; errno++) {
      String name = names.invokeString(new Object[] {errno}, false);
      assertEquals(name == null ? "errno " + errno : name, Errno.name(errno));
    }
  }

  private static boolean has(NativeLibrary library, String function) {
    try {
      library.getFunction(function);
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /** Without any libc: some that users of this project see, from the kernel's errno.h. */
  @Test
  void namesAndNumbersOfTheUsualOnes() {
    assertEquals("EIO", Errno.name(5));
    assertEquals("Input/output error", Errno.message(5));
    assertEquals("EAGAIN", Errno.name(11));
    assertEquals("EINVAL", Errno.name(22));
    assertEquals("EFBIG", Errno.name(27));
    assertEquals("ENOSPC", Errno.name(28));
    assertEquals("EROFS", Errno.name(30));
    assertEquals("EOPNOTSUPP", Errno.name(95));
    assertEquals("ETIMEDOUT", Errno.name(110));
    assertEquals("EDQUOT", Errno.name(122));
    assertEquals("EHWPOISON", Errno.name(133));
  }

  @Test
  void anUnknownErrnoHasItsNumber() {
    assertEquals("errno 999", Errno.name(999));
    assertEquals("Unknown error 999", Errno.message(999));
    assertEquals("errno 41", Errno.name(41));
    assertEquals("errno -1", Errno.name(-1));
    assertEquals("errno 0", Errno.name(0));
    assertEquals("Success", Errno.message(0));
  }

  @Test
  void constantsEqualTheTable() throws Exception {
    int constants = 0;
    for (Field field : Errno.class.getFields()) {
      assertEquals(field.getName(), Errno.name(field.getInt(null)));
      constants++;
    }
    assertTrue(constants > 5, "found " + constants);
  }

  @Test
  void namesAreUnique() {
    Set<String> names = new HashSet<>();
    for (int errno = 0; errno <= 134; errno++) {
      assertTrue(names.add(Errno.name(errno)), Errno.name(errno));
    }
  }

  /** The JDK takes its texts from the same place, so applications see the same message. */
  @Test
  void aChannelHasTheSameTexts() throws Exception {
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      IOException e = assertThrows(IOException.class, () -> full.write(ByteBuffer.allocate(1)));
      assertEquals(Errno.message(28), e.getMessage());
    }
  }
}
