package io.dioagent.runtime.file;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The kinds of requests, by the table of {@link PageClaims}, on three pages. */
enum ClaimShape {
  DIRECT(1, 2, 0),
  OTHER_DIRECT(2, 1, 0),
  CACHED(1, 0, 1),
  HEAD_AND_DIRECT(0, 2, 1),
  CACHED_FILE(0, 0, 3);

  private static final Map<ClaimShape, Set<ClaimShape>> EXCLUDES = new EnumMap<>(ClaimShape.class);

  static {
    for (ClaimShape one : values()) {
      Set<ClaimShape> excluded = EnumSet.noneOf(ClaimShape.class);
      for (ClaimShape other : values()) {
        if (one.excludesByPage(other)) {
          excluded.add(other);
        }
      }
      EXCLUDES.put(one, excluded);
    }
  }

  private final int from;
  private final int directPages;
  private final int cachedPages;

  ClaimShape(int from, int directPages, int cachedPages) {
    this.from = from;
    this.directPages = directPages;
    this.cachedPages = cachedPages;
  }

  PageClaim claim() {
    PageClaim claim = new PageClaim();
    if (cachedPages > 0) {
      claim.add(from * 4096L, cachedPages * 4096L, false);
    }
    if (directPages > 0) {
      claim.add((from + cachedPages) * 4096L, directPages * 4096L, true);
    }
    return claim;
  }

  /** Decides by each page, without the class under test. */
  boolean excludes(ClaimShape other) {
    return EXCLUDES.get(this).contains(other);
  }

  private boolean excludesByPage(ClaimShape other) {
    for (int page = 0; page < 4; page++) {
      if ((isCached(page) && other.isDirect(page)) || (isDirect(page) && other.isCached(page))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCached(int page) {
    return page >= from && page < from + cachedPages;
  }

  private boolean isDirect(int page) {
    return page >= from + cachedPages && page < from + cachedPages + directPages;
  }
}
