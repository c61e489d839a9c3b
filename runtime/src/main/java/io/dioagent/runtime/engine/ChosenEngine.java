package io.dioagent.runtime.engine;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The engine that was asked for, or the first that works. It is chosen by making the first context,
 * and does not change afterwards. As long as none works, each request for a context tries again.
 * Before the choice, {@link #probe} finds the expected engine.
 */
public final class ChosenEngine implements AioEngine {
  private final List<EngineKind> candidates;
  private final AtomicReference<Choice> choice = new AtomicReference<>();
  private volatile Choice expected;

  /**
   * The choice.
   *
   * @param whyNotFirst why it is not the first candidate; null if it is
   */
  private record Choice(AioEngine engine, EngineKind kind, String whyNotFirst) {}

  /** Makes an engine that will be one of these; nothing is tried before {@link #open}. */
  public ChosenEngine(EngineKind asked) {
    candidates =
        asked == EngineKind.AUTO ? List.of(EngineKind.AIO, EngineKind.PWRITE) : List.of(asked);
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    Choice known = choice.get();
    return known == null ? choose(depth) : known.engine().open(depth);
  }

  @Override
  public void probe(int depth) throws AioUnavailableException {
    AioUnavailableException whyNotFirst = null;
    for (EngineKind kind : candidates) {
      try {
        AioEngine engine = make(kind);
        engine.probe(depth);
        expected = new Choice(engine, kind, messageOf(whyNotFirst));
        return;
      } catch (AioUnavailableException e) {
        whyNotFirst = whyNotFirst == null ? e : whyNotFirst;
      }
    }
    throw whyNotFirst;
  }

  private AioContext choose(int depth) throws AioUnavailableException {
    AioUnavailableException whyNotFirst = null;
    for (EngineKind kind : candidates) {
      try {
        AioEngine engine = make(kind);
        engine.probe(depth); // One system call makes a context, and other calls use it.
        AioContext context = engine.open(depth);
        // If another thread chose first, this context is as good as one of that engine.
        boolean unused =
            choice.compareAndSet(null, new Choice(engine, kind, messageOf(whyNotFirst)));
        return context;
      } catch (AioUnavailableException e) {
        whyNotFirst = whyNotFirst == null ? e : whyNotFirst;
      }
    }
    throw whyNotFirst;
  }

  private static String messageOf(AioUnavailableException why) {
    return why == null ? null : why.getMessage();
  }

  private Choice known() {
    Choice made = choice.get();
    return made == null ? expected : made;
  }

  private static AioEngine make(EngineKind kind) {
    return switch (kind) {
      case AUTO -> throw new IllegalArgumentException("kind is AUTO, expected one engine");
      case AIO -> new KernelAio();
      case IO_URING -> new KernelUring();
      case PWRITE -> new PwriteEngine();
    };
  }

  /** Returns the name of the chosen engine, as in the option; "none" while none has worked. */
  public String chosen() {
    Choice known = known();
    return known == null ? "none" : known.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Returns in one line why the first engine was not chosen; null if it was. */
  public String whyNotFirst() {
    Choice known = known();
    return known == null ? null : known.whyNotFirst();
  }

  /** Returns the engine and the reason, such as "engine pwrite: io_setup(32) says ENOSYS: ...". */
  @Override
  public String toString() {
    return "engine " + chosen() + (whyNotFirst() == null ? "" : ": " + whyNotFirst());
  }
}
