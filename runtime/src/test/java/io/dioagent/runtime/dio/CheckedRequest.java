package io.dioagent.runtime.dio;

import io.dioagent.runtime.dio.Scenario.Fate;
import io.dioagent.runtime.dio.Scenario.Other;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * One request going through one schedule of a scenario, and the rules it is held to. It is the
 * policy's lock and its ending, and both are scheduling points.
 *
 * <p>Beside the policy it keeps books of its own: each call counts as of its first section under
 * the lock, and from that it follows who drops last and what the result has to be.
 */
final class CheckedRequest implements Explorer.Play, Lock, Dio.Ending {
  private static final int NOBODY = -1;
  private static final int SUBMITTER = 0;

  private final Explorer explorer;
  private final Scenario scenario;
  private final CompletionPolicy policy;
  private final int ioCount;
  private final int expirer;
  private final int canceller;
  private final int actorCount;

  // Where each actor is.
  private int running = NOBODY;
  private final Call[] calls = new Call[Explorer.MAX_ACTORS];
  private final boolean[] fresh = new boolean[Explorer.MAX_ACTORS];
  private final boolean[] dropped = new boolean[Explorer.MAX_ACTORS];
  private int lockHolder = NOBODY;

  // The books.
  private int count = 1;
  private int accepted;
  private long transferred;
  private int firstIoErrno;
  private int firstPendingErrno;
  private int lastDropper = NOBODY;
  private boolean released;
  private boolean returned;
  private boolean lateEnded;

  // What the policy did.
  private int publications;
  private int drains;
  private int returns;
  private int releases;
  private boolean over;
  private final List<String> violations = new ArrayList<>();

  /** One call to the policy. */
  private static final class Call {
    final String name;
    final long value;
    boolean counted;
    boolean answer;

    Call(String name, long value) {
      this.name = name;
      this.value = value;
    }

    boolean isMutating() {
      return !name.equals("expire") && !name.equals("cancel") && !name.equals("result");
    }

    boolean drops() {
      return name.equals("ended") || name.equals("submitted");
    }

    @Override
    public String toString() {
      return name.equals("ended") || name.equals("pending") || name.equals("buffered")
          ? name + "(" + value + ")"
          : name;
    }
  }

  CheckedRequest(Explorer explorer, Scenario scenario, CompletionPolicy.Maker maker) {
    this.explorer = explorer;
    this.scenario = scenario;
    ioCount = scenario.ios().size() + (scenario.has(Other.LAUNDER) ? 1 : 0);
    int next = ioCount + 1;
    expirer = scenario.has(Other.EXPIRE) ? next++ : NOBODY;
    canceller = scenario.has(Other.CANCEL) ? next++ : NOBODY;
    actorCount = next;
    policy = maker.make(this, this, this::touched);
  }

  /** What rules were broken, in that order. */
  List<String> violations() {
    return violations;
  }

  /** How it ended, for the statistics. */
  String ending() {
    if (publications > 0) {
      return "published";
    }
    return returns > 0 ? "returned" : lateEnded ? "released, late completion" : "released";
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
      call(SUBMITTER, new Call("again", transferred), () -> policy.again(transferred));
      if (goOn) {
        queue(plain);
      }
    }
    for (int i = 0; i < scenario.pendingErrors(); i++) {
      int errno = Scenario.pendingErrno(i);
      call(SUBMITTER, new Call("pending", errno), () -> policy.pending(errno));
    }
    if (scenario.has(Other.SUBMITTER_EXPIRES)) {
      release(SUBMITTER, "expire");
    }
    drop(handled);
  }

  private boolean queue(int io) {
    boolean[] taken = new boolean[1];
    Call queued = new Call("queued", 0);
    call(SUBMITTER, queued, () -> taken[0] = policy.queued());
    if (taken[0] != queued.answer) {
      violated("queued() answered " + taken[0] + ", expected " + queued.answer);
    }
    if (!taken[0]) {
      return false;
    }
    Fate fate = io < scenario.ios().size() ? scenario.ios().get(io) : Fate.OK;
    if (fate == Fate.REFUSED || fate == Fate.BUFFERED) {
      call(SUBMITTER, new Call("refused", 0), policy::refused);
      if (fate == Fate.BUFFERED) {
        long bytes = Scenario.IO_BYTES;
        call(SUBMITTER, new Call("buffered", bytes), () -> policy.buffered(bytes));
      }
    } else {
      explorer.enable(io + 1);
    }
    return true;
  }

  private void drop(long handled) {
    boolean[] answer = new boolean[1];
    Call submitted = new Call("submitted", 0);
    call(SUBMITTER, submitted, () -> answer[0] = policy.submitted(handled));
    if (answer[0] != submitted.answer) {
      violated("submitted() answered " + answer[0] + ", expected " + submitted.answer);
    }
    if (!answer[0]) {
      returns++;
      long[] result = new long[1];
      call(SUBMITTER, new Call("result", 0), () -> result[0] = policy.result());
      checkResult("returned", result[0]);
    }
  }

  private void complete(int actor, long result) {
    call(actor, new Call("ended", result), () -> policy.ended(result));
  }

  private void release(int actor, String name) {
    boolean[] answer = new boolean[1];
    Call call = new Call(name, 0);
    call(actor, call, () -> answer[0] = name.equals("expire") ? policy.expire() : policy.cancel());
    if (answer[0] != call.answer) {
      violated(name + "() answered " + answer[0] + ", expected " + call.answer);
    }
    releases += answer[0] ? 1 : 0;
  }

  private void call(int actor, Call call, Runnable body) {
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
    Call call = calls[running];
    step(call.counted ? call + ", once more under the lock" : call.toString());
    int actor = running;
    checkTouch(actor);
    if (lockHolder != NOBODY) {
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
    lockHolder = NOBODY;
    Call call = calls[actor];
    if (!call.counted) {
      call.counted = true;
      book(actor, call);
    }
    if (scenario.edges()) {
      step("after " + call);
    }
  }

  /** A policy that touches the request without its lock says so, and may be overtaken there. */
  private void touched() {
    step(calls[running] + " without the lock");
    checkTouch(running);
  }

  /** A scheduling point, but for the first step of an actor: it was chosen for that. */
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
    Call call = calls[actor];
    if (isGone() && call.isMutating() && actor != lastDropper) {
      violated(nameOf(actor) + " touched the request in " + call + " after it had ended");
    }
    if (dropped[actor] && actor != lastDropper && !(actor == SUBMITTER && returned)) {
      violated(nameOf(actor) + " touched the request in " + call + " after its own drop");
    }
  }

  private boolean isGone() {
    return publications + drains + returns > 0;
  }

  // The books.

  private void book(int actor, Call call) {
    switch (call.name) {
      case "queued" -> {
        call.answer = !released;
        count += released ? 0 : 1;
        accepted += released ? 0 : 1;
      }
      case "refused" -> {
        count--;
        accepted--;
      }
      case "ended" -> {
        if (call.value < 0) {
          firstIoErrno = firstIoErrno == 0 ? (int) -call.value : firstIoErrno;
        } else {
          transferred += call.value;
        }
        lateEnded |= released;
        count--;
      }
      case "buffered" -> transferred += call.value;
      case "again" -> transferred -= call.value;
      case "pending" ->
          firstPendingErrno = firstPendingErrno == 0 ? (int) call.value : firstPendingErrno;
      case "submitted" -> {
        count--;
        returned = accepted == 0 && !released;
        call.answer = !returned;
      }
      case "expire", "cancel" -> {
        call.answer = count > 0 && !released;
        released |= call.answer;
      }
      default -> {}
    }
    if (call.drops()) {
      dropped[actor] = true;
      lastDropper = count == 0 && !returned ? actor : lastDropper;
    }
  }

  private long expectedResult() {
    if (firstPendingErrno != 0) {
      return -firstPendingErrno;
    }
    return firstIoErrno != 0 ? -firstIoErrno : transferred;
  }

  private void checkResult(String what, long result) {
    if (result != expectedResult()) {
      violated(what + " " + result + ", expected " + expectedResult());
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
    if (lockHolder != NOBODY) {
      violated(what + " under the lock");
    }
    step(what + "(" + result + ")");
    int actor = running;
    if (isGone()) {
      violated(what + " by " + nameOf(actor) + " after it had ended");
    } else if (count > 0) {
      violated(what + " by " + nameOf(actor) + " while " + count + " counts are held");
    } else if (actor != lastDropper) {
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
        returned ? Dio.State.RETURNED : released ? Dio.State.DRAINED : Dio.State.ENDED;
    if (policy.state() != expected) {
      violated("state is " + policy.state() + ", expected " + expected);
    }
    if (policy.transferredBytes() != transferred) {
      violated("transferred " + policy.transferredBytes() + ", expected " + transferred);
    }
    long handled = scenario.ios().size() * Scenario.IO_BYTES;
    if (!released && policy.handledBytes() != handled) {
      violated("handled " + policy.handledBytes() + ", expected " + handled);
    }
  }

  /** For a printed schedule. */
  String nameOf(int actor) {
    if (actor == SUBMITTER) {
      return "submitter";
    }
    if (actor == expirer) {
      return "deadline";
    }
    return actor == canceller ? "canceller" : "I/O " + actor;
  }

  // What a Dio does not use.

  @Override
  public void lockInterruptibly() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean tryLock() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException();
  }
}
