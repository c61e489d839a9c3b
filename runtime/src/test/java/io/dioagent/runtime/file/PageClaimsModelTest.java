package io.dioagent.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.StripedCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every order in which three requests claim, find that they are woken, give up, are lost, and end,
 * on the real {@link PageClaims}: each of its steps is one under its monitor, so that an order of
 * steps is all there is. A request goes on only if it was woken.
 */
@Tag("host")
class PageClaimsModelTest {
  /** The short form leaves the second of two direct shapes out. */
  private static final boolean ALL = Boolean.getBoolean("dio.test.claims.all");

  /** What requests there are: by the table of {@link PageClaims}, on three pages. */
  private enum Shape {
    DIRECT(1, 2, 0),
    OTHER_DIRECT(2, 1, 0),
    CACHED(1, 0, 1),
    HEAD_AND_DIRECT(0, 2, 1),
    CACHED_FILE(0, 0, 3);

    private static final Map<Shape, Set<Shape>> EXCLUDES = new EnumMap<>(Shape.class);

    static {
      for (Shape one : values()) {
        Set<Shape> excluded = EnumSet.noneOf(Shape.class);
        for (Shape other : values()) {
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

    Shape(int from, int directPages, int cachedPages) {
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

    /** Told without the class under test: by each page. */
    boolean excludes(Shape other) {
      return EXCLUDES.get(this).contains(other);
    }

    private boolean excludesByPage(Shape other) {
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

  /** What a request does in the end. */
  private enum Course {
    /** Waits for as long as it takes, and ends. */
    ENDS,
    /** Gives up when it waits; at once, or when it has been granted meanwhile. */
    GIVES_UP,
    /** Its caller goes, and the kernel has it for longer than anything else goes on. */
    QUARANTINED,
    /** Turns from direct to cached: gives it back and claims anew, once. */
    TURNS
  }

  private enum Stand {
    NEW,
    WAITING,
    HOLDING,
    HOLDING_AGAIN,
    OVER
  }

  /** Notes whom it wakes. */
  private static class Claims extends PageClaims {
    private final List<PageClaim> woken = new ArrayList<>();

    @Override
    void wake(PageClaim claim) {
      woken.add(claim);
    }
  }

  /** Defect: looks at those that hold, and not at those that wait. */
  private static final class Overtaking extends Claims {
    private final List<PageClaim> holders = new ArrayList<>();

    @Override
    boolean isFree(PageClaim claim) {
      holders.removeIf(one -> !one.isHeld());
      holders.add(claim);
      return holders.stream().noneMatch(one -> one.isHeld() && one.excludes(claim));
    }

    @Override
    void wake(PageClaim claim) {
      holders.add(claim);
      super.wake(claim);
    }
  }

  /** Defect: whom it grants a claim is not woken. */
  private static final class Silent extends Claims {
    @Override
    void wake(PageClaim claim) {
      // Forgotten.
    }
  }

  /** Defect: those behind one that gives up are not looked at, and wait for nothing. */
  private static final class Leaking extends Claims {
    private final List<PageClaim> granted = new ArrayList<>();

    @Override
    boolean isFree(PageClaim claim) {
      boolean free = super.isFree(claim);
      if (free) {
        granted.add(claim);
      }
      return free;
    }

    @Override
    void wake(PageClaim claim) {
      granted.add(claim);
      super.wake(claim);
    }

    @Override
    void gone(PageClaim claim, PageClaim behind) {
      if (granted.remove(claim)) {
        super.gone(claim, behind);
      }
    }
  }

  /** Defect: only the first one behind is looked at. */
  private static final class OneByOne extends Claims {
    private boolean one;

    @Override
    void gone(PageClaim claim, PageClaim behind) {
      one = false;
      super.gone(claim, behind);
    }

    @Override
    void wake(PageClaim claim) {
      if (!one) {
        super.wake(claim);
      }
      one = true;
    }
  }

  /** Defect: a direct claim shares with a cached one. */
  private static final class Careless extends Claims {
    @Override
    boolean isFree(PageClaim claim) {
      return super.isFree(claim) || !claim.hasCached();
    }
  }

  private static final class Request {
    private final Shape shape;
    private final Course course;
    private PageClaim claim;
    private Stand stand = Stand.NEW;
    private boolean turned;

    /** Its place among all claims that were made. */
    private int place;

    Request(Shape shape, Course course) {
      this.shape = shape;
      this.course = course;
      claim = shape.claim();
    }

    private Shape now() {
      return turned ? Shape.CACHED_FILE : shape;
    }
  }

  private static final class Play {
    private final Claims claims;
    private final List<Request> requests = new ArrayList<>();
    private int places;

    Play(Claims claims, Shape[] shapes, Course[] courses) {
      this.claims = claims;
      for (int i = 0; i < shapes.length; i++) {
        requests.add(new Request(shapes[i], courses[i]));
      }
    }

    /** Whether a request has a step to do now. */
    boolean canStep(Request request) {
      return switch (request.stand) {
        case NEW -> true;
        case WAITING -> request.course == Course.GIVES_UP || claims.woken.contains(request.claim);
        case HOLDING -> request.course != Course.QUARANTINED || !anyIsActive();
        case HOLDING_AGAIN -> true;
        case OVER -> false;
      };
    }

    /** Apart from those that are quarantined. */
    private boolean anyIsActive() {
      for (Request request : requests) {
        if (request.course != Course.QUARANTINED && canStep(request)) {
          return true;
        }
      }
      return false;
    }

    /** Null, or what went wrong. */
    String step(Request request) {
      switch (request.stand) {
        case NEW -> claim(request);
        case WAITING -> {
          if (request.course == Course.GIVES_UP) {
            end(request);
          } else if (request.claim.isHeld()) {
            claims.woken.remove(request.claim);
            request.stand = request.turned ? Stand.HOLDING_AGAIN : Stand.HOLDING;
          } else {
            return "woken without being granted: " + request.claim;
          }
        }
        case HOLDING -> {
          if (request.course == Course.TURNS) {
            claims.release(request.claim);
            request.turned = true;
            request.stand = Stand.NEW;
          } else {
            end(request);
          }
        }
        default -> end(request);
      }
      return whatIsWrong();
    }

    private void claim(Request request) {
      request.place = ++places;
      if (request.turned) {
        request.claim = request.now().claim();
      }
      boolean held = claims.claim(request.claim);
      request.stand = !held ? Stand.WAITING : request.turned ? Stand.HOLDING_AGAIN : Stand.HOLDING;
    }

    private void end(Request request) {
      claims.release(request.claim);
      claims.woken.remove(request.claim);
      request.stand = Stand.OVER;
    }

    private String whatIsWrong() {
      for (Request one : requests) {
        for (Request other : requests) {
          boolean exclude = one != other && one.now().excludes(other.now());
          if (exclude && one.claim.isHeld() && other.claim.isHeld()) {
            return "both held: " + one.claim + ", " + other.claim;
          }
          if (exclude
              && one.stand == Stand.WAITING
              && !one.claim.isHeld()
              && other.claim.isHeld()
              && other.place > one.place) {
            return "overtaken: " + one.claim + " by " + other.claim;
          }
        }
        if (one.claim.state() == PageClaim.State.WAITING && isFree(one)) {
          return "waits for none: " + one.claim;
        }
      }
      return null;
    }

    /** Whether nothing that came before it is in its way. */
    private boolean isFree(Request one) {
      for (Request other : requests) {
        if (other != one
            && other.claim.state() != PageClaim.State.GONE
            && other.place < one.place
            && one.now().excludes(other.now())) {
          return false;
        }
      }
      return true;
    }

    String whatIsLeft() {
      for (Request request : requests) {
        if (request.stand != Stand.OVER || request.claim.state() != PageClaim.State.GONE) {
          return "never ends: " + request.claim + " " + request.stand;
        }
      }
      return claims.hasWaiting() ? "somebody waits" : null;
    }
  }

  private long orders;

  /** Runs every order, and answers what went wrong in the first one in which anything did. */
  private String explore(Supplier<Claims> claims, Shape[] shapes, Course[] courses) {
    int[] choices = new int[64];
    int depth;
    do {
      Play play = new Play(claims.get(), shapes, courses);
      depth = 0;
      int[] widths = new int[64];
      String wrong = null;
      while (wrong == null) {
        List<Request> next = new ArrayList<>();
        for (Request request : play.requests) {
          if (play.canStep(request)) {
            next.add(request);
          }
        }
        if (next.isEmpty()) {
          wrong = play.whatIsLeft();
          break;
        }
        widths[depth] = next.size();
        wrong = play.step(next.get(choices[depth++]));
      }
      orders++;
      if (wrong != null) {
        return wrong + " " + Arrays.toString(shapes) + " " + Arrays.toString(courses);
      }
      while (depth > 0 && choices[depth - 1] + 1 == widths[depth - 1]) {
        choices[--depth] = 0;
      }
      if (depth > 0) {
        choices[depth - 1]++;
      }
    } while (depth > 0);
    return null;
  }

  private String exploreAll(Supplier<Claims> claims) {
    Shape[] shapes = Shape.values();
    Course[] courses = Course.values();
    int kinds = shapes.length * courses.length;
    // All orders of each three: so it does not matter which of them is the first.
    for (int a = 0; a < kinds; a++) {
      for (int b = a; b < kinds; b++) {
        for (int c = b; c < kinds; c++) {
          int[] all = {a, b, c};
          Shape[] three = new Shape[3];
          Course[] their = new Course[3];
          for (int i = 0; i < 3; i++) {
            three[i] = shapes[all[i] % shapes.length];
            their[i] = courses[all[i] / shapes.length];
          }
          if (!ALL && Arrays.asList(three).contains(Shape.OTHER_DIRECT)) {
            continue;
          }
          String wrong = explore(claims, three, their);
          if (wrong != null) {
            return wrong;
          }
        }
      }
    }
    return null;
  }

  @Test
  void everyOrderOfThreeRequests() {
    assertNull(exploreAll(Claims::new));
    System.out.println("model check: page claims: " + orders + " orders");
    assertTrue(orders > 100_000, "" + orders);
  }

  /** Each of them is found. */
  @Test
  void seededDefects() {
    List<Supplier<Claims>> defective =
        List.of(Overtaking::new, Silent::new, Leaking::new, OneByOne::new, Careless::new);
    for (Supplier<Claims> defect : defective) {
      String wrong = exploreAll(defect);
      String name = defect.get().getClass().getSimpleName();
      System.out.println("model check: page claims: " + name + ": " + wrong);
      assertNotNull(wrong, name);
    }
  }

  /** Others claim, or release, while a cached claim takes the unhindered ones over. */
  private static final class Meeting extends DirectClaims {
    private final Runnable other;
    private final int place;
    private final boolean forgets;
    private int emptied;

    /**
     * Unhindered claims.
     *
     * @param place after how many lists the other comes
     * @param forgets defect: those that were claimed unhindered are not taken over
     */
    Meeting(Runnable other, int place, boolean forgets) {
      this.other = other;
      this.place = place;
      this.forgets = forgets;
    }

    @Override
    int shut(PageClaim to) {
      return super.shut(forgets ? new PageClaim() : to);
    }

    @Override
    void emptied() {
      if (emptied++ == place) {
        other.run();
      }
    }
  }

  private String meet(boolean sameWriter, int place, boolean forgets) throws Exception {
    PageClaim held = Shape.DIRECT.claim();
    PageClaim late = Shape.DIRECT.claim();
    PageClaim cached = Shape.CACHED.claim();
    Meeting[] unhindered = {null};
    boolean[] lateIsHeld = {false};
    boolean[] heldIsGone = {false};
    unhindered[0] =
        new Meeting(
            () -> {
              lateIsHeld[0] = unhindered[0].tryHold(late);
              heldIsGone[0] = sameWriter && unhindered[0].tryRelease(held);
            },
            place,
            forgets);
    PageClaims all = new PageClaims(unhindered[0]);
    Thread first = new Thread(() -> all.claim(held)); // With a list of its own, mostly.
    first.start();
    first.join();
    boolean cachedIsHeld = all.claim(cached);
    if (lateIsHeld[0]) {
      return "claimed through the shut gate";
    }
    if (cachedIsHeld != heldIsGone[0] || held.isHeld() == heldIsGone[0]) {
      return "cached held " + cachedIsHeld + " beside " + held;
    }
    all.release(held);
    if (!cached.isHeld()) {
      return "not granted: " + cached;
    }
    all.release(cached);
    boolean unhinderedAgain = unhindered[0].tryHold(late) && unhindered[0].tryRelease(late);
    return unhinderedAgain ? null : "the gate stays shut";
  }

  @Test
  void unhinderedClaimsAreTakenOver() throws Exception {
    for (int place = 0; place < StripedCount.STRIPES; place++) {
      for (int writer = 0; writer < 20; writer++) {
        assertNull(meet(true, place, false));
        assertNull(meet(false, place, false));
        assertNotNull(meet(false, place, true));
      }
    }
  }

  @Test
  void whatExcludesWhat() {
    for (Shape one : Shape.values()) {
      for (Shape other : Shape.values()) {
        assertEquals(
            one.excludes(other), one.claim().excludes(other.claim()), one + " and " + other);
      }
    }
  }
}
