package io.dioagent.agent.boot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Isolates the agent's copy of JNA from the application and its copy, by rewriting names in the
 * constant pools of its classes as they are loaded:
 *
 * <ul>
 *   <li>system properties {@code jna.*} and {@code jnidispatch.*}, which the application sets for
 *       its own copy, become {@code dio-agent.jna.*} and so on;
 *   <li>{@code java.util.logging.Logger} and {@code Level} become silent classes of the agent.
 *       Logging must not be started before main, which may still choose the log manager; and its
 *       module may be missing.
 * </ul>
 *
 * <p>JNA's classes keep their own names, which are baked into its native library.
 */
final class JnaConstants {
  static final String MODULE = "com.sun.jna";

  private static final String PROPERTY_PREFIX = "dio-agent.";
  private static final String LOGGING = "java/util/logging/";
  private static final String SILENT_LOGGING = "io/dioagent/agent/jnalogging/";

  /** JVMS 4.4: where the constant pool's count lies in a class file. */
  private static final int POOL_COUNT_OFFSET = 8;

  private static final int TAG_UTF8 = 1;
  private static final int TAG_LONG = 5;
  private static final int TAG_DOUBLE = 6;

  private JnaConstants() {}

  /** Returns a copy of a class file with its names rewritten. */
  static byte[] isolate(byte[] classFile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(classFile.length + 256);
    int offset = POOL_COUNT_OFFSET + 2;
    int copied = 0;
    int count = unsignedShort(classFile, POOL_COUNT_OFFSET);
    for (int index = 1; index < count; index++) {
      int tag = classFile[offset];
      if (tag == TAG_UTF8) {
        int length = unsignedShort(classFile, offset + 1);
        String constant = new String(classFile, offset + 3, length, StandardCharsets.ISO_8859_1);
        String isolated = isolate(constant);
        if (isolated != null) {
          out.write(classFile, copied, offset + 1 - copied);
          out.write(isolated.length() >> 8);
          out.write(isolated.length());
          out.writeBytes(isolated.getBytes(StandardCharsets.ISO_8859_1));
          copied = offset + 3 + length;
        }
        offset += 3 + length;
      } else {
        offset += sizeOf(tag);
        if (tag == TAG_LONG || tag == TAG_DOUBLE) {
          index++; // JVMS 4.4.5: they take up two indices.
        }
      }
    }
    out.write(classFile, copied, classFile.length - copied);
    return out.toByteArray();
  }

  /**
   * Returns the constant's new name, or null to keep it. Characters are the bytes of modified
   * UTF-8.
   */
  private static String isolate(String constant) {
    if (constant.startsWith("jna.") || constant.startsWith("jnidispatch.")) {
      return PROPERTY_PREFIX + constant;
    }
    return constant.contains(LOGGING) ? constant.replace(LOGGING, SILENT_LOGGING) : null;
  }

  /** JVMS 4.4, table 4.4-A: the size of a constant that is no Utf8, its tag included. */
  private static int sizeOf(int tag) {
    return switch (tag) {
      case TAG_LONG, TAG_DOUBLE -> 9;
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 5; // numbers, *ref, NameAndType, *Dynamic
      case 15 -> 4; // MethodHandle
      case 7, 8, 16, 19, 20 -> 3; // Class, String, MethodType, Module, Package
      default -> throw new ClassFormatError("constant pool tag " + tag + " in a class of JNA");
    };
  }

  private static int unsignedShort(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
  }
}
