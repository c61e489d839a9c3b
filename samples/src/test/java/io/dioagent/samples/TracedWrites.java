package io.dioagent.samples;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process's writes to the files below a directory, as traced by strace(1). Reads the files of
 * {@code strace -ff -y}, one per thread, so that no call is split in two lines. Immutable.
 */
final class TracedWrites {
  private static final int PAGE_BYTES = 4096;
  private static final Pattern OPENED = Pattern.compile("open(?:at)?\\(.*\\) = (\\d+)<(.*)>");

  /** Strace prints the beginning of the data as a C string. */
  private static final Pattern SUBMITTED =
      Pattern.compile(
          "IOCB_CMD_PWRITE, aio_fildes=(\\d+)<([^>]*)>, aio_buf=\"(?:[^\"\\\\]|\\\\.)*\"(?:\\.\\.\\.)?"
              + ", aio_nbytes=(\\d+), aio_offset=(\\d+)");

  private static final Pattern ELSEWHERE =
      Pattern.compile("(p?writev?2?(?:64)?)\\((\\d+)<([^>]*)>, (.*)\\) += (-?\\d+).*");
  private static final Pattern PWRITE_OFFSET = Pattern.compile(".*, \\d+, (\\d+)");
  private static final Pattern PWRITEV_OFFSET =
      Pattern.compile(".*\\], \\d+, (\\d+)(?:, [^\\]]*)?");

  private final String directory;
  private final Set<String> directDescriptors = new HashSet<>();
  private final List<String> submissions = new ArrayList<>();
  private final List<String> misaligned = new ArrayList<>();
  private final List<String> wholePagesElsewhere = new ArrayList<>();
  private long submittedBytes;
  private long elsewhereBytes;

  private TracedWrites(Path directory) {
    this.directory = directory + "/";
  }

  /**
   * Reads strace's files.
   *
   * @param logs the directory of the files
   * @param directory the real path; files elsewhere do not count
   */
  static TracedWrites read(Path logs, Path directory) throws IOException {
    TracedWrites writes = new TracedWrites(directory);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logs)) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          writes.add(line);
        }
      }
    }
    return writes;
  }

  private void add(String line) {
    Matcher opened = OPENED.matcher(line);
    if (opened.matches() && opened.group(2).startsWith(directory) && line.contains("O_DIRECT")) {
      directDescriptors.add(opened.group(1) + " " + opened.group(2));
    }
    if (line.startsWith("io_submit(")) {
      addSubmission(line);
    }
    Matcher elsewhere = ELSEWHERE.matcher(line);
    if (elsewhere.matches() && elsewhere.group(3).startsWith(directory)) {
      addElsewhere(line, elsewhere);
    }
  }

  private void addSubmission(String line) {
    Matcher submitted = SUBMITTED.matcher(line);
    while (submitted.find()) {
      if (!submitted.group(2).startsWith(directory)) {
        continue;
      }
      submissions.add(submitted.group(1) + " " + submitted.group(2));
      long lengthBytes = Long.parseLong(submitted.group(3));
      submittedBytes += lengthBytes;
      if (lengthBytes % PAGE_BYTES != 0 || Long.parseLong(submitted.group(4)) % PAGE_BYTES != 0) {
        misaligned.add(line);
      }
    }
  }

  private void addElsewhere(String line, Matcher call) {
    long written = Long.parseLong(call.group(5));
    if (written <= 0) {
      return;
    }
    elsewhereBytes += written;
    Pattern offsets = call.group(1).contains("v") ? PWRITEV_OFFSET : PWRITE_OFFSET;
    Matcher position = offsets.matcher(call.group(4));
    boolean known = call.group(1).startsWith("p") && position.matches();
    long offset = known ? Long.parseLong(position.group(1)) : 0;
    long firstPage = (offset + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (!known || firstPage + PAGE_BYTES <= offset + written) {
      wholePagesElsewhere.add(line);
    }
  }

  /** Returns the bytes submitted with io_submit(2); a second try counts again. */
  long submittedBytes() {
    return submittedBytes;
  }

  /** Returns the bytes written with any other call. */
  long elsewhereBytes() {
    return elsewhereBytes;
  }

  /** Returns calls of io_submit(2) with an offset or length that is not a multiple of a page. */
  List<String> misaligned() {
    return misaligned;
  }

  /** Returns other calls that wrote a whole page, or have no known offset. */
  List<String> wholePagesElsewhere() {
    return wholePagesElsewhere;
  }

  /** Returns submissions on a descriptor that was never opened with O_DIRECT. */
  List<String> submittedOnOtherDescriptors() {
    List<String> others = new ArrayList<>(submissions);
    others.removeAll(directDescriptors);
    return others;
  }

  @Override
  public String toString() {
    return submissions.size()
        + " io_submit of "
        + submittedBytes
        + " bytes on "
        + directDescriptors.size()
        + " O_DIRECT descriptors, elsewhere "
        + elsewhereBytes
        + " bytes";
  }
}
