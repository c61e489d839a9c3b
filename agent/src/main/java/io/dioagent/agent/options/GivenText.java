package io.dioagent.agent.options;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Restores text that was passed to this process. In a locale without an encoding (LANG=C, POSIX)
 * the JDK turns each byte of a non-ASCII character of an argument, a system property or an
 * environment variable into U+FFFD. The kernel still has the bytes, which are taken to be UTF-8.
 */
public final class GivenText {
  private static final char UNDECODED = '\uFFFD';
  private static final String[] SOURCES = {"/proc/self/cmdline", "/proc/self/environ"};

  private GivenText() {}

  /**
   * Returns the text as it was written, or unchanged where that cannot be determined. Never fails.
   */
  public static String restore(String decoded) {
    if (decoded == null || decoded.indexOf(UNDECODED) < 0) {
      return decoded;
    }
    byte[] found = null;
    for (String source : SOURCES) {
      byte[] all = read(source);
      for (int from = 0; from + decoded.length() <= all.length; from++) {
        if (!matches(decoded, all, from)) {
          continue;
        }
        byte[] here = Arrays.copyOfRange(all, from, from + decoded.length());
        if (found != null && !Arrays.equals(found, here)) {
          return decoded; // Several texts match it.
        }
        found = here;
      }
    }
    return found == null ? decoded : decode(found, decoded);
  }

  /** Whether the bytes from an index on decode to this: each that is not ASCII to U+FFFD. */
  private static boolean matches(String decoded, byte[] all, int from) {
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (all[from + i] < 0 ? c != UNDECODED : c != all[from + i]) {
        return false;
      }
    }
    return true;
  }

  private static String decode(byte[] bytes, String otherwise) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return otherwise;
    }
  }

  private static byte[] read(String source) {
    try (InputStream in = new FileInputStream(source)) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
