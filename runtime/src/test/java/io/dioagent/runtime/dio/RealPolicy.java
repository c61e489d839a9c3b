package io.dioagent.runtime.dio;

/** The policy of {@link Dio} itself. */
record RealPolicy(Dio dio) implements CompletionPolicy {
  @Override
  public boolean queued() {
    return dio.queued();
  }

  @Override
  public void refused() {
    dio.refused();
  }

  @Override
  public void ended(long result) {
    dio.ended(result);
  }

  @Override
  public void buffered(long bytes) {
    dio.buffered(bytes);
  }

  @Override
  public void again(long bytes) {
    dio.again(bytes);
  }

  @Override
  public void pending(int errno) {
    dio.pending(errno);
  }

  @Override
  public boolean submitted(long handled) {
    return dio.submitted(handled);
  }

  @Override
  public boolean expire() {
    return dio.expire();
  }

  @Override
  public boolean cancel() {
    return dio.cancel();
  }

  @Override
  public long result() {
    return dio.result();
  }

  @Override
  public Dio.State state() {
    return dio.state();
  }

  @Override
  public long handledBytes() {
    return dio.handledBytes();
  }

  @Override
  public long transferredBytes() {
    return dio.transferredBytes();
  }
}
