package io.dioagent.agent.host;

import java.nio.channels.CompletionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;

/**
 * A handler that a policy grants everything, if it comes from a separate place. So its rights are
 * those of its callers.
 */
public final class TrustedHandler implements CompletionHandler<Integer, BlockingQueue<Object>> {
  /** For reflection. */
  public TrustedHandler() {}

  @Override
  public void completed(Integer result, BlockingQueue<Object> results) {
    results.add(result + " bytes, then " + outside());
  }

  @Override
  public void failed(Throwable failure, BlockingQueue<Object> results) {
    results.add(failure);
  }

  private static String outside() {
    try {
      return "reads " + Files.readAllBytes(Path.of("/etc/hostname")).length;
    } catch (SecurityException e) {
      return "may not read";
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
