package io.dioagent.agent.options;

import io.dioagent.agent.AgentLog;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Globs match real paths; an operator writes the path that he knows. Where the directory that a
 * glob begins with is reached through a symbolic link, the glob is moved to where that leads when
 * the agent starts. Otherwise it would match nothing, ever, and say nothing about it.
 */
public final class RealPaths {
  private RealPaths() {}

  /** The same options, with all globs on real paths. */
  public static AgentOptions of(AgentOptions options) {
    List<TagRule> tags = new ArrayList<>();
    for (TagRule tag : options.tags()) {
      tags.add(new TagRule(tag.name(), real(tag.glob()), tag.policy()));
    }
    List<Glob> excludes = new ArrayList<>();
    for (Glob exclude : options.excludes()) {
      excludes.add(real(exclude));
    }
    return options.withGlobs(tags, excludes);
  }

  /** Whether the JDK can look at a directory of that name: in the locale C only ASCII has names. */
  private static boolean canBeNamed(String directory) {
    String encoding = System.getProperty("sun.jnu.encoding");
    return encoding == null
        || !Charset.isSupported(encoding)
        || Charset.forName(encoding).newEncoder().canEncode(directory);
  }

  private static Glob real(Glob glob) {
    String directory = glob.literalDirectory();
    if (!canBeNamed(directory)) {
      AgentLog.info(glob + " is taken as it is: this locale has no such characters in file names");
      return glob;
    }
    try {
      String canonical = new File(directory).getCanonicalPath();
      String real = canonical.endsWith("/") ? canonical : canonical + "/";
      if (real.equals(directory)) {
        return glob;
      }
      Glob moved = glob.inDirectory(real);
      AgentLog.info(glob + " is " + moved + ", by a symbolic link");
      return moved;
    } catch (IOException e) {
      AgentLog.info(glob + " is taken as it is: " + e.getMessage());
      return glob;
    }
  }
}
