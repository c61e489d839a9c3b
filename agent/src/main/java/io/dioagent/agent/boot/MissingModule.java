package io.dioagent.agent.boot;

/** Names the module of the JDK that a Java runtime lacks, by a class that was not found. */
final class MissingModule {
  /** Packages' beginnings, each with its module. */
  private static final String[][] MODULES = {
    {"java.util.logging.", "java.logging"},
    {"java.lang.instrument.", "java.instrument"},
    {"java.lang.management.", "java.management"},
    {"javax.management.", "java.management"},
    {"javax.xml.", "java.xml"},
    {"org.w3c.dom.", "java.xml"},
    {"org.xml.sax.", "java.xml"},
    {"java.awt.", "java.desktop"},
    {"java.beans.", "java.desktop"},
    {"java.sql.", "java.sql"},
    {"com.sun.tools.attach.", "jdk.attach"},
    {"jdk.jfr.", "jdk.jfr"},
    {"sun.misc.", "jdk.unsupported"},
  };

  private MissingModule() {}

  /** Returns one line with the module, if its absence is the cause; null if it is not. */
  static String line(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String module = moduleOf(cause);
      if (module != null) {
        return "this Java runtime has no module "
            + module
            + ", expected one that has, such as a JDK: "
            + System.getProperty("java.home");
      }
    }
    return null;
  }

  private static String moduleOf(Throwable cause) {
    if (!(cause instanceof NoClassDefFoundError) && !(cause instanceof ClassNotFoundException)) {
      return null;
    }
    String name = String.valueOf(cause.getMessage()).replace('/', '.');
    for (String[] known : MODULES) {
      if (name.startsWith(known[0])) {
        return ModuleLayer.boot().findModule(known[1]).isPresent() ? null : known[1];
      }
    }
    return null;
  }
}
