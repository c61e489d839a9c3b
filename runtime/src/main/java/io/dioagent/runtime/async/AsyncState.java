package io.dioagent.runtime.async;

/**
 * States of an {@link AsyncWrite}.
 *
 * <pre>
 * state      what happens, by which thread                                   next
 * WAITING    {@link AsyncWrite#beginOnLane}, by the thread that submits: whole blocks  RUNNING, on the lane
 *            within the file, with memory, slots and its pages
 *            the same, and its bytes cannot be read, or the file is closed   OVER with that error
 *            {@link ThreadParts#restToThread}, by the thread that submits:   WAITING, for a thread
 *            it cannot go on the lane
 *            {@link ThreadParts#run}, by a thread of the file: something is  RUNNING, on that thread
 *            left for it to write
 *            {@link ThreadParts#run}, with nothing to write: opens the       WAITING, for the lane
 *            direct descriptor
 *            {@link ThreadParts#run}, after a segment of which the page      RUNNING, on that thread
 *            cache may have kept pages: looked at while it is WAITING
 *            {@link AsyncWrite#endIfWaiting}, by the thread that submits: it failed    OVER with that error
 *            {@link AsyncWrite#giveUp}, by the caller: it could not be queued          RUNNING, and dropped:
 *                                                                            the call throws
 *            {@link AsyncExpiry#expire}, by the watchdog: its deadline is    OVER with ETIMEDOUT
 *            spent, and the policy is FAIL
 *            the same, and the policy is REPORT                              WAITING, reported lost
 * RUNNING    {@link AsyncWrite#laneEnded}, by the thread that drops the last count of  OVER; WAITING if
 *            its {@link LaneWrite}: submitter or reaper                      something is left
 *            {@link AsyncWrite#laneLost}, by the watchdog: its deadline is spent, the  OVER with ETIMEDOUT;
 *            reaper has looked at the lane since, the policy is FAIL, and    its I/Os drain later
 *            {@link LaneWrite#expire} came first
 *            the thread that has it is through, or fails                     OVER; WAITING for the
 *                                                                            lane if more is left
 * OVER       {@link Delivery}, by the reaper, or a thread in its place:      OVER; once more if the
 *            the handler is called                                              handler lacked memory
 *            any other end                                                   IllegalStateException
 * </pre>
 *
 * <p>Every way out of WAITING is {@link AsyncWrite#begin}, and every way to OVER is {@link
 * AsyncWrite#end}, each one step under its monitor: the first one wins. A long write is several
 * segments, one after the other, and so is WAITING between them. On a thread it is a synchronous
 * write, which looks at the deadline itself: the watchdog leaves it alone. Of a lane write that
 * counts as lost, memory, pages and descriptors stay in use until its last I/O has ended ({@link
 * LaneWrite#drained}).
 */
enum AsyncState {
  WAITING,
  RUNNING,
  OVER
}
