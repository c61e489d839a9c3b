package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Decides which files are tagged, by their real paths. Immutable. */
final class Classifier {
  /** Excludes JFR's own recordings, which it writes through file channels. */
  private static final String JFR_FILES = "/**/*.jfr";

  /** Excludes the kernel's pseudo files, which are regular and take one write at a time. */
  private static final String KERNEL_FILES = "/{proc,sys}/**";

  /** Appended by the kernel to the path of a file without a name (proc(5)). */
  private static final String DELETED = " (deleted)";

  /** The agent's own jar. Class loading reads it, also during an operation. */
  private static final String OWN_JAR = ownJar();

  /** Tags no file. */
  static final Classifier NOTHING = new Classifier(List.of(), List.of());

  private final List<TagRule> rules;
  private final List<Glob> excludes;

  Classifier(List<TagRule> rules, List<Glob> excludes) {
    this.rules = List.copyOf(rules);
    List<Glob> all = new ArrayList<>(excludes);
    all.add(Glob.of(JFR_FILES));
    all.add(Glob.of(KERNEL_FILES));
    this.excludes = List.copyOf(all);
  }

  boolean hasRules() {
    return !rules.isEmpty();
  }

  /** Returns the path of an open descriptor, as this class expects it; null if it has none. */
  static String pathOf(int number) {
    String path = DirectRuntime.pathOf(number);
    if (path == null || !path.startsWith("/")) {
      return null; // Pipes, sockets and the like.
    }
    return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
  }

  /** Whether a path is that of the agent's own jar. */
  static boolean isOwnJar(String path) {
    return path != null && path.equals(OWN_JAR);
  }

  /** Returns the tag that applies to a path; null if none does, or if it is excluded. */
  TagRule ruleFor(String path) {
    TagRule rule = isOwnJar(path) ? null : TagRule.of(path, rules);
    return rule == null || excluded(path) ? null : rule;
  }

  /** Reads from the agent's own jar, as class loading does. */
  static void readOwnJar() throws IOException {
    ModuleReference own = ownModule();
    if (own == null) {
      return;
    }
    String name = Classifier.class.getName().replace('.', '/') + ".class";
    try (ModuleReader reader = own.open()) {
      ByteBuffer bytes = reader.read(name).orElse(null);
      if (bytes != null) {
        reader.release(bytes);
      }
    }
  }

  /** Null where the classes do not come from a jar, as in tests. */
  private static ModuleReference ownModule() {
    Module module = Classifier.class.getModule();
    return module.getLayer() == null
        ? null
        : module.getLayer().configuration().findModule(module.getName()).orElseThrow().reference();
  }

  /** Returns the jar's real path; null where there is none. */
  private static String ownJar() {
    ModuleReference own = ownModule();
    if (own == null) {
      return null;
    }
    URI location = own.location().orElseThrow();
    try {
      return new File(location).getCanonicalPath();
    } catch (IOException e) {
      AgentLog.debug("the agent's own jar: " + e.getMessage());
      return null;
    }
  }

  private boolean excluded(String path) {
    for (Glob exclude : excludes) {
      if (exclude.matches(path)) {
        AgentLog.info("left alone: " + path + ": excluded by " + exclude);
        return true;
      }
    }
    return false;
  }
}
