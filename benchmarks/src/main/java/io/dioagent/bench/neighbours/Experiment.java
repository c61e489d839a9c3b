package io.dioagent.bench.neighbours;

import io.dioagent.bench.Bench;
import io.dioagent.bench.Unit;
import io.dioagent.bench.io.Commands;
import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.JavaFork;
import io.dioagent.bench.io.PageCache;
import io.dioagent.bench.io.Scratch;
import io.dioagent.bench.neighbours.Signals.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Takes samples of the reader beside a neighbour. */
final class Experiment implements AutoCloseable {
  private static final String REFAULTS = "workingset_refault_file";

  /** A small heap, because the memory of a JVM counts as well as the page cache. */
  private static final String HEAP = "-Xmx64m -XX:+UseSerialGC";

  private final Bench bench;
  private final MemoryGroup.Hierarchy hierarchy;
  private final Shape shape;
  private final Path readerFile;
  private final Path index;

  /** A separate directory for the neighbour's output. */
  private final Scratch neighbourScratch;

  private final Commands neighbourCommands;
  private final ExecutorService processes = Executors.newFixedThreadPool(2);

  Experiment(Bench bench, MemoryGroup.Hierarchy hierarchy, Shape shape) throws IOException {
    this.bench = bench;
    this.hierarchy = hierarchy;
    this.shape = shape;
    readerFile = bench.scratch().file("read");
    DirectFiles.create(readerFile, shape.readerFileBytes());
    index = bench.scratch().file("index");
    MergeNeighbour.build(index, shape.indexBytes());
    neighbourScratch = Scratch.in(bench.scratch().directory());
    neighbourCommands = new Commands(neighbourScratch);
  }

  Sample sample(Variant variant) throws IOException, InterruptedException {
    PageCache.evict(readerFile);
    try (var files = Files.newDirectoryStream(index)) {
      for (Path file : files) {
        PageCache.evict(file);
      }
    }
    try (Scratch run = Scratch.in(bench.scratch().directory());
        MemoryGroup group =
            MemoryGroup.create(
                hierarchy, run.directory().getFileName().toString(), shape.groupBytes())) {
      return sample(variant, run.directory(), group);
    }
  }

  private Sample sample(Variant variant, Path directory, MemoryGroup group)
      throws IOException, InterruptedException {
    Signals signals = new Signals(directory);
    Path java = javaInGroup(directory, group);
    JavaFork fork = new JavaFork(bench.commands(), java, bench.classPath(), Optional.empty());
    Future<Map<String, Double>> reader =
        processes.submit(
            () ->
                fork.run(
                    ReaderWorker.class,
                    ReaderWorker.arguments(
                        readerFile,
                        shape.readsPerSecond(),
                        shape.warmUp(),
                        shape.measured(),
                        signals)));
    Future<Map<String, Double>> neighbour = CompletableFuture.completedFuture(Map.of());
    try {
      if (!signals.await(Signal.WARM, reader)) {
        throw new IOException("the reader ended before it was warm: " + answers(reader));
      }
      if (variant.neighbour() == Variant.Neighbour.NONE) {
        signals.set(Signal.BUSY);
      } else {
        neighbour = startNeighbour(variant, java, directory, signals);
        if (!signals.await(Signal.BUSY, neighbour)) {
          throw new IOException("the neighbour ended before it was busy: " + answers(neighbour));
        }
      }
      long refaults = group.statistic(REFAULTS);
      double resident = residentUntilDone(signals, reader);
      refaults = group.statistic(REFAULTS) - refaults;
      return sample(answers(reader), answers(neighbour), resident, refaults);
    } finally {
      reader.cancel(true);
      neighbour.cancel(true);
    }
  }

  private Future<Map<String, Double>> startNeighbour(
      Variant variant, Path java, Path directory, Signals signals) throws IOException {
    Path work = Files.createDirectory(directory.resolve("work"));
    Optional<String> agent =
        variant.agentOptions().map(options -> bench.agentArgument(work + "/**") + options);
    JavaFork fork = new JavaFork(neighbourCommands, java, bench.classPath(), agent);
    return processes.submit(
        () ->
            variant.neighbour() == Variant.Neighbour.STREAM
                ? fork.run(
                    StreamNeighbour.class,
                    StreamNeighbour.arguments(
                        work.resolve("stream"),
                        shape.streamBytesPerSecond(),
                        shape.lead(),
                        signals))
                : fork.run(
                    MergeNeighbour.class,
                    MergeNeighbour.arguments(index, work, shape.lead(), signals)));
  }

  /** Returns the average share of the reader's file in the page cache, sampled repeatedly. */
  private double residentUntilDone(Signals signals, Future<?> reader)
      throws IOException, InterruptedException {
    List<Double> percents = new ArrayList<>();
    do {
      TimeUnit.MILLISECONDS.sleep(250);
      percents.add(PageCache.residentPercent(readerFile));
    } while (!signals.isSet(Signal.DONE) && !reader.isDone());
    return percents.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static Sample sample(
      Map<String, Double> reader, Map<String, Double> neighbour, double resident, long refaults) {
    double reads = reader.get(ReaderWorker.READS);
    return new Sample(
        ReaderWorker.PERCENTILES.stream()
            .map(percentile -> reader.get(ReaderWorker.percentile(percentile)) / 1e3)
            .toList(),
        reader.get(ReaderWorker.READS_PER_SECOND),
        100 * (1 - reader.get(ReaderWorker.WAITS) / reads),
        100 * reader.get(ReaderWorker.SLOW_READS) / reads,
        resident,
        refaults,
        neighbour.getOrDefault(StreamNeighbour.BYTES_PER_SECOND, 0.0) / Unit.BYTES_PER_MEGABYTE);
  }

  /** Makes a java command with processes in the group from their start. */
  private Path javaInGroup(Path directory, MemoryGroup group) throws IOException {
    Path script = directory.resolve("java");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo $$ > '%s' && exec '%s' %s "$@"
        """
            .formatted(group.processes(), bench.java(), HEAP),
        StandardCharsets.UTF_8);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static Map<String, Double> answers(Future<Map<String, Double>> process)
      throws IOException, InterruptedException {
    try {
      return process.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    processes.shutdownNow();
    neighbourScratch.close();
  }
}
