package io.dioagent.runtime.dio;

import io.dioagent.runtime.dio.Scenario.Fate;
import io.dioagent.runtime.dio.Scenario.Other;
import java.util.ArrayList;
import java.util.List;

/**
 * One request in one schedule of a scenario, and the rules that it must keep. The class is the
 * policy's lock and its ending, and both are scheduling points.
 *
 * <p>It keeps its own accounts beside the policy: each call counts as of its first section under
 * the lock. They determine which actor drops last and the right result.
 */
final class CheckedRequest extends UnwaitingLock implements Explorer.Play, Dio.Ending {
  static final int NO_ACTOR = -1;
  private static final int SUBMITTER = 0;

  private final Explorer explorer;
  private final Scenario scenario;
  private final CompletionPolicy policy;
  private final int ioCount;
  private final int expirer;
  private final int canceller;
  private final int actorCount;

  // The position of each actor.
  private int running = NO_ACTOR;
  private final PolicyCall[] calls = new PolicyCall[Explorer.MAX_ACTORS];
  private final boolean[] fresh = new boolean[Explorer.MAX_ACTORS];
  private int lockHolder = NO_ACTOR;

  private final Accounts accounts = new Accounts();

  // The actions of the policy.
  private int publications;
  private int drains;
  private int returns;
  private int releases;
  private boolean over;
  private final List<String> violations = new ArrayList<>();

  CheckedRequest(Explorer explorer, Scenario scenario, CompletionPolicy.Maker maker) {
    this.explorer = explorer;
    this.scenario = scenario;
    ioCount = scenario.ios().size() + (scenario.has(Other.LAUNDER) ? 1 : 0);
    int next = ioCount + 1;
    expirer = scenario.has(Other.EXPIRE) ? next++ : NO_ACTOR;
    canceller = scenario.has(Other.CANCEL) ? next++ : NO_ACTOR;
    actorCount = next;
    policy = maker.make(this, this, this::touched);
  }

  /** Returns the broken rules, in their order. */
  List<String> violations() {
    return violations;
  }

  /** Returns the ending, for the statistics. */
  String ending() {
    if (publications > 0) {
      return "published";
    }
    return returns > 0
        ? "returned"
        : accounts.hasEndedLate() ? "released, late completion" : "released";
  }

  private void violated(String what) {
    if (!violations.contains(what)) {
      violations.add(what);
    }
  }

  // The actors.

  @Override
  public int actors() {
    return actorCount;
  }

  @Override
  public boolean isReady(int actor) {
    return actor == SUBMITTER || actor > ioCount;
  }

  @Override
  public void act(int actor) {
    fresh[actor] = true;
    if (actor == SUBMITTER) {
      submit();
    } else if (actor == expirer) {
      release(actor, "expire");
    } else if (actor == canceller) {
      release(actor, "cancel");
    } else {
      complete(actor, scenario.resultOf(actor - 1));
    }
  }

  @Override
  public void threw(int actor, RuntimeException e) {
    violated(nameOf(actor) + " threw " + e);
  }

  private void submit() {
    boolean goOn = true;
    long handled = 0;
    int plain = scenario.ios().size();
    for (int io = 0; io < plain && goOn; io++) {
      goOn = queue(io);
      handled += goOn ? Scenario.IO_BYTES : 0;
    }
    if (scenario.has(Other.LAUNDER)) {
      for (int io = 0; io < plain; io++) {
        explorer.waitFor(SUBMITTER, io + 1);
      }
      call(
          SUBMITTER,
          new PolicyCall("again", accounts.transferred()),
          () -> policy.again(accounts.transferred()));
      if (goOn) {
        queue(plain);
      }
    }
    for (int i = 0; i < scenario.pendingErrors(); i++) {
      int errno = Scenario.pendingErrno(i);
      call(SUBMITTER, new PolicyCall("pending", errno), () -> policy.pending(errno));
    }
    if (scenario.has(Other.SUBMITTER_EXPIRES)) {
      release(SUBMITTER, "expire");
    }
    drop(handled);
  }

  private boolean queue(int io) {
    boolean[] taken = new boolean[1];
    PolicyCall queued = new PolicyCall("queued", 0);
    call(SUBMITTER, queued, () -> taken[0] = policy.queued());
    if (taken[0] != queued.answer) {
      violated("queued() answered " + taken[0] + ", expected " + queued.answer);
    }
    if (!taken[0]) {
      return false;
    }
    Fate fate = io < scenario.ios().size() ? scenario.ios().get(io) : Fate.OK;
    if (fate == Fate.REFUSED || fate == Fate.BUFFERED) {
      call(SUBMITTER, new PolicyCall("refused", 0), policy::refused);
      if (fate == Fate.BUFFERED) {
        long bytes = Scenario.IO_BYTES;
        call(SUBMITTER, new PolicyCall("buffered", bytes), () -> policy.buffered(bytes));
      }
    } else {
      explorer.enable(io + 1);
    }
    return true;
  }

  private void drop(long handled) {
    boolean[] answer = new boolean[1];
    PolicyCall submitted = new PolicyCall("submitted", 0);
    call(SUBMITTER, submitted, () -> answer[0] = policy.submitted(handled));
    if (answer[0] != submitted.answer) {
      violated("submitted() answered " + answer[0] + ", expected " + submitted.answer);
    }
    if (!answer[0]) {
      returns++;
      long[] result = new long[1];
      call(SUBMITTER, new PolicyCall("result", 0), () -> result[0] = policy.result());
      checkResult("returned", result[0]);
    }
  }

  private void complete(int actor, long result) {
    call(actor, new PolicyCall("ended", result), () -> policy.ended(result));
  }

  private void release(int actor, String name) {
    boolean[] answer = new boolean[1];
    PolicyCall call = new PolicyCall(name, 0);
    call(actor, call, () -> answer[0] = name.equals("expire") ? policy.expire() : policy.cancel());
    if (answer[0] != call.answer) {
      violated(name + "() answered " + answer[0] + ", expected " + call.answer);
    }
    releases += answer[0] ? 1 : 0;
  }

  private void call(int actor, PolicyCall call, Runnable body) {
    calls[actor] = call;
    running = actor;
    body.run();
    calls[actor] = null;
    if (!call.counted) {
      violated(nameOf(actor) + " called " + call + " without taking the lock");
    }
  }

  // The lock.

  @Override
  public void lock() {
    if (over) {
      return;
    }
    PolicyCall call = calls[running];
    step(call.counted ? call + ", once more under the lock" : call.toString());
    int actor = running;
    checkTouch(actor);
    if (lockHolder != NO_ACTOR) {
      violated(nameOf(actor) + " took the lock that " + nameOf(lockHolder) + " holds");
    }
    lockHolder = actor;
  }

  @Override
  public void unlock() {
    if (over) {
      return;
    }
    int actor = running;
    if (lockHolder != actor) {
      violated(nameOf(actor) + " released a lock that it does not hold");
    }
    lockHolder = NO_ACTOR;
    PolicyCall call = calls[actor];
    if (!call.counted) {
      call.counted = true;
      accounts.book(actor, call);
    }
    if (scenario.edges()) {
      step("after " + call);
    }
  }

  /** A policy that touches the request without its lock marks it, and may be overtaken there. */
  private void touched() {
    step(calls[running] + " without the lock");
    checkTouch(running);
  }

  /**
   * A scheduling point, except for the first step of an actor: the actor was chosen for that step.
   */
  private void step(String name) {
    int actor = running;
    if (fresh[actor]) {
      fresh[actor] = false;
      explorer.started(actor, name);
    } else {
      explorer.point(actor, name);
    }
    running = actor;
  }

  private void checkTouch(int actor) {
    PolicyCall call = calls[actor];
    if (isGone() && call.isMutating() && actor != accounts.lastDropper()) {
      violated(nameOf(actor) + " touched the request in " + call + " after it had ended");
    }
    if (accounts.hasDropped(actor)
        && actor != accounts.lastDropper()
        && !(actor == SUBMITTER && accounts.isReturned())) {
      violated(nameOf(actor) + " touched the request in " + call + " after its own drop");
    }
  }

  private boolean isGone() {
    return publications + drains + returns > 0;
  }

  private void checkResult(String what, long result) {
    if (result != accounts.expectedResult()) {
      violated(what + " " + result + ", expected " + accounts.expectedResult());
    }
  }

  // The ending.

  @Override
  public void published(long result) {
    end("published", result);
    publications++;
    checkResult("published", result);
  }

  @Override
  public void drained(long result) {
    end("drained", result);
    drains++;
    checkResult("drained with", result);
  }

  private void end(String what, long result) {
    if (lockHolder != NO_ACTOR) {
      violated(what + " under the lock");
    }
    step(what + "(" + result + ")");
    int actor = running;
    if (isGone()) {
      violated(what + " by " + nameOf(actor) + " after it had ended");
    } else if (accounts.count() > 0) {
      violated(what + " by " + nameOf(actor) + " while " + accounts.count() + " counts are held");
    } else if (actor != accounts.lastDropper()) {
      violated(what + " by " + nameOf(actor) + ", who did not drop the last count");
    }
  }

  @Override
  public void over() {
    over = true;
    int endings = publications + returns + releases;
    if (endings != 1) {
      violated(
          "ended "
              + endings
              + " times: published "
              + publications
              + ", returned "
              + returns
              + ", released "
              + releases);
    }
    if (drains != releases) {
      violated("released " + releases + " times and drained " + drains + " times");
    }
    Dio.State expected =
        accounts.isReturned()
            ? Dio.State.RETURNED
            : accounts.isReleased() ? Dio.State.DRAINED : Dio.State.ENDED;
    if (policy.state() != expected) {
      violated("state is " + policy.state() + ", expected " + expected);
    }
    if (policy.transferredBytes() != accounts.transferred()) {
      violated("transferred " + policy.transferredBytes() + ", expected " + accounts.transferred());
    }
    long handled = scenario.ios().size() * Scenario.IO_BYTES;
    if (!accounts.isReleased() && policy.handledBytes() != handled) {
      violated("handled " + policy.handledBytes() + ", expected " + handled);
    }
  }

  /** Returns the name for a printed schedule. */
  String nameOf(int actor) {
    if (actor == SUBMITTER) {
      return "submitter";
    }
    if (actor == expirer) {
      return "deadline";
    }
    return actor == canceller ? "canceller" : "I/O " + actor;
  }
}
