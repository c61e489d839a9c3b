package io.dioagent.agent.options;

import io.dioagent.agent.AgentLog;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves symbolic links in globs. Globs match real paths, but operators may write other ones. If
 * a glob's literal directory is reached through a symbolic link, it is replaced by the link's
 * target when the agent starts. Otherwise the glob would silently match nothing.
 */
public final class RealPaths {
  private RealPaths() {}

  /** Returns the same options, with all globs on real paths. */
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

  /**
   * Whether the JDK can access a directory of that name: in the locale C only ASCII names can be
   * used.
   */
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
