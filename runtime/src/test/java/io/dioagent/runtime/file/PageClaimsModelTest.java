package io.dioagent.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.base.StripedCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every order in which three requests claim, find that they are woken, give up, are lost, and end,
 * on the real {@link PageClaims}. Each step is one section under the monitor, so the orders of
 * steps cover all orders. A request goes on only if it was woken.
 */
@Tag("host")
class PageClaimsModelTest {
  /** The short form leaves the second of two direct shapes out. */
  private static final boolean ALL = Boolean.getBoolean("dio.test.claims.all");

  /** The end of a request. */
  private enum Course {
    /** Waits as long as necessary, and ends. */
    ENDS,
    /** Gives up when it waits; at once, or when it has been granted meanwhile. */
    GIVES_UP,
    /** Its caller is released, and the kernel holds it until all others have ended. */
    QUARANTINED,
    /** Turns from direct to cached: releases its claim and claims again, once. */
    TURNS
  }

  private enum Stand {
    NEW,
    WAITING,
    HOLDING,
    HOLDING_AGAIN,
    OVER
  }

  private static final class Request {
    private final ClaimShape shape;
    private final Course course;
    private PageClaim claim;
    private Stand stand = Stand.NEW;
    private boolean turned;

    /** Its place among all claims that were made. */
    private int place;

    Request(ClaimShape shape, Course course) {
      this.shape = shape;
      this.course = course;
      claim = shape.claim();
    }

    private ClaimShape now() {
      return turned ? ClaimShape.CACHED_FILE : shape;
    }
  }

  private static final class Play {
    private final ModelledClaims claims;
    private final List<Request> requests = new ArrayList<>();
    private int places;

    Play(ModelledClaims claims, ClaimShape[] shapes, Course[] courses) {
      this.claims = claims;
      for (int i = 0; i < shapes.length; i++) {
        requests.add(new Request(shapes[i], courses[i]));
      }
    }

    /** Returns whether a request has a step to do now. */
    boolean canStep(Request request) {
      return switch (request.stand) {
        case NEW -> true;
        case WAITING -> request.course == Course.GIVES_UP || claims.woken.contains(request.claim);
        case HOLDING -> request.course != Course.QUARANTINED || !anyIsActive();
        case HOLDING_AGAIN -> true;
        case OVER -> false;
      };
    }

    /** Ignores quarantined requests. */
    private boolean anyIsActive() {
      for (Request request : requests) {
        if (request.course != Course.QUARANTINED && canStep(request)) {
          return true;
        }
      }
      return false;
    }

    /** Returns the mistake; null if there is none. */
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

    /** Returns whether no earlier request is in its way. */
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
      return claims.hasWaiting() ? "a request waits" : null;
    }
  }

  private long orders;

  /** Runs every order, and returns the mistake of the first order that has one. */
  private String explore(Supplier<ModelledClaims> claims, ClaimShape[] shapes, Course[] courses) {
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

  private String exploreAll(Supplier<ModelledClaims> claims) {
    ClaimShape[] shapes = ClaimShape.values();
    Course[] courses = Course.values();
    int kinds = shapes.length * courses.length;
    // All orders of each three: so it does not matter which one is the first.
    for (int a = 0; a < kinds; a++) {
      for (int b = a; b < kinds; b++) {
        for (int c = b; c < kinds; c++) {
          int[] all = {a, b, c};
          ClaimShape[] three = new ClaimShape[3];
          Course[] their = new Course[3];
          for (int i = 0; i < 3; i++) {
            three[i] = shapes[all[i] % shapes.length];
            their[i] = courses[all[i] / shapes.length];
          }
          if (!ALL && Arrays.asList(three).contains(ClaimShape.OTHER_DIRECT)) {
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
    assertNull(exploreAll(ModelledClaims::new));
    System.out.println("model check: page claims: " + orders + " orders");
    assertTrue(orders > 100_000, "" + orders);
  }

  /** The test finds each of them. */
  @Test
  void seededDefects() {
    List<Supplier<ModelledClaims>> defective =
        List.of(
            ModelledClaims.Overtaking::new,
            ModelledClaims.Silent::new,
            ModelledClaims.Leaking::new,
            ModelledClaims.OneByOne::new,
            ModelledClaims.Careless::new);
    for (Supplier<ModelledClaims> defect : defective) {
      String wrong = exploreAll(defect);
      String name = defect.get().getClass().getSimpleName();
      System.out.println("model check: page claims: " + name + ": " + wrong);
      assertNotNull(wrong, name);
    }
  }

  /** Other threads claim, or release, while a cached claim takes the unhindered ones over. */
  private static final class Meeting extends DirectClaims {
    private final Runnable other;
    private final int place;
    private final boolean forgets;
    private int emptied;

    /**
     * Makes unhindered claims.
     *
     * @param place after how many lists the other thread comes
     * @param forgets defect: does not take over claims that were made unhindered
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
    PageClaim held = ClaimShape.DIRECT.claim();
    PageClaim late = ClaimShape.DIRECT.claim();
    PageClaim cached = ClaimShape.CACHED.claim();
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
    Thread first = new Thread(() -> all.claim(held)); // Mostly with its own list.
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
    PageClaim opening = ClaimShape.DIRECT.claim(); // The next one behind them opens the gate.
    if (!all.claim(opening)) {
      return "not granted: " + opening;
    }
    all.release(opening);
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
  void eachShapeExcludesByTheTable() {
    for (ClaimShape one : ClaimShape.values()) {
      for (ClaimShape other : ClaimShape.values()) {
        assertEquals(
            one.excludes(other), one.claim().excludes(other.claim()), one + " and " + other);
      }
    }
  }
}
